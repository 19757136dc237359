"""Chips under a question: which, when, and what a tap of one means."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.choices import START, chips, is_poll, poll, tapped
from bot.channels.matrix.layout import contents, texts
from bot.domain.channel import Sent
from bot.domain.messages import Button, Incoming, Outgoing, Sort
from bot.domain.pace import Pace
from tests.channels.matrix.conftest import Bot, until
from tests.channels.matrix.test_syncing import known, meet
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.synapse.timeline import Message

KEYCAPS = ["1️⃣", "2️⃣", "3️⃣", "4️⃣", "5️⃣", "6️⃣", "7️⃣", "8️⃣", "9️⃣", "🔟"]


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(f"7.{place}", label) for place, label in enumerate(labels))


@pytest.mark.parametrize(
    ("labels", "symbols"),
    [
        ((), ()),
        (("Yes",), ("1️⃣",)),
        (tuple("abcdefghij"), tuple(KEYCAPS)),
        (tuple("abcdefghijk"), ()),
        (("0", "1", "2"), ("0️⃣", "1️⃣", "2️⃣")),
        (("9", "10"), ("9️⃣", "🔟")),
        (("10", "11"), ()),
    ],
)
def test_each_choice_has_the_symbol_of_its_number(labels: tuple[str, ...], symbols: tuple[str, ...]) -> None:
    assert chips(labels) == symbols


def test_numbers_are_shown_as_they_are_and_other_choices_after_theirs() -> None:
    assert texts(Outgoing(7, "@lea:x", "Days?", buttons("0", "1", "2"))) == ["Days?\n\n0 · 1 · 2"]
    assert texts(Outgoing(7, "@lea:x", "Well?", buttons("Yes", "2"))) == ["Well?\n\n1. Yes\n2. 2"]


@pytest.mark.parametrize(
    ("key", "number"),
    [
        *((keycap, str(number)) for number, keycap in enumerate(KEYCAPS, 1)),
        *((circled, str(number)) for number, circled in enumerate("①②③④⑤⑥⑦⑧⑨⑩", 1)),
        ("0️⃣", "0"),
        ("3\u20e3", "3"),
        ("3\ufe0f", "3"),
        ("3", "3"),
        ("10", "10"),
        ("👍", ""),
        ("❤️", ""),
        ("11", ""),
        ("#️⃣", ""),
        ("٣", ""),
        ("", ""),
        ("\ufe0f", ""),
        (None, ""),
        (3, ""),
        ({}, ""),
    ],
)
def test_a_tap_is_the_number_that_its_symbol_shows(key: object, number: str) -> None:
    assert tapped(key) == number


@given(st.lists(st.text(max_size=3), min_size=1, max_size=10, unique=True))
def test_every_chip_is_read_as_a_number_of_its_own(labels: list[str]) -> None:
    found = [tapped(symbol) for symbol in chips(labels)]
    assert len(set(found)) == len(found)
    assert "" not in found


@pytest.fixture
async def lea(homeserver: Homeserver) -> AsyncIterator[Human]:
    async with Human(homeserver, await homeserver.newcomer("Lea")) as lea:
        yield lea


async def asked(channel: MatrixChannel, lea: Human, *labels: str, number: int = 7) -> Message:
    """A question with these choices, as Lea's app shows it."""
    sent = await channel.send(Outgoing(number, lea.user_id, "Ça va ?", buttons(*labels)))
    assert isinstance(sent, Sent)
    return await lea.shown(sent.native)


def about(bot: Bot, channel: MatrixChannel) -> list[Incoming]:
    return [each for each in bot.incoming(channel) if each.sort is not Sort.ELSEWHERE]


