"""Who may do what at which school: one table, asked when a page is read and again when it acts."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.person import Adult, Role


class Act(StrEnum):
    """What an adult may do at a school."""

    SEE_LEARNERS = "see_learners"
    """Names, dates, places, and how far the checklist is: never what somebody answered."""
    SEE_CASES = "see_cases"
    READ_ANSWERS = "read_answers"
    TICK = "tick"
    """Which items are theirs to tick, the programme says besides."""
    WRITE = "write"
    CHANGE = "change"
    """A pause, an extension, an early return."""
    CONFIRM = "confirm"
    MANAGE = "manage"
    """People, roles, leave."""
    IMPORT = "import"
    SEE_FIGURES = "see_figures"
    """Of schools and classes, nobody by name."""
    PLAN = "plan"
    """The dates of the school or the consortium: meetings, applications, what runs out."""
    EDIT_PROGRAMME = "edit_programme"
    """What is asked of everybody; who has it at every school may."""


_EVERYTHING = frozenset(Act)
_OFFICE = frozenset({Act.SEE_LEARNERS, Act.TICK, Act.PLAN})
_ALLOWED: dict[Role, frozenset[Act]] = {
    Role.COORDINATOR: _EVERYTHING,
    Role.DEPUTY: _EVERYTHING,
    Role.HEAD: _EVERYTHING,
    Role.ON_CALL: _EVERYTHING - {Act.CHANGE, Act.CONFIRM, Act.MANAGE, Act.IMPORT, Act.PLAN, Act.EDIT_PROGRAMME},
    Role.CONSORTIUM: _EVERYTHING,
    Role.TEACHER: frozenset({Act.SEE_LEARNERS, Act.SEE_CASES, Act.TICK, Act.SEE_FIGURES}),
    Role.FINANCE: _OFFICE,
    Role.ADMINISTRATION: _OFFICE,
    Role.QUALITY: frozenset({Act.SEE_LEARNERS, Act.SEE_FIGURES, Act.PLAN}),
}
ACKNOWLEDGERS = frozenset(role for role, acts in _ALLOWED.items() if Act.SEE_CASES in acts)
"""Roles that can take a case: those that see one. Finance, administration and quality never read one."""


def may(adult: Adult, act: Act, school: int | None) -> bool:
    """Whether an adult may do something at a school; None is the consortium as a whole.

    The consortium's own people reach every school, the others those at which they hold a role. A role of the consortium, or
    a duty for all, held by somebody of a school opens the other schools for what that role allows, and nothing more.
    """
    return any(act in _ALLOWED.get(role, frozenset()) for role in adult.roles_at(school))


def everywhere(adult: Adult, act: Act) -> bool:
    """Whether an adult may do something at every school."""
    return may(adult, act, None)


def somewhere(adult: Adult, act: Act) -> bool:
    """Whether there is a school at which an adult may do something."""
    return any(may(adult, act, school) for school in adult.schools)


def schools_of(adult: Adult, act: Act) -> frozenset[int] | None:
    """The schools at which an adult may do something; None for every one."""
    if everywhere(adult, act):
        return None
    return frozenset(school for school in adult.schools if school is not None and may(adult, act, school))
