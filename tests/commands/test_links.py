"""Links are asked only when the operator says so: one after the other, each host with a pause, dead ones by name."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bot.commands.links import PACE, ask

HEADS = {"/there": 200, "/moved": 301, "/gone": 404, "/shy": 405, "/guarded": 403, "/broken": 500}
PAGES = {"/there": 200, "/gone": 404, "/shy": 200, "/broken": 500}


class Site(BaseHTTPRequestHandler):
    seen: list[str] = []

    def do_HEAD(self) -> None:
        self._answer(HEADS)

    def do_GET(self) -> None:
        self._answer(PAGES)

    def _answer(self, known: dict[str, int]) -> None:
        self.seen.append(f"{self.command} {self.path}")
        self.send_response(known[self.path])
        if self.path == "/moved":
            self.send_header("location", "/there")
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_each_is_asked_once_and_what_is_dead_is_said(site: str) -> None:
    pauses: list[float] = []
    addresses = [f"{site}{path}" for path in HEADS] + [f"{site}/there", "http://127.0.0.1:1/nothing", "nonsense"]
    found = {address.removeprefix(site): str(fault or "") for address, fault in ask(addresses, pauses.append)}

    assert found == {
        "/there": "",
        "/moved": "",
        "/gone": "it answers 404: look whether the page has moved",
        "/shy": "",
        "/guarded": "",
        "/broken": "it answers 500: look whether the page has moved",
        "http://127.0.0.1:1/nothing": "it cannot be reached: look whether the page has moved",
        "nonsense": "it cannot be reached: look whether the page has moved",
    }
    assert Site.seen == ["HEAD /there", "HEAD /moved", "HEAD /there", "HEAD /gone", "GET /gone", "HEAD /shy", "GET /shy", "HEAD /guarded", "HEAD /broken"]  # fmt: skip
    assert pauses == [PACE] * 5
