"""Whoever is erased is nowhere any more: not in the database, its log, what others were told, nor the logs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from bot.handlers.privacy.erase import left_of
from bot.handlers.privacy.erasure_requests import decide, waiting_for
from bot.store.db import Tx
from bot.store.erasures import Erasure, Stage
from bot.store.keys import Unreadable
from bot.store.messages import OutboxRow
from bot.store.people import Person
from bot.store.records import AuditRow
from bot.store.stays import StayRow
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.erased import CANARY, a_life, bytes_of, closed, erase_now, erased, over
from tests.handlers.privacy.people import at_home, person
from tests.journeys.conftest import Begin
from tests.journeys.families import SONIA, family


async def test_nothing_of_whoever_is_erased_is_left_anywhere(
    begin: Begin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journey = await a_life(begin, tmp_path)
    numbers = await journey.do(lambda tx: [person(tx, ref).id for ref in ("lina", "lina~1", "lina~2")])
    assert CANARY.encode() in bytes_of(journey)

    with structlog.testing.capture_logs() as logs:
        number = await erased(journey)

    assert CANARY.encode() not in bytes_of(journey)
    assert CANARY not in json.dumps(logs, default=str) + capsys.readouterr().out
    assert await journey.do(lambda tx: [left_of(tx, each) for each in numbers]) == [{}, {}, {}]
    assert number.count("-") == 5


async def test_what_remains_names_nobody(begin: Begin, tmp_path: Path) -> None:
    journey = await a_life(begin, tmp_path)
    lina = await journey.do(lambda tx: person(tx, "lina").id)
    await erased(journey)

    def remaining(tx: Tx) -> tuple[Any, ...]:
        row = tx.rows.scalars(select(Erasure)).one()
        reads = select(AuditRow.target, AuditRow.detail).where(AuditRow.action == "read answers")
        told = [
            each.message["values"] for each in tx.rows.scalars(select(OutboxRow)) if "who" in each.message["values"]
        ]
        return row.stage, row.person_id, sorted(row.counts), tx.rows.execute(reads).all(), told

    stage, whose, kinds, reads, told = await journey.do(remaining)

    assert (stage, whose) == (Stage.DONE, None)
    assert kinds == ["answers", "cases", "contact", "family", "identity", "messages", "papers", "stay", "team", "trail"]
    assert reads == [("stay erased", {})]
    assert told == [{"who": "…", "list": {"list": ["…", "Noémie A."]}}]
    assert await journey.do(lambda tx: person(tx, "noemie").full_name) == "Noémie Abadie"
    trail = await journey.do(lambda tx: [f"{row.actor} {row.target}" for row in tx.rows.scalars(select(AuditRow))])
    assert [each for each in trail if f"person {lina}" in each.replace(f"person {lina}0", "")] == []


async def test_the_files_key_goes_and_with_it_the_file_in_every_backup(begin: Begin, tmp_path: Path) -> None:
    journey = await a_life(begin, tmp_path)
    lina = await journey.do(lambda tx: person(tx, "lina").id)
    ring = journey.db.keys
    assert ring is not None
    sealed = ring.seal(lina, b"a paper")

    await erased(journey)

    with pytest.raises(Unreadable):
        ring.open(lina, sealed)


async def test_while_a_case_is_open_or_the_stay_not_over_an_adult_decides(begin: Begin, tmp_path: Path) -> None:
    journey = await family(begin, "lina")
    journey.db.erased = Tombstones(tmp_path / "erased")
    await journey.do(at_home)
    await journey.until("2027-03-15 09:00")
    await journey.say("lina", "SOS")
    journey.heard("lina")
    journey.heard("nadia")

    await journey.say("lina", "/effacer")
    await journey.press("lina", "Yes, erase it")
    await journey.press("lina", "Erase it for good")

    assert journey.heard("lina")[-1] == (
        "Noted. An adult looks at it first, because a situation is still being followed and the stay is not over. "
        "Nadia Ferhaoui has until 14 April 2027 to decide, and I tell you then."
    )
    assert journey.heard("nadia")[-1].startswith("Lina Haddouche asks that all that is held about them be erased.")

    def decided(tx: Tx, ref: str) -> str:
        row = tx.rows.scalars(select(Erasure)).one()
        return decide(tx, person(tx, ref), row.id, yes=True)

    assert [await journey.do(decided, ref) for ref in ("yann", "pascale", "nadia")] == ["missing", "missing", "case"]
    await erase_now(journey)
    assert await journey.do(lambda tx: [row.ref for row in _people(tx, "lina")]) == ["lina"]
    await journey.do(closed)
    assert await journey.do(lambda tx: len(waiting_for(tx, person(tx, "nadia")))) == 1
    assert await journey.do(decided, "nadia") == "erased"
    await erase_now(journey)
    assert await journey.do(lambda tx: _people(tx, "lina")) == []


def _people(tx: Tx, ref: str) -> list[Person]:
    return list(tx.rows.scalars(select(Person).where(Person.ref == ref)))


async def test_who_thinks_again_keeps_everything(begin: Begin) -> None:
    journey = await family(begin, "lina")

    await journey.say("lina", "/erase")
    await journey.press("lina", "Yes, erase it")
    await journey.press("lina", "Keep it")

    assert journey.heard("lina")[-1] == "All right, everything stays as it is."
    assert await journey.do(lambda tx: tx.rows.scalar(select(func.count()).select_from(Erasure))) == 0


async def test_a_cry_after_the_asking_comes_first(begin: Begin, tmp_path: Path) -> None:
    journey = await family(begin, "lina")
    journey.db.erased = Tombstones(tmp_path / "erased")
    await journey.do(over)
    await journey.say("lina", "/erase")
    await journey.press("lina", "Yes, erase it")
    await journey.press("lina", "Erase it for good")
    await journey.say("lina", "SOS")

    await erase_now(journey)

    row = await journey.do(lambda tx: tx.rows.scalars(select(Erasure)).one())
    assert (row.stage, row.why) == (Stage.ASKED, ["case"])
    assert journey.heard("nadia")[-1].startswith("Lina Haddouche asks that")


async def test_a_parent_goes_alone(begin: Begin, tmp_path: Path) -> None:
    journey = await family(begin, "lina", agree=(SONIA,))
    journey.db.erased = Tombstones(tmp_path / "erased")

    await journey.say(SONIA, "/erase")
    await journey.press(SONIA, "Yes, erase it")
    await journey.press(SONIA, "Erase it for good")
    await erase_now(journey)

    assert await journey.do(lambda tx: (_people(tx, SONIA), len(_people(tx, "lina")))) == ([], 1)
    assert await journey.do(lambda tx: tx.rows.scalar(select(func.count()).select_from(StayRow))) == 1
