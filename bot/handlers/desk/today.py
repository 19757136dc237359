"""`/today`: what waits for this adult now, and who travels in these days."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.desk import Moving, Way, on_the_move
from bot.domain.messages import Offer
from bot.domain.watched import State
from bot.handlers.conversation.tasks import tasks_of
from bot.handlers.desk.sight import Sight, about_cases, capped, cases_for, sight_of
from bot.handlers.desk.unheard_of import names, out_of_touch, standing_of, without_sign
from bot.handlers.people.confirm import ask_one, unconfirmed
from bot.handlers.say.post import tell
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
MOST = 10
BUTTONS = 6


def today(tx: Tx, person: Person, rest: str = "") -> None:
    """Cases first, then those who wait for a yes, then what is to be ticked, then who travels."""
    if rest == "confirm":
        return _ask_again(tx, person)
    sight = sight_of(tx, person)
    every = open_cases(tx.rows, list(sight.stays))
    cases = _waiting(tx, sight, every)
    pending = unconfirmed(tx, person)
    tasks = len(tasks_of(tx, person, list(sight.stays.values())))
    travels = [
        _travel(sight, move) for move in on_the_move([stay.facts() for stay in sight.stays.values()], sight.today)
    ]
    lines = capped(_cases(tx, sight, cases), MOST)
    offers = [_card(tx, row) for row in cases[:BUTTONS]]
    if sight.follows:
        lines += _unheard_of(tx, sight, every, {row.stay_id for row in cases})
    if pending:
        waiting = listed([address.person.full_name for address in pending])
        values = {"count": len(pending), "names": waiting}
        lines.append(
            phrase(_n("{count} invitation to confirm: {names}", "{count} invitations to confirm: {names}"), **values)
        )
        offers.append(Offer(_("Confirm…"), {"do": "command", "word": "today", "rest": "confirm", "keeps": True}))
    if tasks:
        lines.append(phrase(_n("{count} thing to tick", "{count} things to tick"), count=tasks))
        offers.append(Offer(_("See what is to be ticked"), {"do": "command", "word": "tasks", "keeps": True}))
    lines += travels
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
    return [phrase(text, names=listed(names(each))) for text, each in kinds if each]


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


def _card(tx: Tx, row: CaseRow) -> Offer:
    action = {"do": "command", "word": "learner", "rest": f"#{row.stay_id}", "keeps": True}
    symbol = tx.programme.levels[row.level].symbol
    return Offer("{symbol} {learner}", action, {"symbol": symbol, "learner": row.stay.person.short_name})


def _travel(sight: Sight, move: Moving) -> dict[str, Any]:
    at_once, later = WAYS[move.way]
    stays = [sight.stays[number] for number in move.stays]
    travellers = listed([f"{stay.person.short_name} ({stay.city})" for stay in stays])
    return phrase(at_once if move.day == sight.today else later, day={"day": move.day.isoformat()}, names=travellers)


def _ask_again(tx: Tx, person: Person) -> None:
    pending = unconfirmed(tx, person)
    for address in pending[:BUTTONS]:
        ask_one(tx, person.id, address, address.person)
    if not pending:
        tell(tx, person, NOTHING)
