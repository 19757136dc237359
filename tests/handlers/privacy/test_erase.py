"""Whoever is erased is nowhere any more: not in the database, its log, what others were told, nor the logs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from bot.domain.ladder import Closed
from bot.domain.messages import Letter
from bot.domain.personal_data import FREE_TEXT, HELD, IN_CLEAR
from bot.domain.programme import Programme
from bot.domain.roster.rows import read_roster
from bot.domain.roster.table import table_from
from bot.domain.stay import Ended
from bot.handlers.case.case import move_case
from bot.handlers.conversation.stay_ends import end_stay
from bot.handlers.people.roster import bring_in, known_schools
from bot.handlers.privacy.erase import Gone, Place, beside, blank_next, erase_again, left_of, made
from bot.handlers.privacy.erasure_requests import decide, due, erase_at_once, waiting_for
from bot.handlers.say.post import post
from bot.store.cases import CaseRow
from bot.store.db import Database, Tx
from bot.store.erasures import Erasure, Stage
from bot.store.keys import Unreadable, key_ring
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.models import Base
from bot.store.people import Person
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow, audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, stays_of_person
from bot.store.tombstones import Tombstones
from bot.store.word_owners import sealed_columns
from tests.conftest import START
from tests.handlers.privacy.people import at_home, person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family
from tests.journeys.people import join, settle_in

CANARY = "Zzqcanary"


async def a_life(begin: Begin, tmp_path: Path) -> Journey:
    """Lina, with a name that is found nowhere else, who has said and done much; Noémie beside her."""
    journey = await family(begin, "lina", "noemie", agree=(SONIA,))
    journey.db.keys, journey.db.erased = key_ring(tmp_path / "keys"), Tombstones(tmp_path / "erased")
    await journey.do(at_home)
    await journey.do(renamed)
    await journey.say("lina", f"My {CANARY} words")
    await journey.say("lina", f"SOS {CANARY}")
    await journey.say("nadia", "/today")
    await journey.say("nadia", "/who")
    await journey.do(over)
    journey.received = journey.watch.received = journey.received + 1
    await journey.do(heard_by_all)
    return journey


def over(tx: Tx) -> None:
    """Lina does not travel after all; what was being followed is closed."""
    for stay in stays_of_person(tx.rows, person(tx, "lina").id):
        end_stay(tx, stay, Ended.WITHDRAWN, None)
    closed(tx)


def renamed(tx: Tx) -> None:
    """Every text of hers, and of those who are known because of her, is a canary."""
    lina = person(tx, "lina")
    for each in (lina, person(tx, "lina~1"), person(tx, "lina~2")):
        each.last_name, each.email, each.phone = (
            f"{CANARY}-{each.id}",
            f"{CANARY}{each.id}@example.org",
            f"+3361{each.id}{each.id}9988",
        )
    lina.first_name = f"{CANARY}-first"
    for stay in stays_of_person(tx.rows, lina.id):
        stay.host = stay.tutor_name = stay.teacher = CANARY


def heard_by_all(tx: Tx) -> None:
    """What was said of her to others, in ways that the flows do not take: words in rows of their own."""
    lina, nadia = person(tx, "lina"), person(tx, "nadia")
    values = {"who": lina.full_name, "list": {"list": [lina.short_name, "Noémie A."]}}
    post(tx, nadia.id, Letter("Tomorrow: {who}. All: {list}.", values), Lane.BROADCAST)
    row = InboxRow(
        channel="web", native="odd", raw={"address": "lina", "odd": CANARY}, received_at=tx.now, state="quarantined"
    )
    tx.rows.add(row)
    session = tx.rows.scalars(select(SessionRow).where(SessionRow.person_id == lina.id)).first()
    assert session is not None
    assert tx.keys is not None
    proof = ProofRow(
        stay_id=session.stay_id, person_id=lina.id, session_id=session.id, item="report", step="file", channel="web",
        native="", state="kept", mime="application/pdf", size=9, content=tx.keys.seal(lina.id, b"%PDF"),
        received_at=tx.now, ends_at=tx.now, due_at=tx.now,
    )  # fmt: skip
    tx.rows.add(proof)
    audit(tx, f"person {nadia.id}", "read answers", f"stay {session.stay_id}")


def closed(tx: Tx) -> None:
    for row in tx.rows.scalars(select(CaseRow)):
        move_case(tx, row, Closed(None, "all_well"))


async def erased(journey: Journey) -> str:
    """She asks for it, is asked twice, and it is done."""
    await journey.say("lina", "/erase")
    await journey.press("lina", "Yes, erase it")
    await journey.press("lina", "Erase it for good")
    number = await journey.do(lambda tx: tx.rows.scalars(select(Erasure)).one().number)
    await erase_now(journey)
    return str(number)


async def erase_now(journey: Journey) -> None:
    """The chore comes by. What came in from whoever is gone is counted no more."""
    await journey.app.chores.erase()
    came = await journey.db.transact(lambda tx: tx.rows.scalar(select(func.count()).select_from(InboxRow)) or 0)
    journey.received = journey.watch.received = came


def bytes_of(journey: Journey) -> bytes:
    """The database as it lies on the disk, with what SQLite keeps beside it."""
    files = sorted(journey.path.parent.glob(f"{journey.path.name}*"))
    return b"".join(each.read_bytes() for each in files)


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


async def test_an_old_backup_that_comes_back_is_erased_again(begin: Begin, tmp_path: Path) -> None:
    journey = await a_life(begin, tmp_path)
    journey.db.put_on_disk()
    old = journey.path.read_bytes()
    await erased(journey)
    journey.close()

    journey.path.write_bytes(old)
    journey.open()
    journey.db.keys, journey.db.erased = key_ring(tmp_path / "keys"), Tombstones(tmp_path / "erased")
    assert CANARY.encode() in bytes_of(journey)
    gone = journey.db.run(erase_again)
    assert isinstance(gone, Gone)
    beside(journey.db, gone)

    assert CANARY.encode() not in bytes_of(journey)
    assert journey.db.run(erase_again) is None
    assert "lina" not in (tmp_path / "erased" / "list").read_text()


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


def test_words_are_looked_for_wherever_they_may_stand() -> None:
    texts = {
        name: {column.name for column in table.columns if str(column.type) in {"JSON"}}
        for name, table in Base.metadata.tables.items()
        if name in HELD
    }
    known = {"stays": {"tags"}, "inbox": {"raw"}, "cases": {"alerted"}, "erasures": {"why", "counts"}}
    assert {
        name: found - set(FREE_TEXT.get(name, "").split()) - known.get(name, set())
        for name, found in texts.items()
        if found - set(FREE_TEXT.get(name, "").split()) - known.get(name, set())
    } == {}


def test_every_free_text_is_sealed_or_named_as_what_lies_in_clear() -> None:
    sealed = {str(column) for table in Base.metadata.sorted_tables for column in sealed_columns(table)}
    texts, clear = (
        {f"{name}.{column}" for name, columns in each.items() for column in columns.split()}
        for each in (FREE_TEXT, IN_CLEAR)
    )
    assert texts - sealed == clear


def test_a_list_of_who_was_erased_says_nothing_and_is_kept_once(tmp_path: Path) -> None:
    stones, day = Tombstones(tmp_path / "a"), datetime(2027, 6, 1, tzinfo=UTC).date()
    stones.add([(7, "VAL-07")], day)
    stones.add([(7, "VAL-07"), (8, "VAL-08")], day)

    assert stones.erased(range(9)) == [7, 8]
    stones.add([(9, "")], day)
    assert stones.days_of(["val 07", "VAL-09", ""]) == {"val 07": day}
    assert len(stones.path.read_text().splitlines()) == 3
    assert "VAL" not in stones.path.read_text()
    with stones.path.open("a") as file:
        file.write("2027-06-01 cut off by a cra")
    assert Tombstones(tmp_path / "a").erased(range(10)) == [7, 8, 9]


def test_a_file_that_names_whoever_was_erased_does_not_bring_them_back(
    quick_database: Database, programme: Programme, tmp_path: Path
) -> None:
    quick_database.erased = stones = Tombstones(tmp_path / "erased")
    stones.add([(7, "VAL-27-06")], date(2026, 3, 1))
    rows = [
        ["Reference", "First name", "Last name", "Birth date", "Track", "School", "Country", "City", "Departure", "Start", "End", "Return"],
        ["val 27 06", "Lina", "Haddouche", "2009-06-19", "vet", "valmer", "DE", "Leipzig", "2026-05-02", "2026-05-04", "2026-05-22", "2026-05-23"],
        ["VAL-27-07", "Noémie", "Abadie", "2009-03-19", "vet", "valmer", "DE", "Leipzig", "2026-05-02", "2026-05-04", "2026-05-22", "2026-05-23"],
    ]  # fmt: skip
    quick_database.run(settle_in, ())
    schools = quick_database.run(known_schools)
    read = read_roster(
        table_from("r.csv", "\n".join(";".join(row) for row in rows).encode()), programme, schools, START.date()
    )
    assert read.problems == ()

    done = quick_database.run(bring_in, read.rows)

    assert done.created == ["VAL-27-07"]
    assert [str(each.says).partition(":")[0] for each in done.refused] == [
        "this person was erased on 1 March 2026, and a file that names them still does not bring them back"
    ]


def a_learner_of_whom_others_were_told(tx: Tx) -> tuple[int, int]:
    """An erasure that is due, and its person."""
    settle_in(tx, ("lina", "noemie"))
    join(tx, "nadia", "lina")
    lina, nadia = person(tx, "lina"), person(tx, "nadia")
    for text in ("Lina Haddouche writes.", "Lina H. again.", "Noémie Abadie writes."):
        post(tx, nadia.id, Letter("{said}", {"said": text}), Lane.BROADCAST)
    over(tx)
    row = made(tx, lina, "operator")
    row.due_at = tx.now
    return row.id, lina.id


def told(tx: Tx) -> list[str]:
    return [each.message["values"]["said"] for each in tx.rows.scalars(select(OutboxRow).order_by(OutboxRow.id)) if "said" in each.message["values"]]  # fmt: skip


def test_what_is_little_is_looked_through_at_once(quick_database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    _number, lina = quick_database.run(a_learner_of_whom_others_were_told)
    assert quick_database.run(blank_next, lina, Place()).over
    monkeypatch.setattr("bot.handlers.privacy.erase.ROWS", 5)

    slices = [Place()]
    while not slices[-1].over:
        slices.append(quick_database.run(blank_next, lina, slices[-1]))
    rows = sum(slices[-1].ends.values())

    assert len(slices) - 1 == -(-rows // 5)
    assert quick_database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes."]


def test_slice_by_slice_on_both_databases_and_what_came_after_the_beginning_is_left_alone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.handlers.privacy.erase.ROWS", 1)
    database.erased = Tombstones(tmp_path / "erased")
    number, lina = database.run(a_learner_of_whom_others_were_told)

    place = database.run(blank_next, lina, Place())
    database.run(lambda tx: post(tx, person(tx, "nadia").id, Letter("{said}", {"said": "SOS: Lina H."}), Lane.ALERT).id)
    while not place.over:
        place = database.run(blank_next, lina, place)
    assert database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes.", "SOS: Lina H."]

    assert database.run(due) == [(number, lina)]
    assert erase_at_once(database, number, lina) is not None
    assert database.run(told) == ["… writes.", "… again.", "Noémie Abadie writes.", "SOS: …"]
    assert database.run(left_of, lina) == {}
    assert database.run(due) == []
