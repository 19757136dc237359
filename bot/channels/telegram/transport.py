"""HTTP for python-telegram-bot, on aiohttp: a third of the work of its own, and errors that tell what became of a call.

No error names an address, because addresses of the Bot API hold the bot's token.
"""

from __future__ import annotations

import io
import json
from typing import Any

import aiohttp
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter  # nothing public makes a call that is not parsed

from bot.channels.http import NOT_REACHED, Pool, proxy_for
from bot.channels.telegram.answers import NotReached, Unanswered, accepted, bounded, loads

CONNECT = 8.0
"""Seconds until a connection stands."""
ANSWER = 20.0
"""Seconds until Telegram answers, where the call names none."""
UPLOAD = 40.0
"""The same where a file goes with the call: the clock runs while it is written."""
DOWNLOAD = 120.0
"""Seconds for a whole file to come."""
JSON = {"Content-Type": "application/json"}
"""One of the ways in which a call may be made (core.telegram.org/bots/api#making-requests)."""


class Transport(BaseRequest):
    """One pool of connections. A POST is sent once: aiohttp repeats only what is harmless to repeat (RFC 9110, 9.2.2)."""

    def __init__(self, answer: float = ANSWER) -> None:
        self._answer = answer
        self._pool = Pool()

    @property
    def read_timeout(self) -> float:
        return self._answer

    async def initialize(self) -> None:
        """Nothing to do: the pool opens with the first call, on the loop that makes it."""

    async def shutdown(self) -> None:
        await self._pool.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a call.

        Raises:
            NotReached, Unanswered, TooFast, TooLarge, BadRequest: see `answers`. A 5xx is `Unanswered`: Telegram may
                have done it before it failed.
        """
        answer = read_timeout if isinstance(read_timeout, int | float) else self._answer
        limits = time_for(method, request_data, answer)
        body, headers = written(request_data)
        try:
            async with self._pool.session.request(
                method, url, data=body, headers=headers, timeout=limits, allow_redirects=False, **proxy_for(url)
            ) as reply:
                return accepted(reply.status, reply.headers.get("retry-after", ""), await bounded(reply))
        except NOT_REACHED as problem:
            raise NotReached(type(problem).__name__) from None
        except (TimeoutError, aiohttp.ClientError, OSError) as problem:
            raise Unanswered(type(problem).__name__) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The library's own would print what it cannot read: people's words.

        Raises:
            Unanswered: it is no answer of the Bot API.
        """
        read = loads(payload)
        if not isinstance(read, dict) or (read.get("ok") is True and "result" not in read):
            raise Unanswered("no answer of the Bot API")
        return read


def time_for(method: str, request_data: RequestData | None, answer: float) -> aiohttp.ClientTimeout:
    """How long a call may take: a file takes its time on a slow line, words do not."""
    if method == "GET":
        return aiohttp.ClientTimeout(total=DOWNLOAD, connect=CONNECT, sock_read=answer)
    if request_data is not None and request_data.contains_files:
        answer = max(answer, UPLOAD)
    return aiohttp.ClientTimeout(total=CONNECT + answer, connect=CONNECT, sock_read=answer)


def form(values: dict[str, Any]) -> RequestData:
    """The parameters of a call whose answer is read as it came, and no object of the library made of it: values are JSON,
    and what is None is left out.
    """
    return RequestData([RequestParameter(name, value, None) for name, value in values.items()])


def written(request_data: RequestData | None) -> tuple[aiohttp.FormData | bytes | None, dict[str, str]]:
    """The body of a call and its headers: JSON, a third of the work of a form; or parts where a file goes with it."""
    if request_data is None:
        return None, {}
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), JSON
    parts = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        parts.add_field(name, value)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        body = io.BytesIO(content) if isinstance(content, bytes) else content  # in pieces: the loop goes on meanwhile
        parts.add_field(name, body, filename=filename, content_type=mime)
    return parts, {}
