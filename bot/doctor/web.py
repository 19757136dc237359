"""The web chat's address, as people's browsers will call it."""

from __future__ import annotations

import aiohttp

from bot.config.tables import Web
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look

ABOUT = "web"
MOST = 500
"""Bytes of an answer."""
CURE = "see the lines about Telegram, then the log of the running Compagnon"


async def web(settings: Web) -> Finding:
    """Whether `/healthz` answers at the public address. Not running is no fault: the doctor may come first."""
    if settings.base_url is None:
        told = f"links lead to {settings.address}: this machine only"
        return look(ABOUT, told, "set [web] base_url to the address that learners' phones can open")
    place = f"{settings.base_url}/healthz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.get(place, allow_redirects=False) as answer,
        ):
            words = (await answer.content.read(MOST)).decode("utf-8", "replace")
            if answer.status == 503 and answer.content_type == "text/plain":
                return broken(ABOUT, f"Compagnon says of itself: {'; '.join(words.split(chr(10))).strip('; ')}", CURE)
            return _answered(place, answer.status)
    except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
        told = f"{place} does not answer from here ({type(problem).__name__})"
        return look(ABOUT, told, "start Compagnon; if it runs, look at the name, the certificate and the reverse proxy")


def _answered(place: str, status: int) -> Finding:
    if status == 200:
        told = f"{place} answers"
        plain = place.startswith("http://")
        return look(ABOUT, f"{told}, without encryption", "put it behind https") if plain else fine(ABOUT, told)
    if status in {502, 503, 504}:
        return look(ABOUT, f"{place}: the reverse proxy answers {status}", "start Compagnon")
    return look(ABOUT, f"{place} answers {status}", "is it Compagnon's? See docs/telegram.md for a reverse proxy")
