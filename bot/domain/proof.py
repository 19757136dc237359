"""Files as proofs: what is accepted, how large, for how long, and what a learner is told otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.quiet_hours import wall_instant
from bot.domain.stay import Stay
from bot.i18n import Text, _

MEGABYTE = 1_000_000
PHOTOS = frozenset({"image/jpeg", "image/png", "image/webp"})
DOCUMENT = "application/pdf"
VOICE = "audio/ogg"
HEAVIEST: Mapping[str, int] = dict.fromkeys(PHOTOS, 20 * MEGABYTE) | {DOCUMENT: 10 * MEGABYTE}
"""In bytes, as they come; a photo is much lighter once it is re-encoded."""
PIXELS = 40_000_000
"""A small file may unfold into a picture that fills the memory."""
SIDE = 2400
"""The longest side of a kept photo: enough to read a page."""
QUALITY = 82
PAGES = 20
MINUTES, HEAVIEST_VOICE = 15, 5 * MEGABYTE
"""Of a voice message."""
MOST = 10
"""So many files answer one question; more are an accident, or a flood."""
TOGETHER = timedelta(minutes=10)
"""A file that comes so soon after another belongs to the same answer."""
LEAST = timedelta(days=14)
"""A file that comes late is kept for so long, so that somebody can look at it."""
CARRIERS = frozenset({"telegram", "matrix"})
"""Channels that can show a file to an adult."""
ENDINGS: Mapping[str, str] = {"image/jpeg": "jpg", DOCUMENT: "pdf", VOICE: "ogg"}


class Fault(StrEnum):
    """Why a file is not kept."""

    KIND = "kind"
    HEAVY = "heavy"
    HUGE = "huge"
    PAGES = "pages"
    LOCKED = "locked"
    BROKEN = "broken"
    LONG = "long"
    GONE = "gone"
    """The channel does not have it any more, or would not give it for a day."""


SAID: Mapping[Fault, Text] = {
    Fault.KIND: _("I can keep a photo or a PDF, nothing else. Can you send it as one of these?"),
    Fault.HEAVY: _("This file is too heavy for me. A photo of the page is enough: send it as a photo, please."),
    Fault.HUGE: _("This picture is too large for me. Send it as a photo rather than as a file, please."),
    Fault.PAGES: _("This PDF has too many pages for me: {pages} at the most. Send me only those that count, please."),
    Fault.LOCKED: _("This PDF is locked with a password, so I cannot open it. A photo of the page will do."),
    Fault.BROKEN: _("I could not open this file: it seems damaged. Can you send it once more, or take a new photo?"),
    Fault.LONG: _("This voice message is too long for me: {minutes} minutes at the most. Send it in parts, please."),
    Fault.GONE: _("Your file did not reach me, sorry. Can you send it once more? Or show it to {coordinator}."),
}
"""What the learner reads. The values of the stay fill it, and `pages`."""
NOT_PASSED_ON: Mapping[Fault, Text] = {
    **SAID,
    Fault.KIND: _(
        "I could not pass this on: I can take a photo, a PDF or a voice message, nothing else. Please send it as one of these, or write a few words."
    ),
}
"""The same of what no question asked for."""


class FileRefused(Exception):
    """A file that is not kept; `fault` says why."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.value)


def plain_refusal(mime: str, size: int, *, voices: bool = False) -> Fault | None:
    """What can be refused by what the platform says of a file, before it is fetched. What is kept goes by content."""
    named = mime.partition(";")[0].strip().lower()
    if voices and named in {VOICE, "audio/opus"}:
        return Fault.HEAVY if size > HEAVIEST_VOICE else None
    if named.startswith(("video/", "audio/", "text/")):
        return Fault.KIND
    return Fault.HEAVY if size > HEAVIEST.get(named, max(HEAVIEST.values())) else None


def end_of(stay: Stay, keep_days: int, received: datetime) -> datetime:
    """Until when (aware, UTC) a file is kept: so many whole days after the return, but long enough to be looked at."""
    last = wall_instant(ZoneInfo(stay.home_zone), stay.back + timedelta(days=keep_days + 1), time(0))
    return max(last, received + LEAST)
