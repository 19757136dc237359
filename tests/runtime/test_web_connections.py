"""The connections of the web server: those that say nothing end, and never crowd out those that ask for something."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.runtime.web_connections import FEWEST, MOST, guarded, most_connections

LONG = 3600.0


async def hello(request: Request) -> Response:
    return PlainTextResponse(f"heard {len(await request.body())}")


@contextmanager
def serving(most: int, headers: float = LONG, body: float = LONG) -> Iterator[int]:
    """A server behind a port of its own."""
    listening = socket.create_server(("127.0.0.1", 0))
    served = Starlette(routes=[Route("/", hello, methods=["GET", "POST"])])
    server = uvicorn.Server(uvicorn.Config(served, log_level="critical", http=guarded(most, headers, body)))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])))
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listening.close()


def opened(port: int, said: bytes = b"") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=60)
    connection.sendall(said)
    return connection


def ended(connection: socket.socket) -> bool:
    """Waits until the server has closed it; what it still says is thrown away."""
    with connection, suppress(ConnectionError):
        while connection.recv(4096):
            pass
    return True


@pytest.mark.parametrize(
    ("said", "headers", "body"),
    [
        (b"", 0.05, LONG),
        (b"GET / HTTP/1.1\r\nHost: a", 0.05, LONG),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nslow", 0.05, 0.05),
    ],
    ids=["silent", "half a header", "half a body"],
)
def test_what_never_comes_to_its_end_is_not_waited_for(said: bytes, headers: float, body: float) -> None:
    with serving(10, headers, body) as port:
        assert ended(opened(port, said))
        assert httpx.get(f"http://127.0.0.1:{port}/").text == "heard 0"


def test_hundreds_that_hold_a_connection_open_keep_nobody_out() -> None:
    with serving(10) as port:
        held = [opened(port, b"GET / HTTP/1.1\r\n" if number % 2 else b"") for number in range(200)]
        answer = httpx.post(f"http://127.0.0.1:{port}/", content=b"SOS")
        for connection in held[:180]:
            assert ended(connection)
        for connection in held:
            connection.close()

    assert answer.text == "heard 3"


def test_there_are_files_left_for_everything_else() -> None:
    assert [most_connections(files) for files in (100, 256, 1024, 10**6)] == [FEWEST, 128, 896, MOST]
