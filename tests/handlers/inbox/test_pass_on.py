"""No word falls on the floor: it is understood, or an adult has it, or its author hears that it was not read."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.messages import Attached, Incoming, Sort, Unseen
from bot.handlers.inbox.dispatch import dispatch
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import abroad, cases, check_in_asked, forget
from tests.journeys.words import DANGER, OPENING

OFFER = "I am a robot and did not understand this. Shall I pass it to {}? In danger: SOS. [Yes, pass it on] [No]"
NOTED = "Thank you. Nadia Ferhaoui will answer you."
ADDED = "I have added this for Nadia Ferhaoui."
OFFER_UNSEEN = (
    "I am a robot: I cannot listen, watch or look up a place. Do you need help? Shall I tell {} that you sent this? "
    "[Yes, pass it on] [No] [SOS: I need help now]"
)
KEPT = "All right, I pass nothing on. To reach somebody: /question and your words. In danger: SOS."
HEARD = "I am a robot and understand little. /help shows what I can do. If you need somebody, write SOS."
WAITS = "I have added this to what I told the adults; nobody has answered me yet. If you are in danger, call 112."
UKRAINIAN = "у мене проблема з житлом"


def sends(tx: Tx, sort: Sort, text: str = "", unseen: Unseen | None = None) -> None:
    """What a platform can bring and a page of ours cannot."""
    row = InboxRow(channel="web", native=sort.value, raw={}, received_at=tx.now)
    tx.rows.add(row)
    tx.rows.flush()
    dispatch(tx, row.id, {"web": lambda native, _raw: Incoming("web", "lina", native, text, sort=sort, unseen=unseen)})


def outcomes(journey: Journey) -> list[object]:
    """Of the messages since the arrival was said."""
    return [outcome for (outcome,) in journey.ask(select(InboxRow.outcome).order_by(InboxRow.id))]


@pytest.mark.parametrize("yes", ["yes", "1", "Yes, pass it on", "oui"])
async def test_what_is_not_understood_is_offered_on_and_an_adult_reads_it(begin: Begin, yes: str) -> None:
    journey = await abroad(begin)
    await journey.say("lina", UKRAINIAN)
    assert journey.heard("lina") == [OFFER.format("Nadia Ferhaoui")]

    await journey.say("lina", yes)
    await journey.until("2027-03-08 10:00")
    await journey.press("nadia", "read")

    assert journey.heard("lina")[0] == NOTED
    assert journey.heard("nadia")[-1] == f"Lina H. writes: « {UKRAINIAN} »"
    assert cases(journey) == [("question", "today", None)]
    assert outcomes(journey)[-3:] == ["handed", "understood", "understood"]


async def test_it_is_offered_once_and_all_the_words_go_with_the_yes(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", UKRAINIAN)
    await journey.say("lina", "дуже холодно")
    assert journey.heard("lina") == [OFFER.format("Nadia Ferhaoui"), HEARD]

    await journey.press("lina", "Yes, pass it on")
    await journey.say("lina", "і ще одне")

    assert journey.heard("lina") == [NOTED, ADDED]
    assert outcomes(journey)[-4:] == ["handed", "handed", "understood", "handed"]
    kinds = journey.ask(select(CaseEvent.kind).where(CaseEvent.kind == "matter"))
    assert kinds == [("matter",)] * 3


async def test_a_no_passes_nothing_on_and_says_how_to_reach_somebody(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", UKRAINIAN)

    await journey.say("lina", "no")
    await journey.say("lina", "дуже холодно")

    assert journey.heard("lina") == [OFFER.format("Nadia Ferhaoui"), KEPT, HEARD]
    assert cases(journey) == []
    assert outcomes(journey)[-3:] == ["unread", "understood", "unread"]


async def test_a_story_under_a_question_is_offered_on_and_the_question_comes_again(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)
    await journey.say("lina", "it rains all day")
    assert journey.heard("lina") == [OFFER.format("Nadia Ferhaoui")]

    await journey.say("lina", "2")

    assert journey.heard("lina") == [KEPT, OPENING]


@pytest.mark.parametrize(
    "words",
    ["I would like to speak to Nadia", "je voudrais parler à quelqu'un", "¿puedo hablar con la coordinadora?"],
)
async def test_to_speak_to_an_adult_is_an_ordinary_need(begin: Begin, words: str) -> None:
    journey = await abroad(begin)

    await journey.say("lina", words)

    assert journey.heard("lina") == [NOTED]
    assert cases(journey) == [("question", "today", None)]


async def test_to_speak_to_somebody_else_is_none(begin: Begin) -> None:
    journey = await abroad(begin)

    await journey.say("lina", "I would like to speak to Brunhilde")

    assert journey.heard("lina") == [OFFER.format("Nadia Ferhaoui")]
    assert cases(journey) == []


async def voiced(begin: Begin) -> Journey:
    """Lina sends a voice message out of the blue."""
    journey = await abroad(begin)
    journey.received = journey.watch.received = journey.received + 1
    await journey.do(sends, Sort.OTHER, "", Unseen.VOICE)
    assert journey.heard("lina") == [OFFER_UNSEEN.format("Nadia Ferhaoui")]
    return journey


async def test_a_voice_message_may_be_told_of_to_an_adult(begin: Begin) -> None:
    journey = await voiced(begin)

    await journey.press("lina", "Yes, pass it on")

    assert journey.heard("lina") == ["Thank you. Nadia Ferhaoui will answer you."]
    await journey.until("2027-03-08 10:00")
    await journey.press("nadia", "read")
    assert journey.heard("nadia")[-1] == "Lina H. writes: « 🎤 (voice message) »"
    assert cases(journey) == [("question", "today", None)]
    assert outcomes(journey)[-3:] == ["handed", "understood", "understood"]


async def test_whoever_needs_help_after_a_voice_message_has_cried_for_it(begin: Begin) -> None:
    journey = await voiced(begin)

    await journey.press("lina", "SOS: I need help now")

    assert journey.heard("lina")[0] == DANGER
    assert cases(journey) == [("sos", "now", None)]
    assert outcomes(journey)[-2:] == ["handed", "understood"]


async def test_a_picture_out_of_the_blue_is_asked_about_abroad_and_no_paper_at_home(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    forget(journey)

    def photographed(tx: Tx, name: str, album: str) -> None:
        tx.rows.add(row := InboxRow(channel="web", native=name, raw={}, received_at=tx.now))
        tx.rows.flush()
        photo = Incoming("web", "lina", name, "look", file=Attached(name, "image/jpeg"), album=album)
        dispatch(tx, row.id, {"web": lambda _native, _raw: photo})

    async def photo(name: str, album: str = "") -> list[str]:
        journey.received = journey.watch.received = journey.received + 1
        await journey.do(photographed, name, album)
        return journey.heard("lina")

    at_home = await photo("at home")
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    forget(journey)
    abroad, beside = await photo("abroad", "two"), await photo("from behind", "two")
    once_more = await photo("once more")

    await journey.press("lina", "Yes, pass it on")
    await journey.until("2027-03-08 10:00")
    await journey.press("nadia", "read")

    assert at_home[0] == once_more[0] == "I keep no papers here: show it to Nadia Ferhaoui."
    assert (abroad, beside) == ([OFFER_UNSEEN.format("Nadia Ferhaoui")], [])
    assert "« 📷 (picture)\nlook »" in "\n".join(journey.heard("nadia"))


async def test_words_under_a_video_are_heard_as_words(begin: Begin) -> None:
    journey = await abroad(begin)
    journey.received = journey.watch.received = journey.received + 1

    await journey.do(sends, Sort.OTHER, "my host hits me", Unseen.VIDEO)

    assert cases(journey) == [("distress", "now", None)]


async def test_while_a_cry_is_open_nothing_is_asked_and_all_that_is_sent_stands_in_the_case(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "SOS")
    await journey.until("2027-03-06 20:34")
    await journey.say("lina", UKRAINIAN)
    journey.received = journey.watch.received = journey.received + 1
    await journey.do(sends, Sort.OTHER)
    assert journey.heard("lina")[:2] == [DANGER, WAITS]

    await journey.press("luc", "take")
    await journey.say("lina", "він тут")
    await journey.press("luc", "read")

    assert journey.heard("lina")[-1] == "Luc Perrichon sees this."
    assert journey.heard("luc")[-2:] == [f"Lina H. writes: « {UKRAINIAN} »", "Lina H. writes: « він тут »"]
    kinds = [kind for (kind,) in journey.ask(select(CaseEvent.kind).order_by(CaseEvent.id))]
    assert [kind for kind in kinds if kind.startswith("learner")] == ["learner wrote", "learner sent", "learner wrote"]
    assert set(outcomes(journey)[-5:]) == {"handed", "understood"}


@pytest.mark.parametrize(
    ("words", "outcome"),
    [
        ("SOS", "handed"),
        ("my host hits me", "handed"),
        ("/question where do I sleep on Friday?", "handed"),
        ("/next", "understood"),
        ("/nonsense", "understood"),
        ("stop", "understood"),
        ("we ate fish today", "unread"),
        ("?", "unread"),
    ],
)
async def test_all_words_have_one_of_three_ends(begin: Begin, words: str, outcome: str) -> None:
    journey = await abroad(begin)

    await journey.say("lina", words)

    assert outcomes(journey)[-1] == outcome
    assert journey.heard("lina") != []


@pytest.mark.parametrize("sort", [Sort.OTHER, Sort.FORWARD, Sort.SEALED, Sort.UNSURE])
async def test_what_is_no_words_is_said_not_to_be_read(begin: Begin, sort: Sort) -> None:
    journey = await abroad(begin)

    journey.received = journey.watch.received = journey.received + 1
    await journey.do(sends, sort)

    assert outcomes(journey)[-1] == "unread"
    assert journey.heard("lina") != []


async def test_an_adults_reply_settles_a_question_and_nothing_else(begin: Begin) -> None:
    journey = await abroad(begin)
    await journey.say("lina", "/question Where do I change trains?")
    await journey.until("2027-03-08 10:00")

    await journey.say("nadia", "/write Lina In Mannheim, platform 4.")

    assert "« In Mannheim, platform 4. »" in journey.heard("lina")[-1]
    assert journey.ask(select(CaseRow.topic, CaseRow.reason)) == [("question", "replied")]
    assert journey.heard("nadia")[-1] == "Passed on to Lina H."

    await journey.say("lina", "/question And then?")
    await journey.say("lina", "SOS")
    await journey.say("nadia", "/write Lina I am calling you.")
    assert journey.ask(select(CaseRow.topic, CaseRow.closed_at).order_by(CaseRow.id.desc()).limit(1)) == [("sos", None)]
    assert journey.ask(select(CaseEvent.kind).where(CaseEvent.kind == "matter settled")) == [("matter settled",)] * 2
