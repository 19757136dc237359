"""A file as somebody sent it becomes one that we made: what a picture shows, the pages of a PDF, a voice, and nothing else.

Slow, so it runs in a thread: never on the event loop, never within a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass

import filetype

from bot.documents.reencode.photo import redraw
from bot.domain.proof import DOCUMENT, HEAVIEST, HEAVIEST_VOICE, VOICE, Fault, FileRefused

RECORDED = frozenset({VOICE, "video/webm"})
"""What apps and browsers record a voice in."""


@dataclass(frozen=True)
class Clean:
    """A file of our own making."""

    content: bytes
    mime: str


def reencode(content: bytes, *, voices: bool = False) -> Clean:
    """Recognise a file by its content and make it anew; a voice only where one may speak.

    Raises:
        FileRefused: it is not kept; the fault says why.
    """
    kind = filetype.guess(content)
    mime = (kind.mime if kind else "").replace("image/apng", "image/png")
    if voices and mime in RECORDED:
        return _voice(content, mime)
    if mime not in HEAVIEST:
        raise FileRefused(Fault.KIND)
    if len(content) > HEAVIEST[mime]:
        raise FileRefused(Fault.HEAVY)
    made = _pages(content) if mime == DOCUMENT else Clean(redraw(content, mime), "image/jpeg")
    if len(made.content) > HEAVIEST[made.mime]:
        raise FileRefused(Fault.HEAVY)
    return made


def _voice(content: bytes, mime: str) -> Clean:
    from bot.documents.reencode.voice import rebuild_ogg
    from bot.documents.reencode.webm import rebuild_webm

    if len(content) > HEAVIEST_VOICE:
        raise FileRefused(Fault.HEAVY)
    return Clean((rebuild_ogg if mime == VOICE else rebuild_webm)(content), VOICE)


def _pages(content: bytes) -> Clean:
    from bot.documents.reencode.pdf import rebuild  # 7 MB and a twentieth of every start, for what few send

    return Clean(rebuild(content), DOCUMENT)
