"""HTTP, as every platform that we call needs it: a pool of connections, the proxy, an end to what is read, and which failures
say that a call was certainly not made.

The proxy that the environment names is looked up once. Told to trust the environment, aiohttp goes to another thread for it
before every call, and to one more to read netrc: a third of what a call costs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

NOT_REACHED = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)
"""No connection came about: the call may be made again. With whatever else breaks off nobody knows."""
PIECE = 1 << 16
"""Bytes that are read at once."""


class Pool:
    """Connections that stay open between calls. Without a limit of its own: whoever calls has one, and a cry for help must
    find a free connection.
    """

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """It opens with the first call, on the loop that makes it, and once more with a call after `close`."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


async def read_bounded(reply: aiohttp.ClientResponse, most: int, too_large: type[Exception]) -> bytes:
    """The whole answer.

    Raises:
        too_large: it is longer than `most` bytes. The rest is not read.
    """
    if (reply.content_length or 0) > most:
        raise too_large("answer too large")
    kept = bytearray()
    async for piece in reply.content.iter_chunked(PIECE):
        kept += piece
        if len(kept) > most:
            raise too_large("answer too large")
    return bytes(kept)


class Proxy(TypedDict):
    """What a call of aiohttp is given; nothing where it goes straight there."""

    proxy: str | None
    proxy_headers: dict[str, str] | None


def proxy_for(url: str) -> Proxy:
    """The proxy for an address (`http_proxy`, `https_proxy`, `no_proxy`), with the name and password that stand in it."""
    where = urlsplit(url)
    return _proxy(where.scheme, where.hostname or "")


@lru_cache(maxsize=256)
def _proxy(scheme: str, host: str) -> Proxy:
    named = "" if proxy_bypass(host) else getproxies().get(scheme, "")
    if not named:
        return Proxy(proxy=None, proxy_headers=None)
    proxy = urlsplit(named)
    bare = proxy._replace(netloc=proxy.netloc.rpartition("@")[2]).geturl()
    login, password = unquote(proxy.username or ""), unquote(proxy.password or "")
    known = {"Authorization": aiohttp.encode_basic_auth(login, password)} if login else None
    return Proxy(proxy=bare, proxy_headers=known)
