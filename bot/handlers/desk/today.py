"""`/today`: what waits for this adult now, and who travels in these days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.desk import Moving, Way, on_the_move
from bot.domain.messages import Offer
from bot.domain.watched import State
from bot.handlers.conversation.tasks import tasks_of
from bot.handlers.desk.out_of_touch import names, out_of_touch, standing_of, without_sign
from bot.handlers.desk.visibility import Sight, about_cases, cases_for, sight_of
from bot.handlers.people.confirm import ask_one, unconfirmed
from bot.handlers.say.post import more, tell
from bot.i18n import Text, _, _n, listed, phrase
from bot.store.cases import CaseRow, open_cases
from bot.store.db import Tx
from bot.store.people import Person

TODAY = _("Waiting for you now:\n{lines}")
NOTHING = _("Nothing waits for you today.")
MINE = _("{symbol} {learner}, {city}, since {since}, yours: {what}")
UNTAKEN = _("{symbol} {learner}, {city}, since {since}, taken by nobody: {what}")
WAYS: dict[Way, tuple[Text, Text]] = {
    Way.LEAVES: (_("Leaving today: {names}"), _("Leaving {day}: {names}")),
    Way.RETURNS: (_("Coming back today: {names}"), _("Coming back {day}: {names}")),
    Way.ARRIVES: (_("Arriving here today: {names}"), _("Arriving here {day}: {names}")),
    Way.GOES_HOME: (_("Going home today: {names}"), _("Going home {day}: {names}")),
}
NO_SIGN = _("No sign of life this week: {names}")
NEVER_STARTED = _("Never started: {names}")
HAS_STOPPED = _("Stopped Compagnon: {names}")
MOST = 5
"""Cases at first, and names in a line: the most urgent."""
PAGE = 20
BUTTONS = 6


def today(tx: Tx, person: Person, rest: str = "") -> None:
    """Cases first, then those who wait for a yes, then what is to be ticked, then who travels. Of each the most urgent;
    a button shows the rest.
    """
    if rest == "confirm":
        return _ask_again(tx, person)
    sight = sight_of(tx, person)
    if rest.startswith("cases"):
        return _further(tx, sight, frozenset(rest.split()[1:]))
    every = open_cases(tx.rows, list(sight.stays))
    cases = _waiting(tx, sight, every)
    pending = unconfirmed(tx, person)
    tasks = len(tasks_of(tx, person, list(sight.stays.values())))
    moving = on_the_move([stay.facts() for stay in sight.stays.values()], sight.today)
    if rest == "travels":
        return tell(tx, person, "{lines}", {"lines": {"list_lines": [_travel(sight, move) for move in moving]}})
    lines = _cases(tx, sight, cases[:MOST])
    offers = [*(_card(tx, row) for row in cases[:MOST]), *_rest_of(cases, MOST)]
    if sight.follows:
        lines += _unheard_of(tx, sight, every, {row.stay_id for row in cases})
    if pending:
        waiting = listed([address.person.full_name for address in pending], MOST)
        values = {"count": len(pending), "names": waiting}
        lines.append(
            phrase(_n("{count} invitation to confirm: {names}", "{count} invitations to confirm: {names}"), **values)
        )
        offers.append(Offer(_("Confirm…"), {"do": "command", "word": "today", "rest": "confirm", "keeps": True}))
    if tasks:
        lines.append(phrase(_n("{count} thing to tick", "{count} things to tick"), count=tasks))
        offers.append(Offer(_("See what is to be ticked"), {"do": "command", "word": "tasks", "keeps": True}))
    lines += [_travel(sight, move, MOST) for move in moving]
    offers += more(sum(max(0, len(move.stays) - MOST) for move in moving), "today", "travels")
    if not lines:
        return tell(tx, person, NOTHING)
    return tell(tx, person, TODAY if offers else "{lines}", {"lines": {"list_lines": lines}}, *offers)


def _unheard_of(tx: Tx, sight: Sight, every: Mapping[int, CaseRow], told: set[int]) -> list[dict[str, Any]]:
    """Who has never started or has stopped and leaves soon, who gave no sign; a case of theirs that stands above says it."""
    found = [each for each in standing_of(tx, sight.seen(sight.stays.values()), every) if each.stay.id not in told]
    touch = out_of_touch(tx, found, tx.programme.watch.task_days, sight.today)
    kinds = (
        (NO_SIGN, without_sign(tx, found)),
        (NEVER_STARTED, [each for each in touch if each.state is State.NEVER_STARTED]),
        (HAS_STOPPED, [each for each in touch if each.state is State.STOPPED]),
    )
    return [phrase(text, names=listed(names(each), MOST)) for text, each in kinds if each]


def _waiting(tx: Tx, sight: Sight, every: Mapping[int, CaseRow]) -> list[CaseRow]:
    """This adult's own cases and those that nobody has taken, the gravest first."""
    theirs = [row for row in cases_for(tx, sight, every).values() if row.owner_id in {None, sight.person.id}]
    return sorted(theirs, key=lambda row: (-row.level.rank, row.opened_at, row.id))


def _cases(tx: Tx, sight: Sight, cases: list[CaseRow]) -> list[dict[str, Any]]:
    about = about_cases(tx, cases)
    return [
        phrase(
            UNTAKEN if row.owner_id is None else MINE,
            symbol=tx.programme.levels[row.level].symbol,
            learner=row.stay.person.short_name,
            city=row.stay.city,
            since={"moment": row.opened_at.isoformat(), "zone": str(sight.zone)},
            what=about[row.id],
        )
        for row in cases
    ]


def _rest_of(cases: list[CaseRow], shown: int, before: frozenset[str] = frozenset()) -> tuple[Offer, ...]:
    seen = before | {str(row.id) for row in cases[:shown]}
    return more(len(cases) - shown, "today", " ".join(["cases", *sorted(seen)]))


def _further(tx: Tx, sight: Sight, before: frozenset[str]) -> None:
    """The cases that were not shown yet."""
    cases = [row for row in _waiting(tx, sight, open_cases(tx.rows, list(sight.stays))) if str(row.id) not in before]
    if not cases:
        return tell(tx, sight.person, NOTHING)
    offers = [*(_card(tx, row) for row in cases[:PAGE]), *_rest_of(cases, PAGE, before)]
    return tell(tx, sight.person, TODAY, {"lines": {"list_lines": _cases(tx, sight, cases[:PAGE])}}, *offers)


def _card(tx: Tx, row: CaseRow) -> Offer:
    action = {"do": "command", "word": "learner", "rest": f"#{row.stay_id}", "keeps": True}
    symbol = tx.programme.levels[row.level].symbol
    return Offer("{symbol} {learner}", action, {"symbol": symbol, "learner": row.stay.person.short_name})


def _travel(sight: Sight, move: Moving, most: int = 60) -> dict[str, Any]:
    at_once, later = WAYS[move.way]
    stays = [sight.stays[number] for number in move.stays]
    travellers = listed([f"{stay.person.short_name} ({stay.city})" for stay in stays], most)
    return phrase(at_once if move.day == sight.today else later, day={"day": move.day.isoformat()}, names=travellers)


def _ask_again(tx: Tx, person: Person) -> None:
    pending = unconfirmed(tx, person)
    for address in pending[:BUTTONS]:
        ask_one(tx, person.id, address, address.person)
    if not pending:
        tell(tx, person, NOTHING)
