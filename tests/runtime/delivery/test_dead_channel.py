"""A channel that is dead for long: an alert takes another path, the case says whom it has not reached, and goes on."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.domain.channel import NotSent
from bot.domain.ladder import Closed
from bot.domain.level import Level
from bot.handlers.case.case import Matter, move_case, open_matter
from bot.handlers.case.matters import what
from bot.i18n import render
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.stays import StayRow
from tests.runtime.delivery.conftest import Office

ALERT = "● Today · Lina H."


def silence(tx: Tx) -> None:
    open_matter(tx, tx.rows.get_one(StayRow, 1), Matter(Level.TODAY, "silent"))


def settled(tx: Tx) -> None:
    move_case(tx, tx.rows.get_one(CaseRow, 1), Closed(None, "answered"))


def lines(tx: Tx) -> list[str]:
    return [render("{line}", "en", {"line": line}) for line in what(tx, tx.rows.get_one(CaseRow, 1))]


def read_by(carried: list[tuple[str, str]], ref: str) -> list[str]:
    return [text.split(",")[0] for native, text in carried if native == ref]


async def dead(office: Office, **lasting: float) -> None:
    """Nothing leaves on the web for so long."""
    office.web.outcomes = [NotSent()] * 10_000
    end = office.clock.now() + timedelta(**lasting)
    while (wake := await office.app.next_wake()) is not None and wake <= end:
        office.clock.move_to(max(wake, office.clock.now()))
        await office.app.settle()
    office.clock.move_to(end)
    await office.app.settle()


async def test_who_has_another_path_is_told_there_within_minutes(office: Office) -> None:
    office.add("email", "nadia")
    office.db.run(silence)

    await dead(office, minutes=5)

    assert [native for native, _text in office.email.take()] == ["nadia"]
    assert office.ask(select(CaseEvent.kind).where(CaseEvent.kind == "not told")) == []


async def test_else_the_next_adult_is_told_at_once_and_the_case_says_who_was_not(office: Office) -> None:
    office.add("email", "luc")
    office.db.run(silence)

    await dead(office, minutes=20)

    assert [native for native, _text in office.email.take()] == ["luc"]
    assert office.db.run(lines)[-1] == "Nadia Ferhaoui could not be told yet: no channel of theirs answers."


async def test_what_a_later_word_stands_for_is_not_sent_when_the_channel_is_back(office: Office) -> None:
    office.db.run(silence)
    await dead(office, hours=7)
    office.web.outcomes = []
    office.web.take()

    await office.deliver(minutes=20)

    assert read_by(office.web.take(), "nadia") == ["Still nobody has taken this case"]
    pending = select(OutboxRow.id).where(OutboxRow.case_id == 1, OutboxRow.state == "pending")
    assert office.ask(pending) == []
    assert "could not be told yet" not in " ".join(office.db.run(lines))


async def test_of_what_ended_meanwhile_nobody_hears_who_never_heard_of_it(office: Office) -> None:
    office.db.run(silence)
    await dead(office, hours=5)
    office.db.run(settled)
    office.web.outcomes = []
    office.web.take()

    await office.deliver(minutes=20)

    assert office.web.take() == []
