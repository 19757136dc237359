"""The end of files: past their date, or of a stay that falls through, nothing of them is left."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from bot.handlers.conversation.file_collection import expire_proofs, forget_proofs
from bot.store.db import Tx
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from tests.handlers.conversation.hands import Hands, photo, stay_of
from tests.journeys.driver import cancel

END = datetime(2027, 6, 25, 22, tzinfo=UTC)
"""Ninety whole days after Lina's return, 27 March 2027, on the clocks of Paris."""


async def kept(hands: Hands, ref: str = "lina") -> None:
    hands.ask(ref, "agreement")
    hands.send(ref, f"photo of {ref}", photo())
    await hands.collect()


def left(hands: Hands) -> list[int]:
    return [number for (number,) in hands.rows(select(ProofRow.id).order_by(ProofRow.id))]


async def test_a_file_is_deleted_at_its_end_and_not_before(hands: Hands) -> None:
    await kept(hands)
    assert hands.rows(select(ProofRow.ends_at)) == [(END,)]
    hands.clock.move_to(END.replace(hour=21, minute=59))
    assert (hands.db.run(expire_proofs), left(hands)) == (0, [1])
    hands.clock.move_to(END)
    assert (hands.db.run(expire_proofs), left(hands)) == (1, [])
    audited = hands.rows(select(AuditRow.actor, AuditRow.action, AuditRow.target))
    assert audited == [("retention", "delete", "proof 1")]


async def test_a_stay_that_was_put_off_keeps_its_files_for_longer(quick: Hands) -> None:
    def put_off(tx: Tx) -> None:
        stay_of(tx, "lina").back = date(2027, 4, 27)

    await kept(quick)
    quick.db.run(put_off)
    quick.clock.move_to(END)
    assert (quick.db.run(expire_proofs), left(quick)) == (0, [1])
    assert quick.rows(select(ProofRow.ends_at)) == [(datetime(2027, 7, 26, 22, tzinfo=UTC),)]


async def test_a_programme_that_no_longer_asks_for_it_keeps_it_no_longer_than_was_promised(quick: Hands) -> None:
    await kept(quick)
    out = quick.db.programme.outgoing.model_copy(update={"before": ()})
    quick.db.programme = quick.db.programme.model_copy(update={"outgoing": out})
    quick.clock.move_to(END)
    assert quick.db.run(expire_proofs) == 1


async def test_a_stay_that_falls_through_loses_its_files_and_no_other_does(quick: Hands) -> None:
    await kept(quick)
    await kept(quick, "noemie")
    quick.db.run(lambda tx: cancel(tx, stay_of(tx, "lina").id))
    assert (quick.db.run(expire_proofs), left(quick)) == (1, [2])
    assert quick.db.run(lambda tx: forget_proofs(tx, stay_of(tx, "noemie"))) == 1
    assert left(quick) == []


async def test_what_was_never_kept_ends_too(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.send("lina", "film", mime="video/mp4")
    quick.clock.move_to(END)
    assert quick.db.run(expire_proofs) == 1


async def test_nothing_of_a_deleted_file_is_left_on_the_disk(quick: Hands) -> None:
    await kept(quick)
    ((content,),) = quick.rows(select(ProofRow.content))
    assert content[:64] in quick.on_disk()
    quick.clock.move_to(END)
    quick.db.run(expire_proofs)
    with quick.db.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    assert content[:64] not in quick.on_disk()