async def test_an_alert_with_its_choices_is_one_event(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        alert = Outgoing(7, lea.user_id, "🔴 Léa, à Bergen", buttons("Je prends", "Pas maintenant"), urgent=True)
        sent = await channel.send(alert)
        (shown,) = await lea.hears()
    seen = await lea.asks("GET", f"rooms/{room}/messages?dir=b&limit=100")
    ours = [
        each["event_id"] for each in seen["chunk"] if each["sender"] == bot.account.user_id and "state_key" not in each
    ]

    assert sent == Sent(shown.event)
    assert ours == [shown.event]
    assert shown.content == contents(alert)[0]


async def test_chips_stand_under_a_question_in_the_order_of_its_choices(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        channel.offers.chips = True
        await meet(lea, bot)
        await known(channel, lea.user_id)
        question = await asked(channel, lea, "Oui", "Non", "Moyen")
        await lea.until(lambda: len(question.chips) == 3)
        again = await asked(channel, lea, "Oui", "Non", "Moyen")
        plain = await asked(channel, lea, number=8)
        last = await asked(channel, lea, "Fin", number=9)
        await lea.until(lambda: last.chips)

    assert again is question
    assert question.chips == ["1️⃣", "2️⃣", "3️⃣"]
    assert len(question.reactions) == 3  # sent twice, and put once
    assert plain.chips == []
    assert {who for who, _symbol in question.reactions.values()} == {bot.account.user_id}


async def test_chips_are_left_out_where_messages_may_need_the_pace(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        channel.offers.chips = True
        await meet(lea, bot)
        await known(channel, lea.user_id)
        channel.pace = Pace(rate=0.001, burst=10, chat_rate=1, chat_burst=5, slots=4)
        first = await asked(channel, lea, "1", "2", "3", "4", number=1)
        second = await asked(channel, lea, "a", "b", number=2)
        await lea.until(lambda: len(first.chips) == 4)
        channel.pace, channel.offers.chips = None, False
        third = await asked(channel, lea, "a", "b", number=3)
        channel.offers.chips = True
        last = await asked(channel, lea, "a", number=4)
        await lea.until(lambda: last.chips)

    assert (second.chips, third.chips) == ([], [])


async def test_a_chip_that_the_homeserver_refuses_stops_the_pace_and_hurts_nothing(
    bot: Bot, lea: Human, homeserver: Homeserver
) -> None:
    async with bot.running() as (channel, _syncing):
        channel.offers.chips = True
        await meet(lea, bot)
        await known(channel, lea.user_id)
        channel.pace = Pace(rate=100, burst=100, chat_rate=100, chat_burst=100, slots=4)
        await asked(channel, lea, number=1)
        await homeserver.admin.limits(bot.account.user_id, per_second=1, burst=3)
        question = await asked(channel, lea, "a", "b", "c", "d", number=2)
        await until(lambda: channel.held() > 0)
        await lea.until(lambda: question.chips)
    assert len(question.chips) < 4
    assert bot.kept.told == []


async def test_taps_hearts_and_what_is_taken_back_arrive(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        channel.offers.chips = True
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        question = await asked(channel, lea, "Oui", "Non")
        await lea.until(lambda: len(question.chips) == 2)
        tap = await lea.reacts(question, "2️⃣")
        heart = await lea.reacts(question, "❤️")
        await until(lambda: len(about(bot, channel)) == 2)
        await lea.untaps(room, tap)
        await until(lambda: len(about(bot, channel)) == 3)
        found = about(bot, channel)

    def came(sort: Sort, message: str, **more: Any) -> tuple[Sort, str, str, str]:
        return sort, message, more.get("text", ""), more.get("reply_to", "")

    assert [(each.sort, each.message, each.text, each.reply_to) for each in found] == [
        came(Sort.TAPPED, tap, text="2", reply_to=question.event),
        came(Sort.NODDED, heart, reply_to=question.event),
        came(Sort.UNDONE, tap),
    ]


async def test_what_was_taken_back_before_it_came_is_not_complained_of(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        channel.offers.chips = True
        room = await meet(lea, bot)
        await known(channel, lea.user_id)
        question = await asked(channel, lea, "Oui", "Non")
    tap, said = await lea.reacts(question, "1️⃣"), await lea.says(room, "Oups")
    for event in (tap, said):
        await lea.untaps(room, event)
    async with bot.running() as (channel, syncing):
        await until(lambda: len(about(bot, channel)) == 2)
        await asyncio.sleep(2.5)  # longer than a key is waited for
        found = [(each.sort, each.message) for each in about(bot, channel)]
        waiting = syncing.arrivals.undecrypted.waiting

    assert found == [(Sort.UNDONE, tap), (Sort.UNDONE, said)]
    assert waiting == {}


def test_a_poll_asks_the_last_line_and_names_its_answers_by_their_buttons() -> None:
    said = poll(Outgoing(7, "@lea:x", "Salut\nÇa va ?", buttons("Oui", "Non"), thread="$case"))
    assert said[START]["question"]["body"] == "Ça va ?"
    assert [(each["id"], each["org.matrix.msc1767.text"]) for each in said[START]["answers"]] == [
        ("7.0", "Oui"),
        ("7.1", "Non"),
    ]
    assert said["org.matrix.msc1767.text"] == "Ça va ?\nOui\nNon"
    assert said["m.relates_to"]["event_id"] == "$case"


@pytest.mark.parametrize(("number", "fits"), [(0, False), (1, False), (2, True), (20, True), (21, False)])
def test_a_poll_has_two_choices_and_not_more_than_twenty(number: int, fits: bool) -> None:
    assert is_poll(Outgoing(7, "@lea:x", "?", buttons(*"abcdefghijklmnopqrstu"[:number]))) is fits


@pytest.mark.xdist_group("synapse")
async def test_a_poll_stands_beside_the_question_encrypted_and_is_voted_in(bot: Bot, lea: Human) -> None:
    async with bot.running() as (channel, _syncing):
        await meet(lea, bot)
        await known(channel, lea.user_id)
        channel.offers.chips = channel.offers.polls = True
        question = await asked(channel, lea, "Oui", "Non")
        text, beside = await lea.hears(2)
        alone = await asked(channel, lea, "Fin", number=8)
        await lea.until(lambda: alone.chips)
        await lea.votes(beside, "7.1")
        await lea.votes(beside)
        await until(lambda: len(about(bot, channel)) == 2)
        found = [(each.sort, each.token, each.message) for each in about(bot, channel)]

    assert (text, question.chips) == (question, [])
    assert (beside.kind, beside.encrypted, beside.shield) == (START, True, "")
    assert found == [(Sort.SAID, "7.1", beside.event), (Sort.UNDONE, "", beside.event)]
