"""Waiting for what another process, thread or connection does: until it holds, and never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

PATIENCE = 60.0
"""Seconds after which it never will."""


async def wait_for(holds: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Until something holds.

    Raises:
        TimeoutError: it never did.
    """
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - nothing tells us
            await asyncio.sleep(0.01)
