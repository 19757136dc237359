"""Words come in by every door there is; then the database, its log and a backup of it say none of them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.backup.database import copy_out
from bot.domain.ladder import Closed
from bot.domain.person import Role
from bot.handlers.case import relay
from bot.handlers.case.case import move_case
from bot.store import testimonies
from bot.store.cases import CaseRow
from bot.store.contacts import StayContact
from bot.store.db import Database, Tx
from bot.store.imports import ImportedStay, RosterImport
from bot.store.messages import InboxRow, OutboxRow
from bot.store.people import Guardian
from bot.store.portfolio import DIARY, PortfolioRow
from bot.store.resealing import TABLES, lying
from bot.store.sealed import Sealed
from bot.store.stays import ContactElsewhere, GreenLightRow, ItemState, stays_of_person
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.erased import bytes_of, erased, over
from tests.handlers.privacy.people import at_home, person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family
from tests.shared_keys import RING

WORD = "Zzqword"


async def a_walk(begin: Begin, tmp_path: Path) -> Journey:
    """Lina writes, cries, is answered; adults write of her in every form; her family is named by the sheet."""
    journey = await family(begin, "lina", "noemie", agree=(SONIA,))
    journey.db.keys, journey.db.erased = RING, Tombstones(tmp_path / "erased")
    await journey.do(at_home)
    await journey.do(in_forms)
    await journey.say("lina", f"My {WORD} in the chat")
    await journey.say("lina", f"SOS {WORD}")
    await journey.do(followed)
    journey.received = journey.watch.received = journey.received + 1
    await journey.do(unread)
    return journey


def in_forms(tx: Tx) -> None:
    """What stands in a sheet or a form ends in rows like these."""
    lina, nadia = person(tx, "lina"), person(tx, "nadia")
    stay = stays_of_person(tx.rows, lina.id)[0]
    for each in tx.rows.scalars(select(Guardian).where(Guardian.person_id == lina.id)):
        each.name, each.email, each.phone = f"{WORD} guardian", f"{WORD}@example.org", f"+33{WORD}"
    told = RosterImport(person_id=nadia.id, at=tx.now)
    told.rows.append(ImportedStay(stay_id=stay.id, before={"host": WORD}, after={"host": f"{WORD}2"}))
    tx.rows.add_all(
        [
            StayContact(stay_id=stay.id, role=Role.EMPLOYER, name=WORD, email=f"{WORD}@example.org", phone=WORD),
            PortfolioRow(stay_id=stay.id, kind=DIARY, about="", words=f"Dear {WORD}", at=tx.now),
            testimonies.Testimony(person_id=lina.id, stay_id=stay.id, words=f"It was {WORD}", given_at=tx.now),
            GreenLightRow(stay_id=stay.id, departure=stay.departure, verdict="go", reason=WORD, at=tx.now),
            ContactElsewhere(stay_id=stay.id, person_id=nadia.id, at=tx.now, until=date(2027, 1, 1), how=WORD),
            ItemState(stay_id=stay.id, item="canary", state="done", value=WORD, at=tx.now),
            told,
        ]
    )


def followed(tx: Tx) -> None:
    """An adult writes to her, and says in words how it ended."""
    lina, nadia = person(tx, "lina"), person(tx, "nadia")
    relay.write(tx, nadia, stays_of_person(tx.rows, lina.id)[0], f"{WORD} from Nadia")
    for row in tx.rows.scalars(select(CaseRow).where(CaseRow.closed_at.is_(None))):
        move_case(tx, row, Closed(nadia.id, f"{WORD} is all well"))


def unread(tx: Tx) -> None:
    """What nobody could read lies there as it came."""
    raw = {"address": "lina", "odd": WORD}
    tx.rows.add(InboxRow(channel="web", native="odd", raw=raw, received_at=tx.now, state="quarantined"))


def said(tx: Tx) -> dict[str, int]:
    """In how many rows of each column the words are read."""
    found: dict[str, int] = {}
    for name, table in TABLES.items():
        columns = [column for column in table.columns if isinstance(column.type, Sealed)]
        for row in tx.rows.execute(select(*columns)).all():
            for column, value in zip(columns, row, strict=True):
                if WORD in str(value):
                    found[f"{name}.{column.name}"] = found.get(f"{name}.{column.name}", 0) + 1
    return found


async def test_a_copied_database_says_nothing_of_what_anybody_wrote(
    begin: Begin, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    journey = await a_walk(begin, tmp_path)
    found = await journey.do(said)
    copy_out(str(journey.db.engine.url), tmp_path / "backup.db")

    assert set(found) >= {
        "outbox.message", "outbox.rendered", "inbox.shown", "inbox.raw", "cases.reason", "guardians.name",
        "guardians.email", "guardians.phone", "stay_contacts.name", "portfolio.words", "testimonies.words",
        "green_lights.reason", "contact_elsewhere.how", "item_states.value", "imported_stays.before",
        "imported_stays.after",
    }  # fmt: skip
    assert (WORD.encode() in bytes_of(journey), WORD.encode() in (tmp_path / "backup.db").read_bytes()) == (
        False,
        False,
    )
    assert WORD not in capsys.readouterr().out
    assert {
        name: each.clear for name, each in (await journey.do(lambda tx: lying(tx.rows))).items() if each.clear
    } == {}


@pytest.mark.usefixtures("passing_keys")
async def test_whoever_is_erased_cannot_be_read_in_a_copy_of_before(begin: Begin, tmp_path: Path) -> None:
    journey = await a_walk(begin, tmp_path)
    await journey.do(over)
    before = tmp_path / "before.db"
    with closing(sqlite3.connect(journey.path)) as rows:
        rows.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(journey.path, before)

    await erased(journey)

    copy = Database(f"sqlite:///{before}", journey.clock, journey.programme, durable=False)
    try:
        left, letters = copy.run(said), copy.run(_letters)
    finally:
        copy.close()
    assert WORD.encode() not in bytes_of(journey)
    assert (left, letters) == ({"inbox.raw": 1}, {"…"})


def _letters(tx: Tx) -> set[Any]:
    """What Lina was told, as it is read."""
    lina = person(tx, "lina")
    rows = tx.rows.scalars(select(OutboxRow).where(OutboxRow.person_id == lina.id))
    return {row.message["text"] for row in rows}


@pytest.mark.usefixtures("passing_keys")
async def test_a_cry_is_heard_though_no_word_of_before_can_be_read(begin: Begin) -> None:
    journey = await family(begin, "lina", "noemie", agree=(SONIA,))
    lina = await journey.do(lambda tx: person(tx, "lina").id)
    RING.forget(lina)

    await journey.say("lina", "SOS")

    rows = select(CaseRow.topic, CaseRow.closed_at)
    assert await journey.do(lambda tx: tx.rows.execute(rows).all()) == [("sos", None)]
    assert journey.heard("lina")[-1] != "…"
