"""Two open cases of one learner become one, from the desk and from the chat; nobody comes to know more by it."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.person import Role
from bot.handlers.case.buttons import act_on_case
from bot.handlers.case.case import Matter, open_matter
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.stays import StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing, forget
from tests.web.desk.conftest import Visit, plain, send


def further(tx: Tx, level: Level, topic: str) -> int:
    """Lina has a further stay, and a case of it."""
    stay = tx.rows.scalars(select(StayRow).join(StayRow.person).where(StayRow.person.has(ref="lina"))).first()
    assert stay is not None
    same = {name: getattr(stay, name) for name in ("kind", "track", "country", "city", "zone", "home_zone", "class_name", "tags", "host")}  # fmt: skip
    days = {name: getattr(stay, name).replace(year=2028) for name in ("departure", "start", "end", "back")}
    later = StayRow(person=stay.person, school=stay.school, enrolled_at=stay.enrolled_at, **same, **days)
    tx.rows.add(later)
    tx.rows.flush()
    return open_matter(tx, later, Matter(level, topic)).id


async def two(begin: Begin, level: Level = Level.FOLLOW_UP, topic: str = "question") -> tuple[Journey, int, int]:
    """The first about an arrival, for today; and the second."""
    journey = begin()
    await arrival_missing(journey)
    second = await journey.do(further, level, topic)
    await journey.settle()
    forget(journey)
    return journey, 1, second


def standing(journey: Journey) -> list[tuple[int, bool, str | None]]:
    rows = journey.ask(select(CaseRow.id, CaseRow.closed_at, CaseRow.reason).order_by(CaseRow.id))
    return [(number, closed is None, reason) for number, closed, reason in rows]


async def test_the_graver_goes_on_by_its_own_clock_with_the_log_of_both(begin: Begin, visit: Visit) -> None:
    journey, first, second = await two(begin)
    nadia = await visit(journey, "nadia")
    before = journey.ask(select(CaseRow.wake_at, CaseRow.rung, CaseRow.level).where(CaseRow.id == first))

    page = plain(await nadia.get(f"/cases/{second}"))
    done = await send(nadia, f"/cases/{second}", act="merge", **{"with": str(first)})
    again = await send(nadia, f"/cases/{second}", act="merge", **{"with": str(first)})
    whole = plain(await nadia.get(f"/cases/{first}"))

    assert (
        "Another open case: ● Today No answer to: the arrival. My message was delivered. Make one case of both" in page
    )
    assert [each.headers["location"] for each in (done, again)] == ["/desk/?said=merge", "/desk/?said=nothing"]
    assert standing(journey) == [(first, True, None), (second, False, "followed_elsewhere")]
    assert journey.ask(select(CaseRow.wake_at, CaseRow.rung, CaseRow.level).where(CaseRow.id == first)) == before
    assert "Another case of the same young person ends in this one." in whole
    assert whole.count("Has a question for you.") == 2  # what it is about, and the log
    assert "Make one case of both" not in whole


async def test_who_takes_one_in_the_chat_is_asked(begin: Begin) -> None:
    journey, first, second = await two(begin)

    await journey.press("nadia", "I take it")
    said = journey.heard("nadia")
    await journey.press("nadia", "Make one case of both")

    assert any(each.startswith("Lina H. has another open case:") for each in said)
    assert "Both are one case now." in " ".join(journey.heard("nadia"))
    assert [alive for _number, alive, _reason in standing(journey)] == [True, False]
    assert (first, second) == (1, 2)


async def test_a_cry_stays_with_those_who_may_know_of_it(begin: Begin, visit: Visit) -> None:
    journey, first, cry = await two(begin, Level.TODAY, "distress")
    nadia, teacher = await visit(journey, "nadia"), await visit(journey, "luc")

    def without_ladder(tx: Tx) -> None:
        luc = by_ref(tx.rows, "luc")
        assert luc is not None
        luc.roles = [each for each in luc.roles if each.role == Role.ON_CALL]

    await journey.do(without_ladder)
    blind = plain(await teacher.get(f"/cases/{first}"))
    await send(nadia, f"/cases/{cry}", act="take")
    await send(nadia, f"/cases/{first}", act="merge", **{"with": str(cry)})

    assert "Another open case" not in blind
    assert standing(journey) == [(first, False, "followed_elsewhere"), (cry, True, None)]
    assert (await teacher.get(f"/cases/{cry}")).status_code == 404
    assert "No answer to: the arrival." in plain(await nadia.get(f"/cases/{cry}"))


async def test_what_a_colleague_follows_is_left_to_them(begin: Begin) -> None:
    journey, first, second = await two(begin)

    def by_both(tx: Tx) -> bool:
        nadia, luc = by_ref(tx.rows, "nadia"), by_ref(tx.rows, "luc")
        assert nadia is not None
        assert luc is not None
        act_on_case(tx, luc, {"do": "case", "case": second, "act": "take"})
        return act_on_case(tx, nadia, {"do": "case", "case": first, "act": "merge", "with": second})

    assert await journey.do(by_both) is False
    assert [alive for _number, alive, _reason in standing(journey)] == [True, True]
