"""What a paper says, before it has a form: parts by name, each text in one language or in two."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from bot.i18n import Text, direction, render
from bot.store.stays import StayRow

Said = tuple[tuple[str, str], ...]
"""The same words in each language of a paper; what is nobody's language (a name, a number) has an empty one."""


def plain(value: object) -> Said:
    """A name or a number: the same in every language."""
    return (("", str(value)),) if value not in {None, ""} else ()


@dataclass(frozen=True)
class Part:
    """One part of a paper. What is empty is not printed; a blank fact is a line to write on."""

    title: Said = ()
    text: tuple[Said, ...] = ()
    facts: tuple[tuple[Said, Said], ...] = ()
    head: tuple[Said, ...] = ()
    rows: tuple[tuple[Said, ...], ...] = ()
    sign: tuple[Said, ...] = ()
    """What is to be written by hand."""


@dataclass(frozen=True)
class Paper:
    """One paper about one learner or one class; `number` tells its file from others, since a name does not."""

    kind: str
    number: int
    languages: tuple[str, ...]
    school: str
    place: int | None
    """The number of the school: it may have a template of its own."""
    title: Said
    parts: Mapping[str, Part] = field(default_factory=dict)

    def written(self) -> dict[str, Any]:
        """As a template reads it."""
        return {**asdict(self), "language": self.languages[0], "dir": direction(self.languages[0])}


@dataclass(frozen=True)
class Pen:
    """Writes in the languages of a paper, the first one first."""

    languages: tuple[str, ...]

    def says(self, text: Text, **values: Any) -> Said:
        """A text in each of them; said once where two have the same words."""
        words = {language: render(text, language, values) for language in self.languages}
        first = {said: language for language, said in reversed(words.items())}
        return tuple((language, said) for language, said in words.items() if said and first[said] == language)

    def day(self, day: date) -> Said:
        """A day with its year, as everybody reads it."""
        return self.says({"en": "{day}"}, day={"date": day.isoformat()})

    def weekday(self, day: date) -> Said:
        """The same with the day of the week, where somebody signs for it."""
        return self.says({"en": "{day} {year}"}, day={"day": day.isoformat()}, year=day.year)

    def country(self, code: str) -> Said:
        return self.says({"en": "{country}"}, country={"country": code})

    def place(self, city: str, code: str) -> Said:
        return self.says({"en": "{city}, {country}"}, city=city, country={"country": code})

    def paper(self, kind: str, row: StayRow, title: Said, parts: Mapping[str, Part]) -> Paper:
        return Paper(kind, row.id, self.languages, row.school.name, row.school_id, title, parts)

    def facts(self, *pairs: tuple[Text, Said]) -> tuple[tuple[Said, Said], ...]:
        return tuple((self.says(label), value) for label, value in pairs)

    def labels(self, labels: Sequence[Text]) -> tuple[Said, ...]:
        return tuple(self.says(label) for label in labels)
