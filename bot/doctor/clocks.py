"""Clocks: ours against those of others. A clock that is wrong sends everything at the wrong hour."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp

from bot.clock import Clock
from bot.config.tables import Telegram
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look

OFF, FAR_OFF = 5, 60
"""Seconds."""
CURE = "set this machine's clock by the network: timedatectl set-ntp true"


async def clock(telegram: Telegram, ours: Clock) -> Finding:
    """Ours against the Date that the Bot API server sends; it tells whole seconds."""
    place = telegram.api_url.partition("://")[2]
    try:
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as session:
            before = ours.now()
            async with session.get(telegram.api_url, allow_redirects=False) as answer:
                told, after = answer.headers.get("Date", ""), ours.now()
    except (aiohttp.ClientError, TimeoutError):
        return look("clock", f"not compared: {place} does not answer", "see the lines about Telegram")
    return compared(before + (after - before) / 2, told, place)


def compared(ours: datetime, told: str, place: str) -> Finding:
    """What a Date header says of our clock at that instant."""
    try:
        theirs = parsedate_to_datetime(told)
    except ValueError:
        return look("clock", f"not compared: {place} does not tell the time", CURE)
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = (ours - theirs).total_seconds() - 0.5
    if abs(seconds) <= OFF:
        return fine("clock", f"within {OFF} s of that of {place}")
    words = f"{abs(seconds):,.0f} s {'ahead of' if seconds > 0 else 'behind'} {place}"
    return (broken if abs(seconds) > FAR_OFF else look)("clock", words, CURE)
