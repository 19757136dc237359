"""The roll of a class: who gets a card, and which links stand on it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select

from bot.documents.invitations.printed import SheetError
from bot.documents.invitations.sheet import Card, Sheet, Until, Way
from bot.domain.spelling import plain
from bot.handlers.people.invitations import VALID, fresh, invitation_of, too_young
from bot.i18n import Sentence, _, say
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.store.records import setting
from bot.store.stays import StayRow, current_stay

DOORS = "open_doors"
"""The setting that says on which platforms Compagnon is: `telegram`, whether; `matrix`, under which account."""


@dataclass(frozen=True)
class Doors:
    """Where links lead: the address of the web chat, the bot's name and its account on Matrix where there are such."""

    web: str
    telegram: str | None = None
    matrix: str | None = None


def ways(doors: Doors, code: str, *, telegram: bool) -> tuple[Way, ...]:
    """The links of one code: it is used up where it is used first. Telegram is for whoever is old enough for it."""
    found = []
    if doors.telegram is not None and telegram:
        found.append(Way("telegram", f"https://t.me/{doors.telegram}?start={code}"))
    if doors.matrix is not None:
        found.append(Way("matrix", f"https://matrix.to/#/{quote(doors.matrix, safe='@:')}", code))
    return (*found, Way("web", f"{doors.web}/j/{code}"))


def open_doors(tx: Tx) -> Doors:
    """The doors of this installation, as whoever runs it has opened them."""
    web, kept = setting(tx.rows, "web_address") or {}, setting(tx.rows, DOORS) or {}
    name = (setting(tx.rows, "telegram_username") or {}).get("username")
    return Doors(web.get("url", ""), name if kept.get("telegram", True) else None, kept.get("matrix"))


def ways_of(tx: Tx, code: str) -> tuple[Way, ...]:
    """Every way in that a code opens for its person; none where it is no code of ours."""
    invitation = invitation_of(tx, code)
    if invitation is None:
        return ()
    return ways(open_doors(tx), code, telegram=not too_young(tx, tx.rows.get_one(Person, invitation.person_id)))


def roll(tx: Tx, class_name: str, school: str | None = None) -> list[StayRow]:
    """The current stays of a class that are not over, by name.

    Raises:
        SheetError: there is no such class or school, it is in several schools, or nobody's stay is to come.
    """
    classes = _classes(tx)
    wanted = plain(class_name)
    found = [row for row in classes if plain(row.class_name) == wanted and (not school or _is(row.school, school))]
    if not found:
        raise SheetError(_unknown(class_name, school, classes))
    schools = sorted({row.school.ref for row in found})
    if len(schools) > 1:
        choices = {"choice": [f"--school {ref}" for ref in schools]}
        raise SheetError(
            say(
                _('The class "{name}" is in several schools: add {choices}.'),
                name=class_name,
                choices=choices,
            )
        )
    coming = [row for row in found if _coming(tx, row)]
    if not coming:
        raise SheetError(
            say(
                _('Every stay of the class "{name}" is over or has been replaced: nobody is invited.'),
                name=class_name,
            )
        )
    return sorted(coming, key=lambda row: (plain(row.person.last_name), plain(row.person.first_name), row.id))


def make(tx: Tx, rows: list[StayRow], doors: Doors, *, trusted: bool) -> Sheet:
    """A card with a fresh code for each."""
    school, until = rows[0].school, tx.now + VALID
    return Sheet(
        class_name=rows[0].class_name,
        school=school.name,
        language=tx.programme.programme.language,
        until=Until(until, school.zone),
        telegram_min_age=tx.programme.rules.telegram_min_age,
        cards=tuple(
            Card(
                name=row.person.full_name,
                class_name=row.class_name,
                language=row.person.language,
                ways=_on_paper(
                    ways(doors, fresh(tx, row.person, trusted=trusted), telegram=not too_young(tx, row.person))
                ),
                until=Until(until, row.facts().zone_at(tx.now).key),
                trusted=trusted,
            )
            for row in rows
        ),
    )


def _on_paper(found: tuple[Way, ...]) -> tuple[Way, ...]:
    """A card has room for two codes; the web page leads to Matrix as well."""
    return tuple(way for way in found if not way.code)


def _classes(tx: Tx) -> list[StayRow]:
    """Every stay in a class that is not cancelled."""
    wanted = select(StayRow).where(StayRow.cancelled.is_(False), StayRow.class_name != "")
    return list(tx.rows.scalars(wanted.order_by(StayRow.id)))


def _coming(tx: Tx, row: StayRow) -> bool:
    """The latest stay of its learner, and not over yet."""
    current = current_stay(tx.rows, row.person_id)
    today = row.facts().day_at(tx.now)
    return current is not None and current.id == row.id and row.back >= today


def _is(school: School, written: str) -> bool:
    return plain(written) in {plain(school.ref), plain(school.name)}


def _unknown(class_name: str, school: str | None, classes: list[StayRow]) -> Sentence:
    known = sorted({f"{row.class_name} ({row.school.ref})" for row in classes})
    if not known:
        return say(_("No stay names a class yet: it is the column Classe of the roster."))
    at_all = _('There is no class "{name}". There are: {known}.')
    text = _('There is no class "{name}" at "{school}". There are: {known}.') if school else at_all
    return say(text, name=class_name, school=school, known=", ".join(known))
