"""Whether alerts have somewhere to go, school by school and stay by stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.__main__ import main
from bot.clock import SimulatedClock
from bot.doctor import team
from bot.domain.programme import Programme
from bot.domain.programme.model import Closure
from bot.store.db import Database, Tx
from bot.store.keys import key_ring
from bot.store.people import Address, Person

BEFORE, ABROAD = date(2026, 11, 2), date(2027, 3, 10)


@pytest.fixture
def school(
    folder: Path,
    clock: SimulatedClock,
    programme: Programme,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Database]:
    for name in ("consortium.toml", "roster.csv"):
        main(["import", str(folder / name), "--config", str(folder / "config.toml")])
    capsys.readouterr()
    db = Database(
        f"sqlite:///{folder / 'data' / 'compagnon.db'}", clock, programme, keys=key_ring(folder / "data" / "keys")
    )
    yield db
    db.close()


def joins(tx: Tx, *refs: str) -> None:
    """These people have confirmed an address."""
    for ref in refs:
        person = tx.rows.scalars(select(Person).where(Person.ref == ref)).one()
        tx.rows.add(
            Address(
                person_id=person.id, channel="web", native=ref, state="confirmed", created_at=tx.now, used_at=tx.now
            )
        )


def found(db: Database, today: date, school: str) -> list[tuple[str, str, str]]:
    """What is said that names a school."""
    said = db.run(lambda tx: list(team.people(tx.rows, today)))
    return [(each.level.value, each.what, each.cure) for each in said if school in each.what]


def test_coordinator_and_deputy_who_can_be_reached_are_fine(school: Database) -> None:
    school.run(joins, "nferhaoui", "lperrichon")
    assert found(school, BEFORE, "valmer") == [
        ("fine", "valmer: nferhaoui, lperrichon can be reached and can take a case", "")
    ]


def test_coordinator_alone_is_not_enough(school: Database) -> None:
    school.run(joins, "nferhaoui")
    assert found(school, BEFORE, "valmer") == [
        (
            "broken",
            "valmer: no second adult can be reached (there are: lperrichon, castruc, jbomparet)",
            "python3 run.py invite lperrichon",
        )
    ]


def test_deputies_without_their_coordinator_are_told_of(school: Database) -> None:
    school.run(joins, "lperrichon", "castruc")
    assert found(school, BEFORE, "valmer") == [
        ("broken", "valmer: the coordinator (nferhaoui) has no confirmed address", "python3 run.py invite nferhaoui")
    ]


def test_whoever_has_no_stay_to_come_may_wait(school: Database) -> None:
    assert {level for level, _what, _cure in found(school, date(2028, 1, 1), "valmer")} == {"look"}


def test_every_stay_abroad_needs_two_adults_now(school: Database) -> None:
    school.run(joins, "nferhaoui", "lperrichon")
    said = school.run(lambda tx: list(team.people(tx.rows, ABROAD)))
    abroad = [each.what for each in said if "abroad" in each.what]
    assert abroad == [
        f"{ref} is abroad, and 0 adults of tellier or of the consortium can be reached"
        for ref in ("TEL-27-01", "TEL-27-02", "TEL-27-21")
    ]


def test_a_school_that_the_programme_names_and_nobody_knows_is_said(school: Database, programme: Programme) -> None:
    closed = Closure(start=BEFORE, end=BEFORE, schools=("valmer", "tellierr"))
    named = programme.model_copy(update={"hours": programme.hours.model_copy(update={"closures": (closed,)})})
    said = school.run(lambda tx: list(team.named_schools(tx.rows, named)))
    assert [(each.level.value, each.what, each.cure) for each in said] == [
        (
            "broken",
            'hours.closures no. 1, schools: "tellierr" is none of the schools in consortium.toml; did you mean "tellier"?',
            "write the reference as it stands in consortium.toml",
        )
    ]
