"""The web chat's address, as people's browsers will call it."""

from __future__ import annotations

import aiohttp

from bot.config.tables import Web
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look
from bot.i18n import _, say

ABOUT = _("web")
MOST = 500
"""Bytes of an answer."""
CURE = say(_("see the lines about Telegram, then the log of the running Compagnon"))


async def web(settings: Web) -> Finding:
    """Whether `/healthz` answers at the public address. Not running is no fault: the doctor may come first."""
    if settings.base_url is None:
        told = say(_("links lead to {address}: this machine only"), address=settings.address)
        return look(ABOUT, told, say(_("set [web] base_url to the address that learners' phones can open")))
    place = f"{settings.base_url}/healthz"
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session,
            session.get(place, allow_redirects=False) as answer,
        ):
            words = (await answer.content.read(MOST)).decode("utf-8", "replace")
            if answer.status == 503 and answer.content_type == "text/plain":
                return broken(
                    ABOUT,
                    say(_("Compagnon says of itself: {reasons}"), reasons="; ".join(words.split(chr(10))).strip("; ")),
                    CURE,
                )
            return _answered(place, answer.status)
    except (aiohttp.ClientError, TimeoutError, ValueError) as problem:
        told = say(_("{place} does not answer from here ({kind})"), place=place, kind=type(problem).__name__)
        return look(
            ABOUT, told, say(_("start Compagnon; if it runs, look at the name, the certificate and the reverse proxy"))
        )


def _answered(place: str, status: int) -> Finding:
    if status == 200:
        told = say(_("{place} answers"), place=place)
        plain = place.startswith("http://")
        return (
            look(ABOUT, say(_("{place} answers, without encryption"), place=place), say(_("put it behind https")))
            if plain
            else fine(ABOUT, told)
        )
    if status in {502, 503, 504}:
        return look(
            ABOUT,
            say(_("{place}: the reverse proxy answers {status}"), place=place, status=status),
            say(_("start Compagnon")),
        )
    return look(
        ABOUT,
        say(_("{place} answers {status}"), place=place, status=status),
        say(_("is it Compagnon's? See docs/telegram.md for a reverse proxy")),
    )
