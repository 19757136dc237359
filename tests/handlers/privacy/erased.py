"""A life that leaves traces everywhere, and its erasure."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import func, select

from bot.domain.ladder import Closed
from bot.domain.messages import Letter
from bot.domain.stay import Ended
from bot.handlers.case.case import move_case
from bot.handlers.conversation.stay_ends import end_stay
from bot.handlers.say.post import post
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.erasures import Erasure
from bot.store.keys import key_ring
from bot.store.messages import InboxRow, Lane
from bot.store.records import audit
from bot.store.stays import stays_of_person
from bot.store.tombstones import Tombstones
from tests.handlers.privacy.people import at_home, keep_a_file, person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family

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
    proof = keep_a_file(tx, lina, b"%PDF")
    audit(tx, f"person {nadia.id}", "read answers", f"stay {proof.stay_id}")


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
