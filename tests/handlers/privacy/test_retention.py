"""Each kind of data goes at its end and not before, nobody's who is still being followed; a dry run says what would."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Select, func, select

from bot.domain.person import Role
from bot.handlers.privacy.erasure_requests import due, erase_at_once
from bot.handlers.privacy.retention import Swept, sweep
from bot.runtime.chores import Chores
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.erased import closed, over
from tests.handlers.privacy.people import person as by_ref
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family

RETURN = datetime(2027, 3, 27, 12, tzinfo=UTC)


def swept(journey: Journey, *, dry: bool = False) -> Counter[str]:
    """Slice after slice, as the night does."""
    found = Swept()
    while found.last is not None:
        found = journey.db.run(partial(sweep, dry=dry), found)
    for number, person in journey.db.run(due) if not dry else ():
        erase_at_once(journey.db, number, person)
    return found.counts


def there(journey: Journey) -> dict[str, int]:
    """How much there is: Lina's messages and answers, cases, the log."""

    def count(tx: Tx) -> dict[str, int]:
        lina = tx.rows.scalar(select(Person.id).where(Person.ref == "lina")) or 0
        answered = [
            row for row in tx.rows.scalars(select(SessionRow).where(SessionRow.person_id == lina)) if row.answers
        ]
        wrote = select(func.count()).select_from(InboxRow).where(InboxRow.person_id == lina)
        told = select(func.count()).select_from(OutboxRow).where(OutboxRow.person_id == lina)
        rows = {"in": tx.rows.scalar(wrote) or 0, "out": tx.rows.scalar(told) or 0}
        whole = {
            name: tx.rows.scalar(select(func.count()).select_from(table)) or 0
            for name, table in {"cases": CaseRow, "log": AuditRow}.items()
        }
        return {"people": int(bool(lina)), "answers": len(answered), **rows, **whole}

    return journey.db.run(count)


async def followed(begin: Begin, tmp_path: Path) -> Journey:
    """Lina is over, with a closed case and a guardian; Noémie's case is open still."""
    journey = await family(begin, "lina", "noemie", agree=(SONIA,))
    journey.db.erased = Tombstones(tmp_path / "erased")
    await journey.say("lina", "SOS")
    await journey.do(over)
    await journey.do(closed)
    await journey.say("noemie", "SOS")
    return journey


async def test_each_kind_goes_at_its_end(begin: Begin, tmp_path: Path) -> None:
    journey = await followed(begin, tmp_path)
    before = there(journey)

    journey.clock.move_to(RETURN + timedelta(days=60))
    assert (swept(journey), there(journey)) == (Counter(), before)

    journey.clock.move_to(RETURN + timedelta(days=91))
    foretold = swept(journey, dry=True)
    assert there(journey) == before, "a dry run deletes nothing"
    assert swept(journey) == foretold
    after = there(journey)
    assert {name for name, count in after.items() if count != before[name]} == {"answers", "in", "out", "log"}
    assert (after["answers"], after["in"]) == (0, 0)
    assert swept(journey) == Counter(), "twice is once"

    journey.clock.move_to(RETURN + timedelta(days=366))
    assert swept(journey)["record"] == 1
    assert there(journey)["people"] == 0


async def test_whoever_is_still_followed_stays_and_comes_back_by_the_same_reference(
    begin: Begin, tmp_path: Path
) -> None:
    journey = await followed(begin, tmp_path)
    journey.clock.move_to(RETURN + timedelta(days=400))

    swept(journey)

    left = journey.db.run(lambda tx: sorted(each.ref for each in tx.rows.scalars(_outside())))
    assert left == ["noemie", "noemie~1"], "her case is open; Lina's guardians went with her"
    assert journey.db.erased is not None
    assert journey.db.erased.days_of(["lina"]) == {}


def _outside() -> Select[Person]:
    return select(Person).where(Person.roles.any(role=Role.LEARNER) | Person.roles.any(role=Role.PARENT))


async def test_the_night_does_it(begin: Begin, tmp_path: Path) -> None:
    journey = await followed(begin, tmp_path)
    journey.clock.move_to(RETURN + timedelta(days=400))

    await Chores(journey.db, lambda: None).tidy()

    assert there(journey)["people"] == 0
    assert journey.db.run(lambda tx: by_ref(tx, "noemie").ref) == "noemie"


async def test_of_a_guest_nothing_is_kept_longer(begin: Begin) -> None:
    journey = begin()
    await journey.gather("lina", "martina")
    home = datetime(2027, 4, 20, 12, tzinfo=UTC)  # Lina has been back for longer

    journey.clock.move_to(home + timedelta(days=90))
    assert swept(journey, dry=True)["record"] == 0
    journey.clock.move_to(home + timedelta(days=92))

    assert swept(journey, dry=True)["record"] == 1
