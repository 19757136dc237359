"""Somebody on a port who answers bytes: what a proxy, a broken server or a line that hangs up looks like from here."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress


@asynccontextmanager
async def somebody(answers: bytes | None, until: bytes = b"Hello") -> AsyncIterator[tuple[int, list[bytes]]]:
    """Somebody who reads a call up to these words and answers these bytes; None hangs up. The calls are kept."""
    calls: list[bytes] = []
    gone = asyncio.Event()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(await reader.readuntil(until) if until else await reader.read())
        writer.write(answers or b"")
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()
        gone.set()

    listening = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with listening:
        yield listening.sockets[0].getsockname()[1], calls
        await gone.wait()
