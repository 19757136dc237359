"""SOS from a phone in whatever state: answered on the spot, and an adult hears of it as far as somebody can be named."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.clock import SimulatedClock
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import by_ref
from tests.channels.telegram.conftest import until
from tests.journeys.on_telegram import Telegraph
from tests.journeys.test_telegram_conversation import abroad

AT_ONCE = "🆘 Immediate danger: call 112 now. I am a bot, I cannot come."
ASKED = (
    "In danger, call 112 now. I do not know this phone or account. If you have written your first and last name, or your "
    "phone number, and your school is with me, its adults have been told. If not, send SOS and your name now. I am a "
    "robot, I cannot come."
)
CRIED = [("sos", "now")]


def number(tx: Tx, ref: str, phone: str) -> None:
    """The roster gives somebody this phone number."""
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.phone = phone


def cases(bot: Telegraph) -> list[object]:
    return bot.ask(select(CaseRow.topic, CaseRow.level))


async def to_be_confirmed(bot: Telegraph) -> None:
    """Noémie has opened her link, and nobody has said yet that it is her."""
    await bot.join("nadia", "luc")
    bot.phone("noemie").starts(await bot.code("noemie"))
    await bot.settle()


async def test_the_card_is_there_as_soon_as_somebody_is_confirmed_and_not_after_another_phone_is(
    bot: Telegraph,
) -> None:
    await bot.join("nadia")
    bot.phone("noemie").starts(await bot.code("noemie"))
    await bot.settle()
    before = dict(bot.channel.cards)
    await bot.press("nadia", "Yes, it is them")
    confirmed = dict(bot.channel.cards)
    bot.phone("second").starts(await bot.code("noemie", trusted=True))
    await bot.settle()

    assert before == {}
    assert confirmed.keys() == {str(bot.phones["noemie"].id)}
    assert next(iter(confirmed.values())).endswith("On call for your school: +33 6 39 98 00 10.")
    assert bot.channel.cards.keys() == {str(bot.phones["second"].id)}


async def test_in_a_rehearsal_the_cards_are_there_too(bot: Telegraph) -> None:
    await bot.join("noemie")
    expected = dict(bot.channel.cards)
    bot.channel.cards = {}

    async def ready() -> None:
        await until(lambda: bool(bot.channel.cards))

    await bot.app.run(ready())

    assert isinstance(bot.app.db.clock, SimulatedClock)
    assert bot.channel.cards == expected


async def test_one_who_waits_to_be_confirmed_is_heard(bot: Telegraph) -> None:
    await to_be_confirmed(bot)
    bot.heard("noemie"), bot.heard("luc")
    await bot.say("noemie", "SOS")

    assert bot.heard("noemie") == [
        AT_ONCE,
        "In danger, call 112 now. I have told the adults of the school: keep your phone near you. I am a robot, I cannot come.",
    ]
    assert cases(bot) == CRIED
    told = bot.heard("luc")
    assert told[0].startswith("🆘 SOS · Noémie A., ")
    assert told[-1] == (
        "This SOS came from a phone or account of which nobody has said yet that it is Noémie Abadie's: it may be somebody "
        "else's. Please reach Noémie Abadie all the same."
    )


async def test_of_one_who_waits_to_be_confirmed_words_of_danger_are_a_cry(bot: Telegraph) -> None:
    await to_be_confirmed(bot)
    bot.heard("noemie")
    await bot.say("noemie", "j'ai envie de mourir")

    assert bot.heard("noemie") == [
        "In danger, call 112 now. I have told the adults of the school: keep your phone near you. I am a robot, I cannot come.",
    ]
    assert cases(bot) == CRIED


async def test_of_one_who_waits_to_be_confirmed_other_words_wait(bot: Telegraph) -> None:
    await to_be_confirmed(bot)
    bot.heard("noemie")
    await bot.say("noemie", "I lost my passport")

    assert bot.heard("noemie")[0].startswith("Your coordinator has not yet said that it is really you.")
    assert cases(bot) == []


async def test_one_who_was_refused_is_heard(bot: Telegraph) -> None:
    await to_be_confirmed(bot)
    await bot.press("nadia", "No, it is not")
    bot.heard("noemie")
    await bot.say("noemie", "SOS")

    assert [text.split(".")[0] for text in bot.heard("noemie")] == [
        AT_ONCE.split(".", maxsplit=1)[0],
        "In danger, call 112 now",
    ]
    assert cases(bot) == CRIED


@pytest.mark.parametrize(
    "words",
    [
        "SOS Noémie Abadie",
        "sos c'est noemie",
        "SOS je suis abadie noemie lycee valmer",
        "SOS noemi abadie, i lost my phone",
        "help me please i am Noémie",
        "SOS 06 39 98 77 55",
        "SOS my number is +33 6 39 98 77 55",
    ],
)
async def test_somebody_unknown_who_says_who_they_are_is_heard(bot: Telegraph, words: str) -> None:
    await bot.begin(abroad)
    await bot.join("luc")
    await bot.do(number, "noemie", "+33639987755")
    bot.heard("luc")
    await bot.say("mallory", words)

    assert bot.heard("mallory") == [AT_ONCE, ASKED]
    assert cases(bot) == CRIED
    told = bot.heard("luc")
    assert told[0].startswith("🆘 SOS · Noémie A., ")
    assert told[-1] == (
        "This SOS came from a phone or account that I do not know (Telegram: Mallory), and names Noémie Abadie. It can be "
        "Noémie Abadie, somebody with them, or nobody: please reach Noémie Abadie now."
    )


async def test_somebody_unknown_who_says_who_they_are_and_that_they_are_in_danger_is_heard(bot: Telegraph) -> None:
    await bot.begin(abroad)
    await bot.join("luc", "cathy")
    bot.heard("luc"), bot.heard("cathy")
    await bot.say("mallory", "c'est Noémie Abadie, j'ai envie de mourir, monsieur PERRICHON me touche")

    assert (bot.heard("mallory"), cases(bot), bot.heard("luc")) == ([ASKED], CRIED, [])
    assert bot.heard("cathy")[0].startswith("🆘 SOS · Noémie A., ")


@pytest.mark.parametrize("words", ["SOS", "SOS je suis Mallory", "SOS 06 00 00 00 00"])
async def test_somebody_unknown_who_names_nobody_is_told_what_to_write(bot: Telegraph, words: str) -> None:
    await bot.begin(abroad)
    await bot.say("mallory", words)

    assert bot.heard("mallory") == [AT_ONCE, ASKED]
    assert cases(bot) == []
