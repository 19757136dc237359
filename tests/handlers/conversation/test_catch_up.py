"""Enrolled late: one digest, then one question at a time."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState
from tests.journeys.conftest import Begin

PAPERS = {
    "identity",
    "ehic",
    "exit_permit",
    "housing",
    "insurance",
    "parental_consent",
    "grant_agreement",
    "placement_agreement",
}
GREAT = "Great! One thing at a time. To see it all now: /checklist."


async def test_late_enrolment_is_one_digest_then_one_question_at_a_time(begin: Begin) -> None:
    journey = begin(full=True)
    await journey.gather("lina")
    journey.heard("lina")

    await journey.press("lina", "yes")

    great, digest = journey.heard("lina")
    assert great == GREAT
    assert digest.startswith("These papers are wanted:\n· Identity document\n· European card (EHIC)\n")
    asked, _bracket, buttons = digest.partition(" [")
    papers = [line.removeprefix("· ") for line in asked.splitlines()[1:-1]]
    assert f"[{buttons}" == " ".join(
        f"[{label}]" for label in ("I have them all", "Not all of them", "Tomorrow", *papers)
    ), "each of them is one press away"
    await journey.press("lina", "some")
    assert journey.heard("lina")[0] == "Here is the first one."
    waiting = select(SessionRow.state).where(SessionRow.state.in_(("open", "queued")))
    assert sorted({state for (state,) in journey.ask(waiting)}) == ["open", "queued"]
    assert len(journey.ask(waiting.where(SessionRow.state == "open"))) == 1


async def test_one_thing_of_the_list_can_be_answered_first(begin: Begin) -> None:
    journey = begin(full=True)
    await journey.enrol("lina")
    journey.heard("lina")

    await journey.press("lina", "Insurance certificate")

    receipt, asked = journey.heard("lina")
    assert receipt == "Here is the first one."
    assert "insurance" in asked.lower()
    await journey.press("lina", "have")
    journey.heard("lina")
    await journey.press("lina", "Insurance certificate")
    assert "insurance" in journey.heard("lina")[0].lower(), "from the list it can be answered again"


async def test_whoever_has_all_the_papers_says_so_once_and_an_adult_still_sees_each(begin: Begin) -> None:
    journey = begin(full=True)
    await journey.enrol("lina")
    journey.heard("lina")

    await journey.press("lina", "all")

    assert journey.heard("lina")[0] == "Noted. Show each of them to Nadia Ferhaoui, who ticks it off."
    declared = select(ItemState.item).where(ItemState.state == "declared")
    assert {name for (name,) in journey.ask(declared)} == PAPERS
    left = select(SessionRow.touchpoint).where(SessionRow.flow == "item", SessionRow.state.in_(("open", "queued")))
    assert {name.removeprefix("item.") for (name,) in journey.ask(left)}.isdisjoint(PAPERS)


async def test_a_digest_put_off_comes_one_a_day_and_every_answer_still_counts(begin: Begin) -> None:
    journey = begin(full=True)
    await journey.enrol("lina")
    asked = [title for (title,) in journey.ask(select(SessionRow.touchpoint).where(SessionRow.state == "queued"))]
    journey.heard("lina")
    await journey.press("lina", "later")
    assert journey.heard("lina") == ["All right. One a day, from tomorrow."]

    await journey.until("2027-03-02 12:00")
    assert len(journey.heard("lina")) == 1
    await journey.until("2027-03-03 12:00")

    assert len(asked) > 3
    assert len(journey.heard("lina")) == 1
    await journey.until("2027-03-08 12:00")
    left = select(SessionRow.touchpoint).where(SessionRow.state.in_(("open", "queued")))
    assert [name for (name,) in journey.ask(left) if name.startswith("item.ident")] == []


async def test_an_answer_given_three_weeks_after_it_was_queued_counts(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")

    def queued_long_ago(tx: Tx) -> None:
        for row in tx.rows.scalars(select(SessionRow).where(SessionRow.touchpoint == "item.ehic")):
            row.state, row.asked, row.answers = "queued", None, []
            row.wake_at = row.expires_at = tx.now

    await journey.do(queued_long_ago)
    await journey.press("lina", "have")

    done = select(SessionRow.state, SessionRow.answers).where(SessionRow.touchpoint == "item.ehic")
    assert journey.ask(done) == [("done", [["state", "have"]])]


async def test_papers_that_are_wanted_soon_stand_in_the_same_list_and_only_those_due_are_asked_now(
    begin: Begin,
) -> None:
    """Fewer questions for who has them; nobody is asked for a paper before its time."""
    journey = begin("2026-10-05 09:00", full=True)
    await journey.enrol("lina")
    await journey.press("lina", "Yes, it is valid")
    journey.heard("lina")
    await journey.until("2026-12-15 18:00")

    (asked,) = journey.heard("lina")
    assert asked == (
        "These papers are wanted:\n· Placement agreement\n○ Family's consent – due 5 January 2027\n"
        "○ Your housing – due 20 January 2027\n○ Insurance certificate – due 20 January 2027\n"
        "○ European card (EHIC) – due 13 February 2027\n○ Grant agreement – due 4 February 2027\nDo you have them all? "
        "[I have them all] [Not all of them] [Tomorrow] [Placement agreement]"
    )
    await journey.press("lina", "some")
    assert [line.partition(".")[0] for line in journey.heard("lina")] == [
        "Here is the first one",
        "2/21 · Your placement agreement needs every signature before 5 January 2027: yours, a legal guardian's if you are under 18, the school's and Elektro Winkelmann's",
    ]
