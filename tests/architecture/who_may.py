"""Who may do what, and who may know of a cry: each role in each place, as the rules of `bot/domain` answer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.domain.need_to_know import Circle, may_close, may_know
from bot.domain.person import DUTIES, Adult, Role
from bot.domain.rights import Act, may

PAGE = Path(__file__).resolve().parents[2] / "docs" / "who-may.md"
PERSON, HOME, NEXT_DOOR = 1, 1, 2
ME, NOBODY = frozenset({PERSON}), frozenset[int]()
INTRO = """# Who may do what, and who may know

Written by `python3 run.py dev -m tests.architecture.rooms` from `bot/domain/rights.py` and `bot/domain/need_to_know.py`;
a test fails where this page and the rules differ."""
ACTS = """## At a school

`own`: at the school at which the role is held. Nothing at the others, but for the consortium, which reaches every school.
A `duty for all`: finance, administration or quality that somebody of one school has for every school, as the consortium's
charter shares it out (`duties` in `consortium.toml`, or at the desk). It opens that role's acts everywhere and nothing more."""
CASES = """## Of a case

`know`: sees it, reads its words, takes it, brings somebody in. `close`: that, and may end it. A cry (SOS, distress, « write to me »)
is for those whom the ladder of its level names, for whoever answers for the learner, and for whom one of them brings in by name.
Whom the learner excludes, or whom their words name, knows nothing of it, also where they were told before."""


def places(role: Role) -> dict[str, Circle]:
    """Every way to stand beside a case."""
    named, others = frozenset({role}), frozenset[Role]()
    return {
        "not grave": Circle(HOME, grave=False, ladder=others),
        "not grave, next door": Circle(NEXT_DOOR, grave=False, ladder=others),
        "not grave, left out": Circle(HOME, grave=False, ladder=named, told=ME, left_out=ME),
        "cry, on the ladder": Circle(HOME, grave=True, ladder=named),
        "cry, not on the ladder": Circle(HOME, grave=True, ladder=others),
        "cry, told or brought in": Circle(HOME, grave=True, ladder=others, told=ME),
        "cry next door, on its ladder": Circle(NEXT_DOOR, grave=True, ladder=named),
        "cry next door, brought in": Circle(NEXT_DOOR, grave=True, ladder=others, told=ME),
        "cry, left out": Circle(HOME, grave=True, ladder=named, told=ME, left_out=ME),
    }


def answer(adult: Adult, circle: Circle) -> str:
    if may_close(adult, circle):
        return "close"
    return "know" if may_know(adult, circle) else "·"


def reach(adult: Adult, act: Act) -> str:
    if may(adult, act, NEXT_DOOR):
        return "all"
    return "own" if may(adult, act, HOME) else "·"


def page() -> str:
    people = {role: Adult(PERSON, frozenset({role}), None if role is Role.CONSORTIUM else HOME) for role in Role}
    shared = {
        f"{role}, duty for all": Adult(PERSON, frozenset(), HOME, elsewhere=((None, frozenset({role})),))
        for role in sorted(DUTIES)
    }
    acts = table(
        ("Role", *(act.value.replace("_", " ") for act in Act)),
        ((role, *(reach(adult, act) for act in Act)) for role, adult in (*people.items(), *shared.items())),
    )
    cases = table(
        ("Role", *places(Role.HEAD)),
        ((role, *(answer(adult, circle) for circle in places(role).values())) for role, adult in people.items()),
    )
    return "\n\n".join((INTRO, ACTS, acts, CASES, cases)) + "\n"


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(head)
    lines = (titles, ["---"] * len(titles), *rows)
    return "\n".join(f"| {' | '.join(cell.replace('_', ' ') for cell in line)} |" for line in lines)
