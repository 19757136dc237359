"""Whom nobody hears of, for the lists of whoever answers for them: never started, without a sign, kept in touch otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.domain.desk import Phase, phase
from bot.domain.watched import Invited, Known, State, gave_sign, is_known_there, near
from bot.handlers.conversation.watching import states_now
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import StayRow

OUT_OF_TOUCH = frozenset({State.NEVER_STARTED, State.STOPPED})


@dataclass(frozen=True)
class Standing:
    """Where one stay stands."""

    stay: StayRow
    state: State
    known: Known

    @property
    def uninvited(self) -> bool:
        """They have not begun, and no link of theirs works."""
        return self.state is State.NEVER_STARTED and self.known.invited in {Invited.NOT, Invited.EXPIRED}


def standing_of(tx: Tx, stays: Iterable[StayRow], cases: Mapping[int, CaseRow] | None = None) -> list[Standing]:
    """The stays that are to come or under way, the first to leave first. `cases` are their open ones, where known."""
    rows = [row for row in stays if not row.cancelled and phase(row.facts(), tx.now) is not Phase.AFTER]
    return standing_in(rows, states_now(tx, rows, cases))


def standing_in(rows: Iterable[StayRow], found: Mapping[int, tuple[State, Known]]) -> list[Standing]:
    """The same of states that were read already."""
    return sorted((Standing(row, *found[row.id]) for row in rows), key=lambda each: (each.stay.departure, each.stay.id))


def out_of_touch(tx: Tx, found: Iterable[Standing], days: int, today: date) -> list[Standing]:
    """Who has not begun, or has stopped, and leaves in so many days or is away."""
    return [each for each in found if each.state in OUT_OF_TOUCH and near(each.stay.facts(), days, today)]


def without_sign(tx: Tx, found: Iterable[Standing]) -> list[Standing]:
    """Who is abroad and gave no sign within the programme's days; who has never begun is told of as that."""
    return [
        each
        for each in found
        if each.state not in OUT_OF_TOUCH | {State.ELSEWHERE}
        and phase(each.stay.facts(), tx.now) is Phase.ABROAD
        and not _is_well(tx, each)
    ]


def _is_well(tx: Tx, each: Standing) -> bool:
    stay = each.stay.facts()
    return gave_sign(tx.programme, each.known, stay, tx.now) and is_known_there(each.known, stay, tx.now)


def names(found: Iterable[Standing]) -> list[str]:
    return [each.stay.person.short_name for each in found]
