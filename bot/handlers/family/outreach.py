"""Planned messages to those around a learner: posted when their moment comes, and checked once more as they leave."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.external import zone_of
from bot.domain.occasion import Kind, Occasion
from bot.domain.person import Role
from bot.domain.quiet_hours import open_instant
from bot.handlers.case.matters import tutor_meant
from bot.handlers.family import employer, external, host_tutor, status_words
from bot.handlers.say.links import Page, last_instant, link
from bot.handlers.say.marks import mark
from bot.i18n import _, render
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address, Person
from bot.store.stays import StayRow

STOP = _("To stop these messages: {link}")


def reach_out(tx: Tx, stay: StayRow, occasion: Occasion) -> None:
    """Do what is planned, and note what became of it."""
    if occasion.kind is Kind.EXTERNAL:
        return mark(
            tx, stay.id, occasion.key, external.write(tx, stay, Role(occasion.touchpoint.removeprefix(external.STEP)))
        )
    match occasion.touchpoint:
        case "family.left":
            outcome = status_words.tell(tx, stay, status_words.Ping.LEFT, occasion.occurrence)
        case "family.week":
            outcome = status_words.week(tx, stay, occasion.occurrence)
        case "family.eighteen":
            outcome = status_words.ask_again(tx, stay)
        case _:
            outcome = host_tutor.write(tx, stay)
    return mark(tx, stay.id, occasion.key, outcome)


def concerns(row: OutboxRow) -> bool:
    """Whether a message goes to the family, the host tutor, the employer or the partner's teacher of a learner."""
    return _is(row, status_words.STEP, host_tutor.STEP, external.STEP, employer.STEP)


def _is(row: OutboxRow, *steps: str) -> bool:
    return (row.step or "").startswith(steps)


def still_wanted(tx: Tx, row: OutboxRow, stay: StayRow) -> bool:
    """Whether it is still true, and its reader may still read it."""
    if _is(row, status_words.STEP):
        return status_words.still_true(tx, row, stay)
    if _is(row, employer.STEP):
        return employer.still_so(tx, row, stay)
    if _is(row, external.STEP):
        reader = tx.rows.get_one(Person, row.person_id)
        return not stay.cancelled and tx.now < last_instant(stay) and bool(external.asked_of(tx, stay, reader))
    return not stay.cancelled and tx.now < last_instant(stay) and not tutor_meant(tx, stay)


def opens(tx: Tx, row: OutboxRow, stay: StayRow) -> datetime:
    """When its reader may be written to, on the clocks where they live."""
    if _is(row, status_words.STEP):
        return status_words.family_opens(tx, stay)
    if _is(row, external.STEP, employer.STEP):
        role = Role.EMPLOYER if _is(row, employer.STEP) else Role((row.step or "").removeprefix(external.STEP))
        zone = zone_of(stay.facts(), role)
        return open_instant(tx.programme.hours.team, zone, tx.now)
    return open_instant(tx.programme.hours.team, ZoneInfo(stay.zone), tx.now)


def with_link(tx: Tx, row: OutboxRow, language: str, text: str, labels: list[str]) -> tuple[str, list[str]]:
    """The tutor's page; and by e-mail, where there are no buttons, the page that stops the family's messages."""
    stay, person = tx.rows.get_one(StayRow, row.stay_id), tx.rows.get_one(Person, row.person_id)
    if _is(row, host_tutor.STEP):
        return f"{text}\n{link(tx, person, stay, Page.TUTOR)}", labels
    if _is(row, external.STEP, employer.STEP):
        return f"{text}\n{link(tx, person, stay, Page.EXTERNAL)}", labels
    address = tx.rows.get(Address, row.address_id) if row.address_id else None
    if address is None or address.channel != "email":
        return text, labels
    return f"{text}\n{render(STOP, language, {'link': link(tx, person, stay, Page.STOP)})}", []
