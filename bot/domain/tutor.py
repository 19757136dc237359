"""What the tutor at the host's is asked, and when. The texts are in `tutor_texts.toml`, in the page's five languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from bot.domain.programme import Programme
from bot.domain.programme.grid import Grid
from bot.domain.programme.journey import TUTOR_LANGUAGES, Skill
from bot.domain.stay import Stay, conditions
from bot.i18n import Text, best_language


class Part(StrEnum):
    """What the page asks, one after the other."""

    PRESENCE = "presence"
    QUESTIONS = "questions"
    SKILLS = "skills"
    """Which of the programme's skills they have seen: the host's part of a Europass Mobility."""
    ATTESTATION = "attestation"


@cache
def texts() -> Mapping[str, Text]:
    """Every text of the page and of the message that leads to it."""
    read: Mapping[str, Text] = tomllib.loads(Path(__file__).with_name("tutor_texts.toml").read_text("utf-8"))
    return read


def spoken(language: str | None) -> str:
    """The language of the page nearest to the tutor's; English where none is."""
    return best_language(language, TUTOR_LANGUAGES, default="en")


def asked(programme: Programme, stay: Stay, answered: frozenset[Part], today: date) -> tuple[Part, ...]:
    """What the tutor can be asked on a day, where the host is."""
    opens = {
        Part.PRESENCE: stay.start,
        Part.QUESTIONS: middle(stay) - timedelta(days=3),
        Part.SKILLS: stay.end - timedelta(days=7),
        Part.ATTESTATION: stay.end - timedelta(days=7),
    }
    empty = {Part.QUESTIONS: not programme.tutor.questions, Part.SKILLS: not skills_of(programme, stay)}
    wanted = [part for part in Part if not empty.get(part)]
    return tuple(part for part in wanted if part not in answered and today >= opens[part])


def grids_open(programme: Programme, stay: Stay, answered: frozenset[str], today: date) -> tuple[Grid, ...]:
    """The grids that the tutor can fill in on a day: those of the stay, from the last week on, each once."""
    if today < stay.end - timedelta(days=7):
        return ()
    held = conditions(programme, stay)
    return tuple(each for each in programme.tutor.grids if each.id not in answered and each.applies(held))


def skills_of(programme: Programme, stay: Stay) -> tuple[Skill, ...]:
    """What a tutor can confirm: every skill that a stay like this one has."""
    held = conditions(programme, stay)
    return tuple(skill for skill in programme.journey(stay.kind).skills if skill.applies(held))


def middle(stay: Stay) -> date:
    return stay.start + (stay.end - stay.start) // 2
