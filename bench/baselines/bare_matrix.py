"""matrix-nio as its examples use it: a client that logs in, syncs once, and sends into encrypted rooms."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from nio import AsyncClient, AsyncClientConfig, RoomSendResponse

from tests.synapse.administration import Account


@asynccontextmanager
async def bare_client(url: str, account: Account, folder: Path) -> AsyncIterator[AsyncClient]:
    """A device of its own with its crypto store on disk. It stores nothing else."""
    client = AsyncClient(
        url, account.user_id, store_path=str(folder), config=AsyncClientConfig(encryption_enabled=True)
    )
    await client.login(account.password)
    await client.keys_upload()
    try:
        yield client
    finally:
        await client.close()


async def enter(client: AsyncClient) -> None:
    """Follow every invitation, and learn of whoever is there."""
    await client.sync()
    for room in list(client.invited_rooms):
        await client.join(room)
    await client.sync(full_state=True)


def rooms_of(client: AsyncClient) -> dict[str, str]:
    """The room with each person."""
    found = ((other, room) for room, known in client.rooms.items() for other in known.users)
    return {other: room for other, room in found if other != client.user_id}


async def send(client: AsyncClient, room: str, text: str) -> None:
    said = {"msgtype": "m.text", "body": text}
    answer = await client.room_send(room, "m.room.message", said, ignore_unverified_devices=True)
    assert isinstance(answer, RoomSendResponse), answer


async def send_all(client: AsyncClient, room: str, texts: list[str]) -> None:
    """One after the other."""
    for text in texts:
        await send(client, room, text)


@asynccontextmanager
async def hearing(client: AsyncClient) -> AsyncIterator[None]:
    """It also listens, as a bot does that is spoken with."""
    listening = asyncio.ensure_future(client.sync_forever(timeout=30_000))
    try:
        yield
    finally:
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
