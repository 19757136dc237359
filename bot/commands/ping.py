"""The dead man's switch: an address outside is called while all is well. Who hears nothing raises the alarm."""

from __future__ import annotations

import aiohttp
import structlog
from pydantic import SecretStr

from bot.watch import Ping

log = structlog.get_logger()
SECONDS = 10.0


def pinging(url: SecretStr) -> Ping:
    """One try, a few seconds. The address is a secret: whoever knows it could say in our place that all is well."""

    async def ping() -> None:
        timeout = aiohttp.ClientTimeout(total=SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url.get_secret_value()) as answer:
            if answer.status >= 400:
                log.warning("ping refused", state=str(answer.status))

    return ping
