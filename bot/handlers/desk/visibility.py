"""What an adult sees: the learners within the walls of their school, and of these what their role allows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.desk import follows
from bot.domain.messages import Offer
from bot.domain.need_to_know import may_with
from bot.domain.rights import Act
from bot.domain.spelling import find
from bot.domain.stay import current
from bot.handlers.case.crew import followed
from bot.handlers.case.matters import matter
from bot.handlers.conversation.tasks import stays_of
from bot.handlers.say.facts import travel_facts
from bot.handlers.say.post import tell
from bot.i18n import Text, _, _n, phrase
from bot.store.cases import CaseRow, kept_from, matters_of, open_cases
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

OTHERS = _n("and {count} other", "and {count} others")
NOT_YOURS = _("Only those who follow learners can do this. /help shows what you can do.")
NOBODY_CALLED = _("I find no learner of that name. /who shows who is abroad now.")
WHICH = _("Which one?")
CHOICES = 8


@dataclass(frozen=True)
class Sight:
    """The latest stay of each learner an adult may know of, by its number; the day and the clocks of their school."""

    person: Person
    stays: Mapping[int, StayRow]
    follows: bool
    """Whether they follow learners at any of their schools. The others see dates and progress."""
    zone: ZoneInfo
    today: date
    kept: frozenset[int]
    """The learners who do not want them near, or whose words name them."""

    def may(self, act: Act, stay: StayRow) -> bool:
        """Whether they may do something with the learner of one stay: roles differ from school to school."""
        return may_with(self.person.adult, act, stay.school_id, left_out=stay.person_id in self.kept)

    def seen(self, stays: Iterable[StayRow]) -> list[StayRow]:
        """Those of some stays of which they may know how their learner is."""
        return [stay for stay in stays if self.may(Act.SEE_CASES, stay)]


def sight_of(tx: Tx, person: Person) -> Sight:
    """Look once: however many learners there are, it is a few queries."""
    zone = person.zone
    today = tx.now.astimezone(zone).date()
    return Sight(
        person,
        _one_each(stays_of(tx, person), today),
        follows(held.role for held in person.roles),
        zone,
        today,
        kept_from(tx.rows, person.id),
    )


def _one_each(rows: Iterable[StayRow], today: date) -> dict[int, StayRow]:
    """Of each learner the stay that is under way, else the next, else the last."""
    theirs: dict[int, list[StayRow]] = {}
    for row in sorted(rows, key=lambda row: (row.departure, row.id)):
        theirs.setdefault(row.person_id, []).append(row)
    found = {each.id: each for each in (_now(several, today) for several in theirs.values())}
    return dict(sorted(found.items(), key=lambda pair: (pair[1].departure, pair[0])))


def _now(rows: list[StayRow], today: date) -> StayRow:
    if len(rows) == 1:
        return rows[0]
    known = current([row.facts() for row in rows], today)
    return next((row for row in rows if known is not None and row.id == known.id), rows[-1])


def names_of(sight: Sight) -> dict[int, str]:
    return {stay.id: stay.person.full_name for stay in sight.stays.values()}


def meant(sight: Sight, typed: str) -> list[StayRow]:
    """The learners a name means; a button says `#` and the number of the stay."""
    if typed.startswith("#"):
        return [stay for stay in sight.stays.values() if str(stay.id) == typed[1:]]
    return sorted((sight.stays[number] for number in find(typed, names_of(sight))), key=by_name)


def named(tx: Tx, sight: Sight, word: str, act: Act, rest: str, how: Text) -> tuple[StayRow, str] | None:
    """The one learner that a command of those who follow is about, and what follows their name in a button's words.
    None where there is none: then it was said why, or asked which.
    """
    person = sight.person
    if not sight.follows:
        tell(tx, person, NOT_YOURS)
        return None
    if not rest:
        tell(tx, person, how)
        return None
    name, _space, further = rest.partition(" ") if rest.startswith("#") else (rest, "", "")
    found = meant(sight, name)
    if not found:
        tell(tx, person, NOBODY_CALLED)
        return None
    if len(found) > 1:
        tell(tx, person, WHICH, None, *which(word, found))
        return None
    if not sight.may(act, found[0]):
        tell(tx, person, NOT_YOURS)
        return None
    return found[0], further


def by_name(stay: StayRow) -> tuple[str, str, int]:
    return stay.person.last_name.casefold(), stay.person.first_name.casefold(), stay.id


def which(word: str, stays: Iterable[StayRow], words: str = "") -> tuple[Offer, ...]:
    """A button for each of several learners. With words, which are then sent, it works once."""
    return tuple(
        Offer(
            "{learner} · {class}" if stay.class_name else "{learner}",
            {"do": "command", "word": word, "rest": f"#{stay.id} {words}".strip()} | ({"once": True} if words else {}),
            {"learner": stay.person.full_name, "class": stay.class_name},
        )
        for stay in list(stays)[:CHOICES]
    )


def cases_of(tx: Tx, sight: Sight, stays: Iterable[StayRow]) -> dict[int, CaseRow]:
    """The open cases of some stays, for whoever may know of them."""
    return cases_for(tx, sight, open_cases(tx.rows, [stay.id for stay in sight.seen(stays)]))


def cases_for(tx: Tx, sight: Sight, cases: Mapping[int, CaseRow]) -> dict[int, CaseRow]:
    """Of the open cases of some stays those that this adult may know of."""
    return {row.stay_id: row for row in followed(tx, sight.person, cases.values(), sight.kept)}


def about_cases(tx: Tx, cases: Iterable[CaseRow]) -> dict[int, dict[str, Any]]:
    """What each case is about, in one line: its gravest matter, the latest of several."""
    rows = list(cases)
    matters = matters_of(tx.rows, [row.id for row in rows])
    found = {}
    for row in rows:
        known = matters[row.id]
        detail = next((each for each in reversed(known) if each["topic"] == row.topic), known[-1])
        found[row.id] = matter(tx.programme, row.stay, detail, _facts(tx, row.stay))
    return found


def _facts(tx: Tx, stay: StayRow) -> Any:
    return lambda: travel_facts(tx, stay)


def capped(lines: list[dict[str, Any]], most: int) -> list[dict[str, Any]]:
    """So many lines, and how many there are besides."""
    more = len(lines) - most
    return lines if more <= 0 else [*lines[:most], phrase(OTHERS, count=more)]
