"""Real pictures, made anew: what was hidden in them is gone, what they show is not."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from bot.documents.reencode import reencode
from bot.domain.proof import SIDE, Fault, FileRefused

GPS = 0x8825
ORIENTATION = 0x0112


def saved(picture: Image.Image, kind: str, **options: Any) -> bytes:
    made = io.BytesIO()
    picture.save(made, kind, **options)
    return made.getvalue()


def photo(width: int = 64, height: int = 48) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), (200, 30, 30))
    picture.paste((30, 30, 200), (width // 2, 0, width, height))
    return picture


def seen(content: bytes) -> Image.Image:
    """What was made of a file."""
    made = reencode(content)
    assert made.mime == "image/jpeg"
    picture = Image.open(io.BytesIO(made.content))
    picture.load()
    assert (picture.format, picture.mode) == ("JPEG", "RGB")
    return picture


def refused(content: bytes) -> Fault:
    with pytest.raises(FileRefused) as caught:
        reencode(content)
    return caught.value.fault


def near(shown: Any, wanted: tuple[int, int, int]) -> bool:
    return all(abs(got - want) < 25 for got, want in zip(shown, wanted, strict=True))


def test_where_and_how_a_photo_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x9286] = "CANARY phone", "CANARY comment"
    exif.get_ifd(GPS)[1], exif.get_ifd(GPS)[2] = "N", (60.0, 23.0, 31.0)
    content = saved(photo(), "JPEG", exif=exif, comment=b"CANARY note", icc_profile=b"CANARY profile")
    assert b"CANARY" in content
    picture = seen(content)
    assert (dict(picture.getexif()), dict(picture.getexif().get_ifd(GPS)), picture.info.get("comment")) == (
        {},
        {},
        None,
    )
    assert not any(word in reencode(content).content for word in (b"CANARY", b"Exif", b"ICC_PROFILE"))


def test_a_photo_is_turned_as_its_camera_noted() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    picture = seen(saved(photo(), "JPEG", exif=exif))
    assert picture.size == (48, 64)
    assert near(picture.getpixel((24, 8)), (200, 30, 30))
    assert near(picture.getpixel((24, 56)), (30, 30, 200))


def test_a_note_that_makes_no_sense_spoils_no_photo() -> None:
    assert seen(saved(photo(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff")).size == (64, 48)


def test_a_large_photo_becomes_as_large_as_a_page_needs() -> None:
    assert seen(saved(photo(4000, 3000), "JPEG", quality=50)).size == (SIDE, 1800)
    assert seen(saved(photo(3000, 5000), "PNG")).size == (1440, SIDE)


def test_what_is_transparent_becomes_paper() -> None:
    clear = Image.new("RGBA", (20, 20), (0, 0, 0, 0))
    clear.paste((200, 30, 30, 255), (0, 0, 10, 20))
    picture = seen(saved(clear, "PNG"))
    assert near(picture.getpixel((2, 10)), (200, 30, 30))
    assert near(picture.getpixel((17, 10)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_every_kind_of_png_becomes_a_photo(mode: str) -> None:
    picture = Image.new("I;16", (20, 20), 65535) if mode == "I;16" else Image.new("L", (20, 20), 255).convert(mode)
    assert near(seen(saved(picture, "PNG")).getpixel((5, 5)), (255, 255, 255))


def test_colours_for_printing_become_a_photo() -> None:
    assert seen(saved(photo().convert("CMYK"), "JPEG")).size == (64, 48)


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_of_what_moves_the_first_picture_is_kept(kind: str) -> None:
    moving = saved(photo(), kind, save_all=True, append_images=[Image.new("RGB", (64, 48), "green")], duration=100)
    assert near(seen(moving).getpixel((8, 24)), (200, 30, 30))


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


@pytest.mark.parametrize(("width", "height"), [(8000, 5001), (12000, 12000), (60000, 60000)])
def test_a_small_file_that_unfolds_into_a_huge_picture_is_refused_unopened(width: int, height: int) -> None:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
    assert refused(bomb) is Fault.HUGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_of_which_the_end_is_missing_is_refused(kind: str) -> None:
    whole = saved(photo(640, 480).effect_spread(40), kind)
    assert refused(whole[: len(whole) // 2]) is Fault.BROKEN
    assert refused(whole[:40]) in {Fault.BROKEN, Fault.KIND}


def test_what_else_a_file_is_at_the_same_time_is_gone() -> None:
    """A picture that is a page or an archive too: only the picture is kept."""
    for tail in (b"<script>alert('CANARY')</script>", b"PK\x03\x04CANARY.zip", b"%PDF-1.7 CANARY"):
        assert b"CANARY" not in reencode(saved(photo(), "JPEG") + tail).content
        assert b"CANARY" not in reencode(saved(photo(), "PNG") + tail).content


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\0", b"just words", b"<html><script></script></html>", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"PK\x03\x04" + bytes(40), b"\x7fELF" + bytes(40), b"MZ" + bytes(60), b"\x00\x00\x00\x18ftypheic" + bytes(40),
        b"\x00\x00\x00\x18ftypmp42" + bytes(40), b"OggS" + bytes(60), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    ],
)  # fmt: skip
def test_anything_else_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refused(content) is Fault.KIND


def test_other_pictures_are_refused_too() -> None:
    assert [refused(saved(photo(), kind)) for kind in ("GIF", "BMP", "TIFF")] == [Fault.KIND] * 3


def test_a_photo_that_is_too_heavy_is_refused() -> None:
    assert refused(saved(photo(), "JPEG") + bytes(20_000_000)) is Fault.HEAVY
