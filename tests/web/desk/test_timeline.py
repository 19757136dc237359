"""A stay in order of time, as an adult reads it: a contact says what became of it, and nobody reads of a case that is not theirs."""

from __future__ import annotations

import pytest

from bot.domain.occasion import Kind
from bot.domain.offset import parse_offset
from bot.domain.programme import Message
from bot.handlers.say.marks import mark, set_item
from bot.store.db import Tx
from bot.web.desk.labels import TITLES, title
from tests.journeys.conftest import Begin
from tests.journeys.desks import stay_of
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrived
from tests.web.desk.conftest import Visit, plain

HELD = ("family.left", "once", "held", "A word to the family · held back: an adult is on it")
BECAME = (
    ("check_in", "2027-03-14", "paused", "Weekly check-in · paused"),
    ("check_in", "2027-03-21", "moved", None),
    ("check_in", "2027-03-28", "expired", None),
    ("attendance", "2027-03-12", "missed", "Days at work · no answer"),
    ("tutor.presence", "once", "no", "Host tutor · answered"),
    ("tutor.link", "once", "held back", None),
    ("external.employer", "a", "nothing open", None),
    ("external.employer", "b", "told", "A letter to the employer or the partner school, where there is something to do · told"),
    ("unlisted", "once", "asked", "not in the sheet any more · asked"),
    HELD,
)  # fmt: skip


async def keep(journey: Journey, *became: tuple[str, str, str, str | None]) -> None:
    def noted(tx: Tx) -> None:
        for touchpoint, occurrence, outcome, _said in became:
            mark(tx, stay_of(tx, "lina").id, (touchpoint, occurrence), outcome)

    await journey.do(noted)


async def test_a_contact_says_what_became_of_it(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await keep(journey, *BECAME)

    page = plain(await (await visit(journey, "nadia")).get(f"/learners/{journey.stay('lina')}"))

    for touchpoint, _occurrence, outcome, said in BECAME:
        assert (said is None) or said in page, (touchpoint, outcome)
    assert "4 planned contacts were not sent: their time had passed." in page  # two of them before she began
    assert [page.count(each) for each in ("Weekly check-in ·", "Host tutor ·", "A letter to the employer")] == [1, 1, 1]


async def test_what_was_taken_back_is_to_do(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.do(lambda tx: set_item(tx, stay_of(tx, "lina"), "ehic", "todo", None, None))

    page = plain(await (await visit(journey, "nadia")).get(f"/learners/{journey.stay('lina')}"))

    assert "○ European Health Insurance Card (EHIC) · to do" in page


async def test_what_only_the_message_will_know_is_left_open(begin: Begin) -> None:
    journey = begin()
    asked = Message(id="soon", at=parse_offset("J-3"), text="{name}: {days} days to {city}. {tutor} waits.")
    told = journey.programme.outgoing.model_copy(update={"messages": (asked,)})
    programme = journey.programme.model_copy(update={"outgoing": told})
    await journey.enrol("lina")

    named = await journey.do(lambda tx: title(programme, stay_of(tx, "lina"), "message.soon", "en"))

    assert named == "Lina: … days to Leipzig. … waits."


@pytest.mark.parametrize("kind", sorted(set(Kind) - {Kind.ITEM, Kind.MESSAGE, Kind.OVERDUE, Kind.OUTREACH}))
def test_every_kind_of_contact_has_words(kind: Kind) -> None:
    assert kind in TITLES


@pytest.mark.parametrize(("ref", "reads"), [("cathy", True), ("luc", False)])
async def test_that_the_family_is_not_written_to_is_no_word_for_whom_the_learner_accuses(
    begin: Begin, visit: Visit, ref: str, reads: bool
) -> None:
    journey = begin()
    await arrived(journey)
    await journey.say("lina", "monsieur PERRICHON me touche")
    await keep(journey, HELD)

    page = plain(await (await visit(journey, ref)).get(f"/learners/{journey.stay('lina')}"))

    assert ("an adult is on it" in page, "Case opened" in page) == (reads, reads)
