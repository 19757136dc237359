"""Nothing is acknowledged before it is on disk, and nothing ends the polling."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.telegram import Polling, TelegramChannel
from bot.domain.channel import Unreadable
from tests.channels.telegram.conftest import Alarms, Inbox, running, until
from tests.telegram_server import Fault, Kind, TelegramServer, User


def offsets(server: TelegramServer) -> list[Any]:
    return [request.parameters.get("offset") for request in server.sent("getUpdates")]


async def test_updates_are_stored_before_the_offset_moves(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User
) -> None:
    inbox.shut = asyncio.Event()
    ines.says("one")
    async with running(polling):
        await server.until(lambda: len(server.sent("getUpdates")) == 1)
        ines.says("two")
        await until(lambda: inbox.asked)
        assert (len(server.updates.pending), offsets(server), polling.last_poll) == (2, [None], None)
        inbox.shut.set()
        await server.until(lambda: server.updates.pending == [])

    assert inbox.texts() == ["one", "two"]
    assert polling.last_poll is not None


async def test_what_could_not_be_stored_is_told_again(
    server: TelegramServer, polling: Polling, inbox: Inbox, alarms: Alarms, ines: User
) -> None:
    inbox.fails = 3
    ines.says("one")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert (inbox.texts(), inbox.asked, alarms.told) == (["one"], 4, [])
    assert offsets(server)[:4] == [None] * 4


async def test_a_poller_that_dies_before_it_stores_loses_nothing(
    server: TelegramServer, channel: TelegramChannel, inbox: Inbox, alarms: Alarms, ines: User
) -> None:
    hanging = Inbox(shut=asyncio.Event())
    ines.says("one")
    async with running(Polling(channel, hanging, alarms, hold=1)):
        await until(lambda: hanging.asked)
    async with running(Polling(channel, inbox, alarms, hold=1)):
        await server.until(lambda: server.updates.pending == [])

    assert (hanging.kept, inbox.texts()) == ({}, ["one"])


FAULTS: dict[str, tuple[Fault, list[str | None]]] = {
    "401": (Fault("getUpdates", Kind.UNAUTHORIZED, times=2), ["token", None]),
    "404": (Fault("getUpdates", Kind.NOT_FOUND, times=2), ["token", None]),
    "409": (Fault("getUpdates", Kind.CONFLICT, times=2), ["conflict", None]),
    "500": (Fault("getUpdates", Kind.SERVER_ERROR, times=3, status=500), []),
    "502 as a page": (Fault("getUpdates", Kind.SERVER_ERROR, times=3, html=True), []),
    "reset": (Fault("getUpdates", Kind.RESET_BEFORE, times=3), []),
    "a captive portal": (Fault("getUpdates", Kind.GARBAGE), []),
    "400": (Fault("getUpdates", Kind.BAD_REQUEST), []),
    "403": (Fault("getUpdates", Kind.FORBIDDEN), []),
    "401 at the first word": (Fault("getWebhookInfo", Kind.UNAUTHORIZED, times=2), ["token", None]),
    "5xx at the first word": (Fault("getWebhookInfo", Kind.SERVER_ERROR), []),
}


@pytest.mark.parametrize("failure", FAULTS)
async def test_polling_goes_on_and_alarms_are_raised_and_ended_once(
    server: TelegramServer, polling: Polling, inbox: Inbox, alarms: Alarms, ines: User, failure: str
) -> None:
    fault, told = FAULTS[failure]
    server.faults.add(fault)
    ines.says("one")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert (inbox.texts(), alarms.told, server.faults.waiting) == (["one"], told, [])


async def test_one_alarm_after_another(server: TelegramServer, polling: Polling, alarms: Alarms, ines: User) -> None:
    for kind in (Kind.CONFLICT, Kind.UNAUTHORIZED, Kind.SERVER_ERROR, Kind.UNAUTHORIZED):
        server.faults.add(Fault("getUpdates", kind))
    ines.says("one")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert alarms.told == ["conflict", "token", None]


async def test_an_alarm_that_cannot_be_told_is_told_again(
    server: TelegramServer, channel: TelegramChannel, inbox: Inbox, ines: User
) -> None:
    told: list[str | None] = []

    async def alarm(problem: str | None) -> None:
        told.append(problem)
        if len(told) == 1:
            raise OSError("database is locked")

    server.faults.add(Fault("getUpdates", Kind.UNAUTHORIZED, times=2))
    ines.says("one")
    async with running(Polling(channel, inbox, alarm, hold=1, pause=0.01)):
        await server.until(lambda: server.updates.pending == [])

    assert told == ["token", "token", None]


async def test_a_wait_is_kept_exactly(server: TelegramServer, polling: Polling, inbox: Inbox, ines: User) -> None:
    server.faults.add(Fault("getUpdates", Kind.TOO_MANY, retry_after=1, whole_bot=True))
    ines.says("one")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    first, second = (request.at for request in server.sent("getUpdates")[:2])
    assert second - first >= 1
    assert inbox.texts() == ["one"]


async def test_a_webhook_left_over_is_taken_away_and_what_waits_is_kept(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User
) -> None:
    ines.says("one")
    await server.webhook.set("http://127.0.0.1:9/hook", "secret")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert (server.webhook.url, inbox.texts()) == ("", ["one"])


async def test_a_webhook_set_meanwhile_is_a_conflict_and_taken_away(
    server: TelegramServer, polling: Polling, inbox: Inbox, alarms: Alarms, ines: User
) -> None:
    async with running(polling):
        await server.until(lambda: len(server.sent("getUpdates")) == 1)
        await server.webhook.set("http://127.0.0.1:9/hook", "secret")
        server.updates.end_poll()
        ines.says("one")
        await server.until(lambda: inbox.texts() == ["one"])

    assert (server.webhook.url, alarms.told) == ("", ["conflict", None])


@pytest.mark.parametrize("kind", [Kind.DUPLICATE, Kind.REORDER])
async def test_updates_twice_or_backwards_are_stored_once_and_in_order(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User, kind: Kind
) -> None:
    server.faults.add(Fault("getUpdates", kind))
    for text in ("one", "two", "three"):
        ines.says(text)
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert (inbox.texts(), len(inbox.batches[0])) == (["one", "two", "three"], 3)


async def test_an_update_that_comes_again_has_the_same_name(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User
) -> None:
    ines.says("one")
    number = server.updates.pending[0]["update_id"]
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])
        server.again(number)
        await server.until(lambda: len(inbox.batches) == 2)

    assert (inbox.texts(), inbox.batches[0] == inbox.batches[1]) == (["one"], True)


@pytest.mark.parametrize("start", [5, 2_000_000_000])
async def test_numbers_that_start_again_after_a_quiet_week_are_heard(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User, start: int
) -> None:
    async with running(polling):
        ines.says("before")
        await server.until(lambda: inbox.texts() == ["before"])
        await server.until(lambda: server.updates.pending == [])
        server.updates.restart(start)
        ines.says("after")
        await server.until(lambda: inbox.texts() == ["before", "after"])
        await server.until(lambda: server.updates.pending == [])


async def test_a_batch_larger_than_one_answer_comes_whole(
    server: TelegramServer, polling: Polling, inbox: Inbox, ines: User
) -> None:
    texts = [str(number) for number in range(230)]
    for text in texts:
        ines.says(text)
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    assert (inbox.texts(), [len(batch) for batch in inbox.batches]) == (texts, [100, 100, 30])


async def test_a_malformed_update_is_stored_and_blocks_nobody_behind_it(
    server: TelegramServer, channel: TelegramChannel, polling: Polling, inbox: Inbox, ines: User
) -> None:
    for raw in ({"message": 5}, {"message": {"chat": {"type": ["group"]}}}, {"callback_query": {"id": 5}}, {}):
        server.push(raw)
    ines.says("behind")
    async with running(polling):
        await server.until(lambda: server.updates.pending == [])

    refused = []
    for key, raw in inbox.kept.items():
        try:
            channel.read(key, raw)
        except Unreadable:
            refused.append(raw)
    assert (len(refused), inbox.kept[list(inbox.kept)[-1]]["message"]["text"]) == (4, "behind")


async def test_only_what_is_read_is_asked_for(server: TelegramServer, polling: Polling) -> None:
    async with running(polling):
        await server.until(lambda: len(server.sent("getUpdates")) == 1)

    asked = server.sent("getUpdates")[0].parameters
    assert (asked["limit"], asked["timeout"], sorted(asked["allowed_updates"])) == (
        100,
        1,
        ["callback_query", "edited_message", "message", "my_chat_member"],
    )
