"""Conditions: their names are known, and some stay can fulfil them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import combinations, product

from bot.domain.programme.item import Item
from bot.domain.programme.model import Programme
from bot.domain.programme.part import Conditional, at_school
from bot.domain.programme.problem import Problem, numbered
from bot.domain.programme.walk import places
from bot.domain.spelling import nearest
from bot.domain.stay import BUILT_IN, is_derived
from bot.i18n import Sentence, _, say

AGES = (
    {"adult"},
    {"minor"},
    {"minor", "under_16"},
    {"minor", "turns_18"},
    {"minor", "under_16", "turns_18"},
)
"""What can hold of an age, by `domain/stay.py:conditions`."""

EITHER = (
    ("ehic", "no_ehic"),
    ("identity_card", "passport"),
    ("short_stay", "long_stay"),
    ("own_language", "foreign_language"),
)
"""One of each holds of every stay."""

CONDITIONS = ("when", "any_of", "unless")
NO_SCHOOL = _('"{name}" is none of the schools in consortium.toml')

TRACKS = {
    "outgoing": ("vet", "hed"),
    "incoming": ("vet", "hed"),
    "staff": ("staff",),
    "virtual": ("vet", "hed"),
    "employer": ("vet", "hed"),
}
"""Of each table whose parts have conditions; an employer is that of an outgoing learner."""


def condition_errors(programme: Programme) -> Iterator[Problem]:
    """Names that nothing gives, and parts that no stay can have."""
    for tag in programme.tags:
        if tag in BUILT_IN or is_derived(tag):
            yield Problem("tags", tag, say(_("this is one of Compagnon's own conditions: give the tag another name")))
    known = BUILT_IN | set(programme.tags)
    for place in places(programme):
        if isinstance(place.part, Conditional) and place.where.partition(".")[0] in TRACKS:
            unknown = list(_unknown(place.where, place.part, known))
            yield from unknown or _unreachable(place.where, place.part)


def unknown_schools(programme: Programme, refs: Collection[str]) -> Iterator[Problem]:
    """Schools that a programme names, in a condition or for a closure, and that are none of those known by these references."""
    at = {at_school(ref) for ref in refs}
    for number, closure in enumerate(programme.hours.closures, start=1):
        for ref in closure.schools:
            if ref not in refs:
                near = nearest(ref, refs)
                yield Problem(numbered("hours.closures", number), "schools", say(NO_SCHOOL, hint=near, name=ref))
    for place in places(programme):
        for each in place.part.school_dates if isinstance(place.part, Item) else ():
            if each.school not in refs:
                says = say(NO_SCHOOL, hint=nearest(each.school, refs), name=each.school)
                yield Problem(place.where, "school_dates", says)
        for field in CONDITIONS if isinstance(place.part, Conditional) else ():
            for name in getattr(place.part, field):
                if name.startswith("at_") and name not in {*at, *programme.tags}:
                    yield Problem(place.where, field, say(NO_SCHOOL, hint=nearest(name, at), name=name))


def _unknown(where: str, part: Conditional, known: frozenset[str]) -> Iterator[Problem]:
    for field in CONDITIONS:
        for name in getattr(part, field):
            if name not in known and not is_derived(name):
                near = nearest(name, known)
                text = _('"{name}" is no condition') if near else _('"{name}" is no condition: add it to [tags]')
                yield Problem(where, field, say(text, hint=near, name=name))


def _unreachable(where: str, part: Conditional) -> Iterator[Problem]:
    kind = where.partition(".")[0]
    if _possible(part, kind):
        return
    twice = sorted(set(part.when) & set(part.unless))
    if twice:
        yield Problem(
            where, "unless", say(_('"{name}" stands in `when` too: nobody would ever get this'), name=twice[0])
        )
    elif part.any_of and set(part.any_of) <= set(part.unless):
        yield Problem(where, "any_of", say(_("each of these stands in `unless` too: nobody would ever get this")))
    else:
        yield Problem(where, "when" if part.when else "unless", _why(part, kind))


def _why(part: Conditional, kind: str) -> Sentence:
    """The shortest reason why no stay fulfils the conditions."""
    for name in part.when:
        if not _possible(Conditional(when=(name,)), kind):
            return say(_('"{name}" never holds in [{kind}]: nobody would ever get this'), name=name, kind=kind)
    for pair in combinations(part.when, 2):
        if not _possible(Conditional(when=pair), kind):
            return say(
                _('no stay is both "{one}" and "{other}": nobody would ever get this'), one=pair[0], other=pair[1]
            )
    return say(_("no stay fulfils these conditions together: nobody would ever get this"))


def _possible(part: Conditional, kind: str) -> bool:
    """Whether one imaginable stay has this part. Tags are free: those that help are taken as given."""
    tags = ({*part.when, *part.any_of} - BUILT_IN) - set(part.unless)
    ages = ({"adult"},) if kind == "staff" else AGES
    worlds = product(TRACKS[kind], ages, *EITHER)
    held = "outgoing" if kind == "employer" else kind
    return any(part.applies(frozenset({held, track, *age, *either, *tags})) for track, age, *either in worlds)
