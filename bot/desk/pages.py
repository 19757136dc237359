"""The desk's templates."""

from __future__ import annotations

from pathlib import Path

from bot.pages.templates import Templates

TEMPLATES = Templates(Path(__file__).parent)
COOKIE = "compagnon-desk"


def cookie_name(base_url: str) -> str:
    """Over https the browser itself holds us to a cookie of this host alone."""
    return f"__Host-{COOKIE}" if base_url.startswith("https://") else COOKIE
