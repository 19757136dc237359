"""What a call becomes when nobody answers; and the token, which no error may show."""

from __future__ import annotations

import asyncio
import traceback

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram import transport as wires
from bot.domain.channel import NotSent, Outcome, Unknown
from bot.domain.messages import Outgoing
from tests.answering import somebody
from tests.telegram_server import Fault, Kind, TelegramServer, User

TOKEN = "1234567:TEST-token"
HELLO = Outgoing(1, "5", "Hello")


async def sent_to(url: str) -> Outcome:
    channel = TelegramChannel(TOKEN, url)
    try:
        return await channel.send(HELLO)
    finally:
        await channel.close()


def page(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", "Content-Length: 0", "Connection: close", *headers, "", ""]).encode()


async def test_nobody_listening_is_certainly_not_sent(unused_port: int) -> None:
    assert await sent_to(f"http://127.0.0.1:{unused_port}") == NotSent()


@pytest.fixture
async def unused_port() -> int:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = int(taken.sockets[0].getsockname()[1])
    taken.close()
    await taken.wait_closed()
    return port


async def test_a_name_nobody_knows_is_certainly_not_sent() -> None:
    assert await sent_to("http://telegram.invalid") == NotSent()


async def test_a_connection_that_never_stands_is_certainly_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "CONNECT", 0.05)
    async with somebody(None, until=b"") as (port, _calls):  # speaks no TLS: the handshake waits
        assert await sent_to(f"https://127.0.0.1:{port}") == NotSent()


ANSWERS: dict[str, tuple[bytes | None, Outcome]] = {
    "hangs up": (None, Unknown()),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", Unknown()),
    "no HTTP": (b"\x00\x01\x02", Unknown()),
    "a list": (b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]", Unknown()),
    "a yes without a message": (b'HTTP/1.1 200 OK\r\nContent-Length: 25\r\n\r\n{"ok":true,"result":true}', Unknown()),
    "a yes without a result": (b'HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n{"ok":true}', Unknown()),
    "a no": (b'HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n{"ok":false}', Unknown()),
    "a hotel's sign-in page": (page("302 Found", "Location: http://127.0.0.1:1/login"), NotSent()),
    "a sign-in page, told": (page("511 Network Authentication Required"), NotSent()),
}


@pytest.mark.parametrize("name", ANSWERS)
async def test_somebody_else_answers(name: str) -> None:
    answers, outcome = ANSWERS[name]
    async with somebody(answers) as (port, calls):
        assert await sent_to(f"http://127.0.0.1:{port}") == outcome
        assert len(calls) == 1


async def test_no_answer_in_time_is_unknown(server: TelegramServer, channel: TelegramChannel, ines: User) -> None:
    channel.calls._answer = 0.05
    server.faults.add(Fault("sendMessage", Kind.SLOW, seconds=0.5))

    assert await channel.send(Outgoing(1, str(ines.id), "Hello")) == Unknown()


async def test_a_kept_connection_that_breaks_is_not_used_for_the_same_call_again(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    await channel.send(Outgoing(1, str(ines.id), "First"))
    server.faults.add(Fault("sendMessage", Kind.RESET_AFTER))
    await channel.send(Outgoing(1, str(ines.id), "Second"))

    assert ines.heard() == ["First", "Second"]


@pytest.mark.parametrize("kind", [Kind.UNAUTHORIZED, Kind.NOT_FOUND, Kind.RESET_BEFORE, Kind.GARBAGE, Kind.FORBIDDEN])
async def test_no_error_shows_the_token(
    server: TelegramServer, channel: TelegramChannel, ines: User, kind: Kind
) -> None:
    server.faults.add(Fault("*", kind))
    with pytest.raises(Exception) as raised:  # noqa: PT011
        await channel.bot.send_message(ines.id, "Hello")

    assert "TEST-token" not in "".join(traceback.format_exception(raised.value))


async def test_nor_does_one_of_the_connection(unused_port: int) -> None:
    channel = TelegramChannel(TOKEN, f"http://127.0.0.1:{unused_port}")
    with pytest.raises(Exception) as raised:  # noqa: PT011
        await channel.bot.send_message(5, "Hello")
    await channel.close()

    assert "TEST-token" not in "".join(traceback.format_exception(raised.value)) + repr(channel)


async def test_what_cannot_be_read_is_not_logged(
    server: TelegramServer, channel: TelegramChannel, ines: User, caplog: pytest.LogCaptureFixture
) -> None:
    server.faults.add(Fault("*", Kind.GARBAGE))
    await channel.send(Outgoing(1, str(ines.id), "Hello"))

    assert [record for record in caplog.records if record.levelname not in {"DEBUG", "INFO"}] == []


async def test_a_proxy_that_the_environment_names_is_used_with_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    async with somebody(None) as (port, calls):
        monkeypatch.setenv("http_proxy", f"http://school:p%40ss@127.0.0.1:{port}")
        assert await sent_to("http://by-proxy.invalid") == Unknown()

    line, *headers = calls[0].decode().split("\r\n")
    assert line == f"POST http://by-proxy.invalid/bot{TOKEN}/sendMessage HTTP/1.1"
    assert "Proxy-Authorization: Basic c2Nob29sOnBAc3M=" in headers


async def test_a_proxy_is_not_used_for_what_no_proxy_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("no_proxy", "localhost")
    async with somebody(None) as (port, calls):
        assert await sent_to(f"http://localhost:{port}") == Unknown()

    assert len(calls) == 1
