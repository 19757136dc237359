"""Who can be alerted: the adults of a school and of its consortium on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from bot.domain.person import Adult, Role
from bot.domain.rights import Act, may


def of_consortium(adult: Adult) -> bool:
    """The consortium's coordinators, and those of its own people who can take a case."""
    return may(adult, Act.SEE_CASES, None)


@dataclass(frozen=True)
class Crew:
    """Those who can take a case of a school, as of one local day of the team. People come in the team's order.

    `now` is the instant that slots on call are asked about; without it nobody's slot counts.
    """

    team: tuple[Adult, ...]
    school: int
    day: date
    now: datetime | None = None
    left_out: frozenset[int] = frozenset()
    """Adults whom the learner excluded or named in their distress: to the ladder they are not there."""

    @cached_property
    def everyone(self) -> tuple[int, ...]:
        """Everyone who can take a case, on duty or not."""
        able = _people(adult for adult in self.team if may(adult, Act.SEE_CASES, self.school))
        return tuple(person for person in able if person not in self.left_out)

    @cached_property
    def present(self) -> tuple[int, ...]:
        """Everyone who can take a case and is on duty."""
        return tuple(person for person in self.everyone if self.on_duty(person))

    @property
    def reachable(self) -> tuple[int, ...]:
        """Everyone who can take a case and can be written to, on leave or not."""
        return tuple(person for person in self.everyone if all(adult.reachable for adult in self._entries(person)))

    def on_duty(self, person: int) -> bool:
        """Can take a case, can be written to, and is not on leave."""
        known = person in self.everyone
        return known and all(adult.reachable and not adult.away(self.day) for adult in self._entries(person))

    def having(self, role: Role) -> tuple[int, ...]:
        """Those on duty with a role; the consortium's people for its role, and on call for a school that has nobody."""
        if role is Role.CONSORTIUM:
            return self._on_duty(adult for adult in self.team if of_consortium(adult))
        own = self._on_duty(adult for adult in self.team if role in adult.post(self.school))
        if role is not Role.ON_CALL:
            return own
        return self._in_slot(own or self._on_duty(adult for adult in self.team if role in adult.post(None)))

    def standing(self, roles: Iterable[Role]) -> tuple[int, ...]:
        """Those on duty for a rung. Where no coordinator is, the deputies stand in their place."""
        found: list[int] = []
        for role in roles:
            people = self.having(role)
            if role is Role.COORDINATOR and not people:
                people = self.having(Role.DEPUTY)
            found.extend(people)
        return tuple(dict.fromkeys(found))

    def _in_slot(self, people: tuple[int, ...]) -> tuple[int, ...]:
        """Whose slot on call it is. Where nobody's is, all of them: a gap in the plan leaves no cry unheard."""
        now = self.now
        if now is None:
            return people
        theirs = tuple(person for person in people if any(adult.on_call(now) for adult in self._entries(person)))
        return theirs or people

    def _on_duty(self, adults: Iterable[Adult]) -> tuple[int, ...]:
        return tuple(person for person in _people(adults) if self.on_duty(person))

    def _entries(self, person: int) -> list[Adult]:
        return self._of.get(person, [])

    @cached_property
    def _of(self) -> dict[int, list[Adult]]:
        found: dict[int, list[Adult]] = {}
        for adult in self.team:
            found.setdefault(adult.person, []).append(adult)
        return found


def _people(adults: Iterable[Adult]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(adult.person for adult in adults))
