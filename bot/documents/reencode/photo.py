"""A picture made anew: upright, not larger than needed, without a word about where and how it was taken."""

from __future__ import annotations

import io
import struct
import warnings

from PIL import Image, ImageOps

from bot.domain.proof import PIXELS, QUALITY, SIDE, Fault, FileRefused

BROKEN = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, struct.error, OverflowError)
"""What decoders raise when a file is not what it begins like."""


def redraw(content: bytes, mime: str) -> bytes:
    """The first picture of a file as a JPEG. Only the decoder of the recognised kind is ever asked.

    Raises:
        FileRefused: too many pixels, or damaged.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # damaged notes are told on stderr, and do not matter here
            return _redrawn(content, mime.removeprefix("image/").upper())
    except Image.DecompressionBombError:
        raise FileRefused(Fault.HUGE) from None
    except BROKEN:
        raise FileRefused(Fault.BROKEN) from None


def _redrawn(content: bytes, decoder: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=(decoder,)) as opened:
        if opened.width * opened.height > PIXELS:
            raise FileRefused(Fault.HUGE)
        opened.draft("RGB", (SIDE, SIDE))
        opened.load()
        return _saved(_flat(_upright(opened)))


def _saved(picture: Image.Image) -> bytes:
    picture.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    picture.info.clear()
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=QUALITY, optimize=True)
    return made.getvalue()


def _upright(picture: Image.Image) -> Image.Image:
    """Turned as its camera noted; a note that makes no sense is not followed."""
    try:
        return ImageOps.exif_transpose(picture)
    except BROKEN:
        return picture


def _flat(picture: Image.Image) -> Image.Image:
    """In plain colours; what is transparent becomes paper."""
    if picture.mode.startswith("I"):  # sixteen bits of grey
        return picture.convert("I").point(lambda deep: deep * (1 / 256)).convert("L").convert("RGB")
    if picture.has_transparency_data:
        layered = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")
    return picture.convert("RGB")
