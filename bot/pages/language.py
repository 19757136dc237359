"""The language a browser asks for."""

from __future__ import annotations

import re

from starlette.requests import Request

from bot.i18n import best_language

PREFERRED = re.compile(r"([A-Za-z-]{2,20})(?:\s*;\s*q=([0-9.]+))?")


def language_of(request: Request) -> str:
    """The language a browser asks for, of those we speak."""
    asked = PREFERRED.findall(request.headers.get("accept-language", "")[:200])
    for tag, _weight in sorted(asked, key=lambda each: -_weight_of(each[1])):
        near = best_language(tag, default="")
        if near:
            return near
    return best_language(None)


def _weight_of(written: str) -> float:
    try:
        return float(written or 1)
    except ValueError:
        return 0.0
