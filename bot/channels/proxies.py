"""The proxy that the environment names, looked up once. Told to trust the environment, aiohttp goes to another thread for
it before every call, and to one more to read netrc: a third of what a call costs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TypedDict
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp


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
