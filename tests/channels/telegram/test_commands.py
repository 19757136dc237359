"""Commands and descriptions, by language and by who reads them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.channels.telegram import TelegramChannel, keep_commands
from bot.channels.telegram.commands import ADULT, DESCRIPTION, LEARNER, SHORT, Menu, follow, introduce
from bot.domain.command_words import ALIASES
from bot.domain.spelling import plain
from bot.i18n import LANGUAGES, render
from tests.telegram_server import Fault, Kind, TelegramServer, User

EVERYBODY = {"type": "all_private_chats"}
SET = ("setMyCommands", "setMyDescription", "setMyShortDescription")


def words(server: TelegramServer, scope: dict[str, object], language: str = "") -> list[str]:
    return [command["command"] for command in server.profile.commands(scope, language)]


def only(user: User) -> dict[str, object]:
    return {"type": "chat", "chat_id": user.id}


async def test_everybody_sees_the_commands_in_their_language(server: TelegramServer, channel: TelegramChannel) -> None:
    await introduce(channel)

    for tag in ("", "fr", "es"):
        shown = {command["command"]: command["description"] for command in server.profile.commands(EVERYBODY, tag)}
        assert shown == {word: render(text, tag or "en") for word, text in LEARNER}
        assert server.profile.text("description", tag) == render(DESCRIPTION, tag or "en")
        assert server.profile.text("short_description", tag) == render(SHORT, tag or "en")
    assert server.profile.commands(EVERYBODY, "en") == []


async def test_what_is_right_already_is_not_set_again(server: TelegramServer, channel: TelegramChannel) -> None:
    await introduce(channel)
    before = [len(server.sent(method)) for method in SET]
    await introduce(channel)

    assert [len(server.sent(method)) for method in SET] == before


async def test_adults_see_their_own_as_they_come_and_go(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    roux, shown = server.user("Mme Roux"), dict[str, Menu]()
    for user in (roux, ines):
        user.starts()
    seen = []
    for wanted in (
        {str(roux.id): Menu("fr")},
        {str(roux.id): Menu("fr")},
        {str(roux.id): Menu("es"), str(ines.id): Menu("xx")},
        {},
    ):
        await follow(channel, shown, wanted)
        seen.append((words(server, only(roux)), words(server, only(ines)), len(server.requests)))

    adult = [word for word, _text in ADULT]
    assert seen == [(adult, [], 1), (adult, [], 1), (adult, adult, 3), ([], [], 5)]


async def test_who_travels_keeps_the_learners_commands_and_sos_first(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    await follow(channel, {}, {str(ines.id): Menu("fr", travels=True)})

    shown = words(server, only(ines))
    assert (shown[0], sorted(shown)) == ("sos", sorted({word for word, _text in LEARNER + ADULT}))


async def test_one_chat_that_fails_hinders_no_other(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    server.faults.add(Fault("setMyCommands", Kind.BAD_REQUEST, description="Bad Request: chat not found"))
    shown: dict[str, Menu] = {}
    await follow(channel, shown, {"5": Menu("fr"), "no chat": Menu("fr"), str(ines.id): Menu("fr")})

    assert shown == {str(ines.id): Menu("fr")}


FAILURES = [
    Fault("getMyCommands", Kind.UNAUTHORIZED),
    Fault("setMyCommands", Kind.SERVER_ERROR, after=3),
    Fault("setMyDescription", Kind.RESET_AFTER),
    Fault("setMyCommands", Kind.TOO_MANY, after=3),
]


@pytest.mark.parametrize("fault", FAILURES, ids=lambda fault: fault.kind.name)
async def test_no_error_ends_it(server: TelegramServer, channel: TelegramChannel, ines: User, fault: Fault) -> None:
    server.faults.add(fault)

    async def adults() -> Mapping[str, Menu]:
        return {str(ines.id): Menu("fr")}

    async with asyncio.TaskGroup() as group:
        going = group.create_task(keep_commands(channel, adults, every=0.01, pause=0.01))
        await server.until(lambda: bool(words(server, only(ines))))
        going.cancel()

    assert server.faults.waiting == []


async def test_nor_does_a_database_that_is_locked(server: TelegramServer, channel: TelegramChannel, ines: User) -> None:
    asked = 0

    async def adults() -> Mapping[str, Menu]:
        nonlocal asked
        asked += 1
        if asked == 1:
            raise OSError("database is locked")
        return {str(ines.id): Menu("fr")}

    async with asyncio.TaskGroup() as group:
        going = group.create_task(keep_commands(channel, adults, every=0.01, pause=0.01))
        await server.until(lambda: bool(words(server, only(ines))))
        going.cancel()


@pytest.mark.parametrize("word", [word for word, _text in LEARNER + ADULT if word != "sos"])
def test_every_command_that_is_shown_is_understood(word: str) -> None:
    assert plain(word) in ALIASES


@pytest.mark.parametrize("language", LANGUAGES)
def test_texts_are_as_short_as_telegram_wants_them(language: str) -> None:
    assert len(render(DESCRIPTION, language)) <= 512
    assert len(render(SHORT, language)) <= 120
    assert all(1 <= len(render(text, language)) <= 64 for _word, text in LEARNER + ADULT)
