"""Files people sent."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.telegram import TelegramChannel, answers
from bot.domain.channel import NotSent, Permanent
from bot.domain.messages import Attached, Outgoing
from tests.telegram_server import Fault, Kind, TelegramServer, User

CONTENT = b"\xff\xd8" + b"x" * 100_000


def attached(server: TelegramServer, channel: TelegramChannel) -> Attached:
    file = channel.read("key", server.updates.pending[-1]).file
    assert file is not None
    return file


async def test_a_file_comes_as_it_was_sent(server: TelegramServer, channel: TelegramChannel, ines: User) -> None:
    ines.sends_photo(CONTENT)

    assert await channel.fetch(attached(server, channel)) == CONTENT


async def test_one_that_says_it_is_too_large_is_not_asked_for(server: TelegramServer, channel: TelegramChannel) -> None:
    assert await channel.fetch(Attached("A", size=answers.LARGEST + 1)) == Permanent("too large")
    assert server.requests == []


async def test_one_that_is_too_large_all_the_same_is_cut_off(
    server: TelegramServer, channel: TelegramChannel, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "LARGEST", 50_000)
    ines.sends_document(CONTENT, "a.bin", "")

    assert await channel.fetch(attached(server, channel)) == Permanent("too large")


async def test_one_that_is_gone_is_gone(server: TelegramServer, channel: TelegramChannel, ines: User) -> None:
    ines.sends_photo(CONTENT)
    file = attached(server, channel)
    server.files.forget(file.native)

    assert await channel.fetch(file) == Permanent("gone")


FAILURES: dict[str, tuple[Fault, NotSent | Permanent]] = {
    "too large": (
        Fault("getFile", Kind.BAD_REQUEST, description="Bad Request: file is too big"),
        Permanent("too large"),
    ),
    "too fast": (Fault("getFile", Kind.TOO_MANY_HTML), NotSent(answers.UNTOLD)),
    "no token": (Fault("getFile", Kind.UNAUTHORIZED), NotSent()),
    "reset": (Fault("getFile", Kind.RESET_BEFORE), NotSent()),
    "down": (Fault("getFile", Kind.SERVER_ERROR), NotSent()),
    "file gone meanwhile": (Fault("file", Kind.NOT_FOUND), Permanent("gone")),
    "file not served": (Fault("file", Kind.SERVER_ERROR), NotSent()),
    "file too fast": (Fault("file", Kind.TOO_MANY, retry_after=9), NotSent(timedelta(seconds=9))),
}


@pytest.mark.parametrize("failure", FAILURES)
async def test_a_file_that_does_not_come(
    server: TelegramServer, channel: TelegramChannel, ines: User, failure: str
) -> None:
    fault, outcome = FAILURES[failure]
    ines.sends_photo(CONTENT)
    server.faults.add(fault)

    assert await channel.fetch(attached(server, channel)) == outcome


async def test_no_file_is_asked_for_while_telegram_says_to_wait(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    tom = server.user("Tom")
    tom.starts()
    server.faults.add(Fault("sendMessage", Kind.TOO_MANY, times=2, retry_after=60))
    for user in (ines, tom):
        await channel.send(Outgoing(1, str(user.id), "Hello"))
    server.updates.forget_all()
    ines.sends_photo(CONTENT)
    held = await channel.fetch(attached(server, channel))

    assert isinstance(held, NotSent)
    assert held.retry_after is not None
    assert timedelta(seconds=50) < held.retry_after <= timedelta(seconds=61)  # and then in turn
