"""Dates relative to a stay, as a school writes them: `J-60`, `D+2`, `R+0 20:00`, `M+0`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer

from bot.i18n import _, say

_SHAPE = re.compile(r"^\s*([JDMFR])\s*([+-]\s*\d{1,3})?(?:\s+(\d{1,2})[:h](\d{2}))?\s*$")


class Anchor(StrEnum):
    """The dates of a stay that a contact can hang on."""

    DEPARTURE = "J"
    START = "D"
    MIDDLE = "M"
    END = "F"
    RETURN = "R"


@dataclass(frozen=True)
class Offset:
    """`days` after (or before) an anchor, at a local hour where one is given."""

    anchor: Anchor
    days: int
    at: time | None = None

    def __str__(self) -> str:
        clock = f" {self.at:%H:%M}" if self.at else ""
        return f"{self.anchor.value}{self.days:+d}{clock}"


def parse_offset(written: Any) -> Offset:
    """Read `J-60` or `D+2 20:00`.

    Raises:
        ValueError: what is written is not an offset; the sentence says how one looks.
    """
    if isinstance(written, Offset):
        return written
    found = _SHAPE.match(str(written))
    if not found:
        raise ValueError(
            say(
                _(
                    '"{written}" is no date of a stay: write J (departure), D (first day), M (middle), F (last day) or R (return), then days, then an hour if you like: "J-60", "D+2 20:00"'
                ),
                written=written,
            )
        )
    hour = time(int(found[3]), int(found[4])) if found[3] else None
    return Offset(Anchor(found[1]), int((found[2] or "0").replace(" ", "")), hour)


WrittenOffset = Annotated[Offset, BeforeValidator(parse_offset), PlainSerializer(str)]
