"""Sending: what people see, and each of the four outcomes for everything that can go wrong."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels.telegram import TelegramChannel
from bot.domain.channel import NotSent, Outcome, Permanent, Sent, Unknown
from bot.domain.messages import Button, Enclosure, Outgoing
from bot.domain.pace import Pace
from tests.telegram_server import Fault, Kind, TelegramServer, User
from tests.telegram_server.methods import METHODS
from tests.telegram_server.refusals import Json
from tests.telegram_server.world import World

BUTTONS = (Button("7.1", "Yes"), Button("7.2", "No, not before next week"))


def to(user: User, text: str = "Hello", **more: object) -> Outgoing:
    return Outgoing(7, str(user.id), text, **more)  # type: ignore[arg-type]


async def test_a_person_sees_the_words_as_they_are_and_the_buttons_in_rows(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    outcome = await channel.send(to(ines, "<b>Hi</b> _you_ https://example.org", buttons=BUTTONS))

    (shown,) = ines.chat.messages
    assert outcome == Sent(str(shown.id))
    assert str(shown) == "<b>Hi</b> _you_ https://example.org [Yes] [No, not before next week]"
    assert shown.data == ["7.1", "7.2"]
    assert [len(row) for row in shown.message["reply_markup"]["inline_keyboard"]] == [1, 1]
    assert server.sent("sendMessage")[0].parameters["link_preview_options"] == {"is_disabled": True}
    assert "parse_mode" not in server.sent("sendMessage")[0].parameters


async def test_a_long_text_comes_in_parts_with_the_buttons_at_the_end(channel: TelegramChannel, ines: User) -> None:
    outcome = await channel.send(to(ines, "🆘" * 3000, buttons=BUTTONS))

    first, last = ines.chat.messages
    assert (len(first.text), first.buttons, len(last.text), last.data) == (2048, [], 952, ["7.1", "7.2"])
    assert outcome == Sent(str(last.id))


async def test_a_text_that_breaks_off_in_the_middle_is_unknown(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    server.faults.add(Fault("sendMessage", Kind.BAD_REQUEST, after=1))

    assert await channel.send(to(ines, "x" * 5000)) == Unknown()


async def test_half_an_emoji_stops_no_alert(channel: TelegramChannel, ines: User) -> None:
    assert await channel.send(to(ines, "SOS \ud83c\x00!")) == Sent("2")
    assert ines.heard() == ["SOS ?!"]


@pytest.mark.parametrize(
    ("mime", "method"),
    [
        ("image/jpeg", "sendPhoto"),
        ("image/png", "sendPhoto"),
        ("image/webp", "sendDocument"),
        ("application/pdf", "sendDocument"),
    ],
)
async def test_a_file_comes_with_its_text_and_buttons(
    server: TelegramServer, channel: TelegramChannel, ines: User, mime: str, method: str
) -> None:
    content = b"\x89PNG\r\n\x00\xff" * 1000
    outcome = await channel.send(to(ines, "Your card", buttons=BUTTONS, file=Enclosure("é.bin", mime, content)))

    (shown,) = ines.chat.messages
    assert (outcome, shown.text, shown.data, shown.file) == (Sent("2"), "Your card", ["7.1", "7.2"], content)
    assert [request.method for request in server.requests] == [method]


async def test_an_edit_changes_the_words_and_takes_the_buttons_away(channel: TelegramChannel, ines: User) -> None:
    await channel.send(to(ines, "Ready?", buttons=BUTTONS))

    assert await channel.send(to(ines, "Ready? – Yes", edit_of="2")) == Sent("2")
    assert [str(shown) for shown in ines.chat.messages] == ["Ready? – Yes"]


async def test_so_does_an_edit_of_what_stands_under_a_file(
    channel: TelegramChannel, ines: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(METHODS, "editMessageCaption", edit_caption)
    card = Enclosure("a.pdf", "application/pdf", b"%PDF")
    await channel.send(to(ines, "Your card", buttons=BUTTONS, file=card))

    assert await channel.send(to(ines, "Your card – Yes", edit_of="2")) == Sent("2")
    assert [str(shown) for shown in ines.chat.messages] == ["Your card – Yes"]


def edit_caption(world: World, parameters: Json) -> Json:
    """What the Bot API does, as far as it goes here."""
    shown = world.chat(parameters["chat_id"]).find(parameters["message_id"])
    assert shown is not None
    kept = {name: value for name, value in shown.message.items() if name != "reply_markup"}
    shown.becomes(kept | {"caption": parameters["caption"]})
    return shown.message


@pytest.mark.parametrize("gone", ["same", "deleted", "never"])
async def test_an_edit_with_nothing_left_to_do_is_done(channel: TelegramChannel, ines: User, gone: str) -> None:
    await channel.send(to(ines, "Ready?"))
    ines.chat.messages[0].deleted = gone == "deleted"
    number = "99" if gone == "never" else "2"

    assert await channel.send(to(ines, "Ready?", edit_of=number)) == Sent(number)


FORBIDDEN = (
    ("Forbidden: bot was blocked by the user", "blocked"),
    ("Forbidden: user is deactivated", "deactivated"),
    ("Forbidden: bot can't initiate conversation with a user", "never started"),
    ("Forbidden: bot can't send messages to bots", "a bot"),
    ("Forbidden: something new", "forbidden"),
)
BAD = (
    ("Bad Request: chat not found", "gone"),
    ("Bad Request: PEER_ID_INVALID", "gone"),
    ("Bad Request: user not found", "gone"),
    ("Bad Request: group chat was upgraded to a supergroup chat", "migrated"),
    ("Bad Request: message text is empty", "refused"),
    ("Bad Request: can't parse entities", "refused"),
    ("Bad Request: BUTTON_DATA_INVALID", "refused"),
    ("Bad Request: something new", "refused"),
)
OUTCOMES: dict[str, tuple[Fault, Outcome]] = {
    "429": (Fault("*", Kind.TOO_MANY, retry_after=17), NotSent(timedelta(seconds=17))),
    "429 without JSON": (Fault("*", Kind.TOO_MANY_HTML), NotSent(timedelta(seconds=5))),
    "500": (Fault("*", Kind.SERVER_ERROR, status=500), Unknown()),
    "502 as a page": (Fault("*", Kind.SERVER_ERROR, html=True), Unknown()),
    "504 and yet sent": (Fault("*", Kind.SERVER_ERROR, status=504, delivered=True), Unknown()),
    "reset before": (Fault("*", Kind.RESET_BEFORE), Unknown()),
    "reset after": (Fault("*", Kind.RESET_AFTER), Unknown()),
    "a captive portal": (Fault("*", Kind.GARBAGE), Unknown()),
    "401": (Fault("*", Kind.UNAUTHORIZED), NotSent()),
    "404": (Fault("*", Kind.NOT_FOUND), NotSent()),
    "409": (Fault("*", Kind.CONFLICT), NotSent()),
    "slow": (Fault("*", Kind.SLOW, seconds=0.05), Sent("2")),
    **{told: (Fault("*", Kind.FORBIDDEN, description=told), Permanent(reason)) for told, reason in FORBIDDEN},
    **{told: (Fault("*", Kind.BAD_REQUEST, description=told), Permanent(reason)) for told, reason in BAD},
}


@pytest.mark.parametrize("failure", OUTCOMES)
async def test_every_failure_has_its_outcome_and_is_tried_once(
    server: TelegramServer, channel: TelegramChannel, ines: User, failure: str
) -> None:
    fault, outcome = OUTCOMES[failure]
    server.faults.add(fault)

    assert await channel.send(to(ines)) == outcome
    assert len(server.sent("sendMessage")) == 1


@pytest.mark.parametrize("failure", [name for name in OUTCOMES if name not in {"slow", BAD[0][0]}])
async def test_the_same_with_a_file(server: TelegramServer, channel: TelegramChannel, ines: User, failure: str) -> None:
    fault, outcome = OUTCOMES[failure]
    fault.times = 1
    server.faults.add(fault)

    assert await channel.send(to(ines, file=Enclosure("a.pdf", "application/pdf", b"%PDF"))) == outcome
    assert len(server.sent("sendDocument")) == 1


async def test_who_blocked_us_is_left(channel: TelegramChannel, ines: User) -> None:
    ines.blocks()

    assert await channel.send(to(ines)) == Permanent("blocked")


async def test_who_never_began_cannot_be_written_to(server: TelegramServer, channel: TelegramChannel) -> None:
    assert await channel.send(to(server.user("Tom"))) == Permanent("never started")


@pytest.mark.parametrize("native", ["-1001", "@compagnon", "", "٣"])
async def test_nothing_is_ever_written_to_a_group(
    server: TelegramServer, channel: TelegramChannel, native: str
) -> None:
    assert await channel.send(Outgoing(1, native, "private")) == Permanent("gone")
    assert server.requests == []


async def told_to_wait(server: TelegramServer, channel: TelegramChannel, *users: User, urgent: bool) -> Pace:
    server.faults.add(Fault("sendMessage", Kind.TOO_MANY, times=len(users), retry_after=100))
    for user in users:
        await channel.send(to(user, urgent=urgent))
    assert channel.pace is not None
    return channel.pace


@pytest.mark.parametrize("urgent", [False, True])
async def test_a_chat_that_is_told_to_wait_rests_alone(
    server: TelegramServer, channel: TelegramChannel, ines: User, urgent: bool
) -> None:
    pace = await told_to_wait(server, channel, ines, urgent=urgent)

    now = asyncio.get_running_loop().time()
    assert (pace.waits(now, str(ines.id)) > 90, pace.ready(now), pace.ready(now, urgent=True)) == (True, now, now)


@pytest.mark.parametrize("urgent", [False, True])
async def test_when_a_second_is_told_all_wait_and_alerts_where_they_were_told(
    server: TelegramServer, channel: TelegramChannel, ines: User, urgent: bool
) -> None:
    tom = server.user("Tom")
    tom.starts()
    pace = await told_to_wait(server, channel, ines, tom, urgent=urgent)

    now = asyncio.get_running_loop().time()
    assert (pace.ready(now) > now + 90, pace.ready(now, urgent=True) > now + 90) == (True, urgent)


async def test_a_refused_token_is_a_trouble_until_it_is_taken_again(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    server.faults.add(Fault("*", Kind.UNAUTHORIZED))
    found = []
    for _ in range(2):
        await channel.send(to(ines))
        found.append(channel.trouble)

    assert found == ["token", None]


async def test_a_courtesy_is_said_and_a_chat_that_asks_too_often_is_not_answered(
    server: TelegramServer, channel: TelegramChannel, ines: User
) -> None:
    for number in range(6):
        await channel.say(str(ines.id), f"Who are you? {number}")

    assert ines.heard() == [f"Who are you? {number}" for number in range(4)]


@pytest.mark.parametrize("kind", [Kind.RESET_BEFORE, Kind.UNAUTHORIZED, Kind.FORBIDDEN, Kind.GARBAGE, Kind.TOO_MANY])
async def test_a_courtesy_that_fails_raises_nothing(
    server: TelegramServer, channel: TelegramChannel, ines: User, kind: Kind
) -> None:
    server.faults.add(Fault("*", kind))

    await channel.say(str(ines.id), "Who are you?")


async def test_without_limits_there_is_no_pace(server: TelegramServer, ines: User) -> None:
    channel = TelegramChannel(server.token, server.url, limited=False)
    server.faults.add(Fault("*", Kind.TOO_MANY))

    assert (channel.pace, await channel.send(to(ines))) == (None, NotSent(timedelta(seconds=1)))
    await channel.close()
