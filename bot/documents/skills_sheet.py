"""The skills sheet of one stay, and the same as a text to paste into the host's part of a Europass Mobility."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.skills import AREAS, Learned, by_area
from bot.handlers.family.host_tutor import skills_seen
from bot.handlers.say.learned import learned_on
from bot.i18n import Text, _, direction, render
from bot.store.db import Tx
from bot.store.stays import StayRow

TITLE: Text = _("What {name} learned at {host}")
STAYED: Text = _("{name} ({school}) worked at {host}, {city}, {country}, from {first} to {last}.")
TUTOR: Text = _("Tutor at the host: {tutor}")
ON_IT: dict[str, Text] = {
    "confirmed": _("confirmed by the host"),
    "empty": _("Nothing on the list yet. It fills with each good week, and with /skills in the chat."),
    "who": _("Name and function of who signs"),
    "signature": _("Signature and stamp"),
}
"""What the sheet says besides, in its own language."""
CONFIRMED: Text = _("{skill} (confirmed by the host)")


@dataclass(frozen=True)
class SkillsSheet:
    """The sheet in one language; own words stay in the language they were written in."""

    stay: int
    learner: str
    language: str
    title: str
    stayed: str
    tutor: str
    areas: tuple[tuple[str, tuple[tuple[str, bool], ...]], ...]
    """Headings, and below each what was learned, with whether the tutor has confirmed it."""
    words: dict[str, str]
    dir: str

    @property
    def text(self) -> str:
        """All of it as plain words, for a form that has one field."""
        lines = [self.stayed, *([self.tutor] if self.tutor else [])]
        for heading, below in self.areas:
            lines += ["", f"{heading}:"]
            lines += [f"- {self._line(text, confirmed=confirmed)}" for text, confirmed in below]
        return "\n".join(lines)

    def _line(self, text: str, *, confirmed: bool) -> str:
        return render(CONFIRMED, self.language, {"skill": text}) if confirmed else text


def learned_and_seen(
    tx: Tx, stay: StayRow, shown: Callable[[Learned], bool] = lambda _each: True
) -> tuple[frozenset[str], list[Learned]]:
    """The skills that the tutor has confirmed; and everything that the learner named, or the tutor confirmed."""
    seen = skills_seen(tx, stay)
    named = [each for each in learned_on(tx, stay) if shown(each)]
    known = {each.skill.id for each in named if each.skill}
    more = [skill for skill in tx.programme.journey(stay.kind).skills if skill.id in seen - known]
    return seen, [*named, *(Learned(0, "", skill) for skill in more)]


def skills_sheet(
    tx: Tx, stay: StayRow, language: str, shown: Callable[[Learned], bool] = lambda _each: True
) -> SkillsSheet:
    """The sheet of a stay. What the learner named and what the tutor has seen both stand on it; of the learner's own
    words those that are `shown`.
    """
    seen, named = learned_and_seen(tx, stay, shown)
    values: dict[str, Any] = {
        "name": stay.person.full_name,
        "host": stay.host or stay.city,
        "school": stay.school.name,
        "city": stay.city,
        "country": {"country": stay.country},
        "first": {"date": stay.start.isoformat()},
        "last": {"date": stay.end.isoformat()},
        "tutor": stay.tutor_name,
    }
    areas = tuple(
        (
            render(AREAS[area], language),
            tuple((render(each.text, language), bool(each.skill and each.skill.id in seen)) for each in below),
        )
        for area, below in by_area(named)
    )
    return SkillsSheet(
        stay=stay.id,
        learner=stay.person.full_name,
        language=language,
        title=render(TITLE, language, values),
        stayed=render(STAYED, language, values),
        tutor=render(TUTOR, language, values) if stay.tutor_name else "",
        areas=areas,
        words={name: render(text, language) for name, text in ON_IT.items()},
        dir=direction(language),
    )
