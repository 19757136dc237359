"""One visit of a page: the request, the code of its link, and the form where one was sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request


@dataclass(frozen=True)
class Visit:
    """Somebody opens a link, or presses a button on its page."""

    request: Request
    code: str
    form: Mapping[str, str]
