"""`/who`: who is abroad now, where, and when they were last heard of; by class."""

from __future__ import annotations

from typing import Any

from bot.domain.desk import Phase, cut, phase
from bot.domain.rights import Act
from bot.domain.spelling import class_of
from bot.handlers.desk.visibility import OTHERS, Sight, by_name, cases_of, sight_of
from bot.handlers.say.post import tell
from bot.i18n import Text, _, _n, listed, phrase
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow

ABROAD = _n("{count} person is abroad now.\n{lines}", "{count} people are abroad now.\n{lines}")
NOBODY = _("Nobody is abroad now.")
NOBODY_OF = _("Nobody of {class} is abroad now.")
NO_CLASSES = _("There is no class that you could see.")
NO_CLASS = _("I know no class of that name. There are: {classes}.")
LEARNER = _("{mark}{learner}, {city}, {time} there, last sign of life {sign}")
PLACE = _("{learner}, {city}, {time} there")
MORE = _n("and {count} other: /who {class}", "and {count} others: /who {class}")
NEVER = _("none yet")
OTHER_CLASS = _("Without a class")
MOST, MOST_OF_ONE = 20, 60


def who(tx: Tx, person: Person, rest: str = "") -> None:
    """Everybody abroad, or those of one class; whoever has an open case comes first in the class."""
    sight = sight_of(tx, person)
    abroad = [stay for stay in sight.stays.values() if phase(stay.facts(), tx.now) is Phase.ABROAD]
    classes = sorted({stay.class_name for stay in sight.stays.values()} - {""})
    wanted = "" if rest == "-" else class_of(rest, classes)[0] if rest else None
    if rest and wanted is None:
        return tell(tx, person, NO_CLASS if classes else NO_CLASSES, {"classes": listed(classes, 40)})
    if wanted is not None:
        abroad = [stay for stay in abroad if stay.class_name == wanted]
    if not abroad:
        return tell(tx, person, NOBODY_OF if wanted else NOBODY, {"class": wanted or ""})
    lines = _lines(tx, sight, abroad, MOST_OF_ONE if wanted is not None else MOST)
    return tell(tx, person, ABROAD, {"count": len(abroad), "lines": {"list_lines": lines}})


def _lines(tx: Tx, sight: Sight, abroad: list[StayRow], most: int) -> list[dict[str, Any]]:
    cases = cases_of(tx, sight, abroad)
    groups: dict[str, list[int]] = {}
    for stay in sorted(abroad, key=lambda stay: (-_grave(cases.get(stay.id)), by_name(stay))):
        groups.setdefault(stay.class_name, []).append(stay.id)
    lines: list[dict[str, Any]] = []
    for group in cut(groups, most):
        lines.append({"text": group.name or OTHER_CLASS})
        lines += [_line(tx, sight, sight.stays[number], cases.get(number)) for number in group.shown]
        if group.hidden:
            text = OTHERS if most == MOST_OF_ONE else MORE
            lines.append(phrase(text, **{"count": group.hidden, "class": group.name or "-"}))
    return lines


def _line(tx: Tx, sight: Sight, stay: StayRow, case: CaseRow | None) -> dict[str, Any]:
    text: Text = LEARNER if sight.may(Act.SEE_CASES, stay) else PLACE
    values = {
        "mark": f"{tx.programme.levels[case.level].symbol} " if case else "",
        "learner": stay.person.short_name,
        "city": stay.city,
        "time": {"time": tx.now.isoformat(), "zone": str(stay.facts().zone_at(tx.now))},
        "sign": last_sign(tx, stay),
    }
    return phrase(text, **values)


def last_sign(tx: Tx, stay: StayRow) -> dict[str, Any]:
    """How long ago a learner was last heard of."""
    seen = stay.person.last_sign_at
    return {"ago": int((tx.now - seen).total_seconds())} if seen else {"text": NEVER}


def _grave(case: CaseRow | None) -> int:
    return case.level.rank if case else 0
