"""Figures at the desk: right, and silent about few; for whoever may see them."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.level import Level
from bot.domain.person import Role
from bot.domain.stay import Kind
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.people import Person, RoleHeld, by_ref
from bot.store.stays import Mark, StayRow, current_stay
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send

COPIED = ("school_id", "kind", "track", "country", "city", "zone", "home_zone", "departure", "start", "end", "back")


def like_lina(tx: Tx, group: str, count: int, missed: int, kind: Kind = Kind.OUTGOING) -> None:
    """So many learners of a class, each asked four times; the first of them had a case that was taken after half an hour."""
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    model = current_stay(tx.rows, lina.id)
    assert model is not None
    for number in range(count):
        person = Person(ref=f"{group}{number}", first_name="A", last_name="B", school_id=model.school_id, roles=[RoleHeld(role=Role.LEARNER)])  # fmt: skip
        stay = StayRow(
            person=person, class_name=group, **({name: getattr(model, name) for name in COPIED} | {"kind": kind})
        )
        tx.rows.add(stay)
        tx.rows.flush()
        for week in range(4):
            at = tx.now - timedelta(weeks=4 - week)
            outcome = "missed" if week < missed else "answered"
            tx.rows.add(Mark(stay_id=stay.id, touchpoint="check_in", occurrence=str(week), outcome=outcome, at=at))
        case = CaseRow(
            stay_id=stay.id, topic="missed", level=Level.TODAY, opened_at=tx.now - timedelta(hours=1), closed_at=tx.now
        )
        tx.rows.add(case)
        tx.rows.flush()
        tx.rows.add(CaseEvent(case_id=case.id, at=tx.now - timedelta(minutes=30), kind="taken"))


async def test_figures_are_right_and_hide_few(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules", "karim")
    for group, count, missed in (("1A", 8, 1), ("1B", 6, 2), ("1C", 2, 4)):
        await journey.db.transact(like_lina, group, count, missed)

    nadia, pascale = await visit(journey, "nadia"), await visit(journey, "pascale")
    page = plain(await nadia.get("/figures"))

    assert "Lycée Valmer 16 56 % 1A 8 75 % 1B hidden hidden 1C hidden hidden" in page
    assert "Lycée Valmer 16 10 days 1A 8 7 days 1B hidden hidden 1C hidden hidden" in page
    assert "none 0 up to a week 8 up to two weeks hidden longer hidden" in page
    assert "Lycée Valmer 16 30 mins 1A 8 30 mins 1B hidden hidden" in page
    assert "within 15 minutes 0 within an hour 16 within a day 0 later 0" in page
    assert "Ombelle" not in page
    assert (await pascale.get("/figures")).status_code == 404
    assert "1 adult of the staff left in these twelve months (target 3)" in page
    assert "Learners who leave School and class Learners Achieved Lycée Valmer 17 17 1A 8 8 1B hidden hidden" in page
    assert (
        "Learners who leave for long (8 weeks or more) target 10 School and class Learners Achieved Lycée Valmer 0 none"
        in page
    )
    assert "Holders of a social grant target 70 % School and class Learners Achieved Lycée Valmer 17 0 % 1A 8" in page
    taken = await send(nadia, "/figures")
    assert (taken.status_code, taken.content[:2]) == (200, b"PK")
    assert (await send(pascale, "/figures")).status_code == 404

    await journey.db.transact(like_lina, "1V", 7, 0, Kind.VIRTUAL)
    page = plain(await nadia.get("/figures"))

    assert "virtual exchange 7" in plain(await nadia.get("/"))
    assert "Learners in virtual exchanges School and class Learners Achieved Lycée Valmer 7 7 1V 7 7" in page
    assert "Learners who leave School and class Learners Achieved Lycée Valmer 17 17 1A 8 8 1B hidden hidden" in page
