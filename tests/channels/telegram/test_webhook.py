"""Telegram calling us: who may, how much, and 200 only for what is on disk."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.channels.telegram import TelegramChannel, Webhook
from tests.channels.telegram.conftest import Alarms, Inbox, running, until
from tests.served import Served
from tests.telegram_server import Fault, Kind, TelegramServer, User

SECRET = "only_for-tests"
PATH = "/telegram/hook"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 5,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 5, "type": "private", "first_name": "Inès"},
        "from": {"id": 5, "is_bot": False, "first_name": "Inès"},
        "text": "Hello",
    },
}


@pytest.fixture
def listening() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


@pytest.fixture
def webhook(channel: TelegramChannel, inbox: Inbox, alarms: Alarms, listening: socket.socket) -> Webhook:
    url = f"http://127.0.0.1:{listening.getsockname()[1]}{PATH}"
    return Webhook(channel, inbox, alarms, url=url, secret=SECRET, every=0.02, pause=0.01)


@pytest.fixture
async def door(webhook: Webhook, listening: socket.socket) -> AsyncIterator[str]:
    """The address of the route, served; `webhook` itself is not running."""
    server = Served(Starlette(routes=[webhook.route(PATH)]))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve(sockets=[listening]))
        yield webhook.url
        server.should_exit = True


@pytest.fixture
async def served(webhook: Webhook, door: str) -> AsyncIterator[str]:
    """The same with `webhook` running."""
    async with running(webhook):
        await until(lambda: webhook.last_poll is not None)
        yield door


@asynccontextmanager
async def posted(url: str, body: Any = UPDATE, secret: str | None = SECRET) -> AsyncIterator[aiohttp.ClientResponse]:
    """A call as anybody may make it; a `str` or an iterator goes as it is."""
    plain = isinstance(body, str | bytes | io.BytesIO) or hasattr(body, "__aiter__")
    headers = {} if secret is None else {HEADER: secret}
    async with aiohttp.ClientSession() as session:
        call = session.post(url, data=body if plain else json.dumps(body), headers=headers)
        async with call as answer:
            yield answer


async def status(url: str, body: Any = UPDATE, secret: str | None = SECRET) -> int:
    async with posted(url, body, secret) as answer:
        return answer.status


async def test_an_update_is_stored_and_answered_with_nothing(served: str, inbox: Inbox) -> None:
    async with posted(served) as answer:
        assert (answer.status, await answer.text()) == (200, "")
    assert list(inbox.kept.values()) == [UPDATE]


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", SECRET[:-1], "ünïcode"])
async def test_whoever_does_not_know_the_secret_is_not_heard(served: str, inbox: Inbox, secret: str | None) -> None:
    async with posted(served, secret=secret) as answer:
        assert (answer.status, await answer.text()) == (403, "")
    assert inbox.asked == 0


async def test_a_call_that_says_it_is_too_large_is_not_read(served: str, inbox: Inbox) -> None:
    assert await status(served, io.BytesIO(b"x" * (1024 * 1024 + 1))) == 413
    assert inbox.asked == 0


async def test_one_that_does_not_say_so_is_not_read_to_its_end(served: str, inbox: Inbox) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 65_536

    assert await status(served, endless()) == 413
    assert inbox.asked == 0


async def test_one_of_just_a_million_bytes_is_taken(served: str, inbox: Inbox) -> None:
    update = {"update_id": 6, "filler": ""}
    update["filler"] = "x" * (1024 * 1024 - len(json.dumps(update)))

    assert (await status(served, update), len(inbox.kept)) == (200, 1)


@pytest.mark.parametrize("body", ["", "{", "\xff", "[" * 100_000])
async def test_what_is_no_json_is_refused(served: str, inbox: Inbox, body: str) -> None:
    assert (await status(served, body.encode("latin-1")), inbox.asked) == (400, 0)


@pytest.mark.parametrize("body", ["null", "5", '"x"', "[]", "{}", "NaN", '{"update_id": NaN}'])
async def test_what_is_no_update_is_kept_to_be_quarantined(served: str, inbox: Inbox, body: str) -> None:
    assert await status(served, body) == 200
    assert [list(raw) for raw in inbox.kept.values()] == [["malformed"]]


async def test_only_post_is_answered(served: str) -> None:
    async with aiohttp.ClientSession() as session, session.get(served, headers={HEADER: SECRET}) as answer:
        assert answer.status == 405


async def test_the_answer_waits_for_the_disk(served: str, inbox: Inbox) -> None:
    inbox.shut = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        call = group.create_task(status(served))
        await until(lambda: inbox.asked)
        assert not call.done()
        inbox.shut.set()
    assert call.result() == 200


async def test_what_cannot_be_stored_is_sent_again(served: str, inbox: Inbox) -> None:
    inbox.fails = 1

    assert [await status(served), await status(served)] == [503, 200]


async def test_until_all_is_ready_telegram_is_told_to_come_back(door: str, inbox: Inbox) -> None:
    assert (await status(door), inbox.asked) == (503, 0)


async def test_a_replay_has_the_same_name(served: str, inbox: Inbox) -> None:
    assert [await status(served), await status(served)] == [200, 200]
    assert (len(inbox.kept), inbox.batches[0]) == (1, inbox.batches[1])


async def test_updates_come_from_telegram_itself(served: str, server: TelegramServer, inbox: Inbox, ines: User) -> None:
    inbox.fails = 2
    for text in ("one", "two", "three"):
        ines.says(text)
    await server.until(lambda: server.updates.pending == [])

    assert inbox.texts() == ["one", "two", "three"]


async def test_a_cry_is_answered_before_it_is_stored(
    served: str, server: TelegramServer, inbox: Inbox, ines: User
) -> None:
    inbox.shut = asyncio.Event()
    ines.says("SOS")
    await ines.hears()

    assert inbox.kept == {}
    inbox.shut.set()
    await server.until(lambda: server.updates.pending == [])


async def test_the_webhook_is_set_with_its_secret_and_what_waits_is_kept(
    served: str, server: TelegramServer, alarms: Alarms
) -> None:
    asked = server.sent("setWebhook")[0].parameters

    assert (asked["url"], asked["secret_token"], asked.get("drop_pending_updates")) == (served, SECRET, False)
    assert sorted(asked["allowed_updates"]) == ["callback_query", "edited_message", "message", "my_chat_member"]
    assert (server.webhook.url, alarms.told) == (served, [])


async def test_a_webhook_somebody_took_away_is_a_conflict_and_set_again(
    served: str, server: TelegramServer, alarms: Alarms
) -> None:
    await server.webhook.set("")
    await server.until(lambda: len(server.sent("setWebhook")) == 2)
    await until(lambda: None in alarms.told)

    assert (server.webhook.url, alarms.told) == (served, ["conflict", None])


async def test_calls_that_do_not_get_through_are_an_alarm(
    served: str, server: TelegramServer, alarms: Alarms, inbox: Inbox, ines: User
) -> None:
    inbox.shut = asyncio.Event()
    ines.says("one")
    server.webhook.last_error, server.webhook.last_error_date = "Connection timed out", 1_800_000_000
    await until(lambda: None in alarms.told)
    inbox.shut.set()

    assert alarms.told == ["webhook", None]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault("setWebhook", Kind.UNAUTHORIZED, times=2), ["token", None]),
        (Fault("getWebhookInfo", Kind.NOT_FOUND, times=2), ["token", None]),
        (Fault("setWebhook", Kind.SERVER_ERROR, times=2), []),
        (Fault("setWebhook", Kind.TOO_MANY_HTML, times=0), []),
    ],
)
async def test_a_failure_ends_nothing(
    server: TelegramServer, webhook: Webhook, alarms: Alarms, door: str, fault: Fault, told: list[str | None]
) -> None:
    server.faults.add(fault)
    async with running(webhook):
        await until(lambda: webhook.last_poll is not None)

    assert (server.webhook.url, alarms.told) == (door, told)


async def test_it_says_once_that_nothing_waits_any_more(
    server: TelegramServer, webhook: Webhook, inbox: Inbox, door: str, ines: User
) -> None:
    told: list[int] = []
    webhook.soon, webhook._quiet = 0.01, lambda: told.append(len(server.updates.pending))
    inbox.shut = asyncio.Event()
    ines.says("one")
    async with running(webhook):
        await server.until(lambda: len(server.sent("getWebhookInfo")) > 3)
        before = list(told)
        inbox.shut.set()
        await server.until(lambda: bool(told))
        looked = len(server.sent("getWebhookInfo"))
        await server.until(lambda: len(server.sent("getWebhookInfo")) > looked)

    assert (before, told) == ([], [0])
