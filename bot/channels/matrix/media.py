"""Files over the wire: the homeserver is given, and gives back, what is sealed. It learns no name and no kind."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import aiohttp

from bot.channels.matrix.attachment import MXC, Broken, Sealed, opened, sealed
from bot.channels.matrix.client_api import (
    ANSWER,
    CONNECT,
    Homeserver,
    NotReached,
    Refused,
    TooLarge,
    Unanswered,
    accepted,
    bounded,
    part,
)
from bot.domain.messages import Attached, Enclosure
from bot.domain.proof import HEAVIEST

UPLOAD = 40.0
"""Seconds for a whole file to go: the clock runs while it is written. Less than what one message may take."""
DOWNLOAD = 55.0
"""Seconds for a whole file to come, perhaps from somebody else's homeserver."""
LARGEST = max(HEAVIEST.values())
"""Bytes of a file: what is sealed is as long as what is in it."""
SEALED = "application/octet-stream"


async def enclose(server: Homeserver, file: Enclosure) -> dict[str, Any]:
    """Seal a file and hand it to the homeserver; what the message about it says.

    Raises:
        CallError: the homeserver did not take it. Never `Unanswered`: nobody has been told of the file.
    """
    content, said = await asyncio.to_thread(sealed, file)
    try:
        url = await _upload(server, content)
    except Unanswered as problem:
        raise NotReached(str(problem)) from None
    return said | {"file": said["file"] | {"url": url}}


async def _upload(server: Homeserver, content: bytes) -> str:
    limits = aiohttp.ClientTimeout(total=UPLOAD, connect=CONNECT, sock_read=UPLOAD)
    body = io.BytesIO(content)  # in pieces: the loop goes on meanwhile
    headers = {"Content-Type": SEALED, "Content-Length": str(len(content))}
    async with server.request("POST", "/_matrix/media/v3/upload", limits, data=body, headers=headers) as reply:
        if reply.status == 413:  # often the word of a proxy before the homeserver, so not in Matrix's form
            raise Refused(413, "M_TOO_LARGE", {})
        url = accepted(reply.status, await bounded(reply)).get("content_uri")
    if not isinstance(url, str) or not MXC.fullmatch(url):
        raise Unanswered("an upload without an address")
    return url


async def fetch(server: Homeserver, file: Attached) -> bytes:
    """A file that somebody sent, opened.

    Raises:
        Broken: it is not what they sealed.
        TooLarge: more than `LARGEST` bytes; the rest is not read.
        CallError: it cannot be had now, or never (`Refused`).
    """
    kept = Sealed.kept(file.native)
    if kept is None:
        raise Broken("not described")
    if file.size > LARGEST:
        raise TooLarge("as it says itself")
    return await asyncio.to_thread(opened, kept, await _download(server, kept))


async def _download(server: Homeserver, kept: Sealed) -> bytes:
    path = f"download/{part(kept.server)}/{part(kept.name)}"
    try:
        return await _get(server, f"/_matrix/client/v1/media/{path}")
    except Refused as refused:
        if refused.code != "M_UNRECOGNIZED":
            raise
    return await _get(server, f"/_matrix/media/v3/{path}")  # a homeserver older than version 1.11 of the specification


async def _get(server: Homeserver, path: str) -> bytes:
    """A redirect is none of the homeserver's: without `allow_redirect` it gives the file itself. So it is tried again."""
    limits = aiohttp.ClientTimeout(total=DOWNLOAD, connect=CONNECT, sock_read=ANSWER)
    async with server.request("GET", path, limits) as reply:
        if reply.status != 200:
            accepted(reply.status, await bounded(reply))  # says why
        return await bounded(reply, LARGEST)
