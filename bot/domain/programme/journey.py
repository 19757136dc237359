"""What one kind of mobility goes through, and those around a learner: the family and the tutor at the host's."""

from __future__ import annotations

from datetime import time
from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.level import Level
from bot.domain.offset import WrittenOffset, parse_offset
from bot.domain.programme.grid import Grid
from bot.domain.programme.item import Item, LanguageTest, Message, Report, Wording
from bot.domain.programme.part import Conditional, Fact, Hour, Id, Part, Words
from bot.i18n import _

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class Answer(Part):
    """One answer on offer, and how grave it is."""

    id: Id
    label: Words
    level: Level = Level.NONE
    reply: Words | None = None
    ends: bool = Field(default=False, description="it answers what would be asked after it too: nothing more is asked")


class Question(Conditional):
    """A question with buttons; some stays are not asked it. The order of the choices is their scale, best first. Without
    choices it is answered in one's own words, which are kept with the answers, and nobody is sent.
    """

    id: Id
    text: Words
    choices: tuple[Answer, ...] = Field(default=(), max_length=8)


class Trend(Part):
    """What a series of answers says that one answer does not."""

    question: Id
    low: tuple[Id, ...] = Field(description="answers that are fine once, not twice running")
    drop: int = Field(default=2, ge=1, description="steps down the scale from one week to the next")
    level: Level = Level.FOLLOW_UP


Moment = Literal["first", "middle", "last", "always"]


class CheckIn(Part):
    """The weekly conversation while abroad."""

    weekday: Weekday = "sunday"
    also_on: tuple[Weekday, ...] = Field(default=(), description="further days of the week, for everybody …")
    also_on_minors: tuple[Weekday, ...] = Field(default=(), description="… and for those who leave under 18")
    at: Hour
    spread_minutes: int = Field(default=10, ge=0, le=120, description="each learner has a stable minute in this window")
    first: WrittenOffset
    gap_days: int = Field(default=3, ge=1, description="no weekly check-in within so many days of the first")
    remind_hours: tuple[int, ...] = (24, 40)
    missed_after_hours: int = 48
    missed: Level = Level.FOLLOW_UP
    missed_minor: Level = Field(default=Level.TODAY, description="the first silence of a minor")
    missed_again: Level = Level.TODAY
    opening: Words = Field(default=_("Hi {name}, how is it going in {city}?"), description="the one question")
    openings: tuple[Wording, ...] = Field(default=(), description="other words for it, in turn, week after week")
    nudge: Words = _("No worries if you had no time. One word or one button is enough: are you well?")
    nudges: tuple[Wording, ...] = Field(default=(), description="the same for the reminders after the first")
    in_full: tuple[Moment, ...] = Field(
        default=("middle",), description="when the questions are asked of whoever is fine too; else only after so-so"
    )
    questions: tuple[Question, ...] = Field(min_length=1)
    trend: Trend | None = None
    note: bool = Field(default=True, description="offer a line of free text at the end, never forwarded")


class Reason(Part):
    """Why a day was missed; `excused` opens no case."""

    id: Id
    label: Words
    excused: bool = False


class Attendance(Conditional):
    """How many days of the week the learner was at work; the grant and the PFMP allowance depend on it."""

    weekday: Weekday = "friday"
    at: Hour
    with_check_in: bool = Field(
        default=False,
        description="asked with the weekly check-in, in one press; alone where none follows within the week",
    )
    days: int = Field(default=5, ge=1, le=7)
    reasons: tuple[Reason, ...]
    one_day: Level = Level.FOLLOW_UP
    more_days: Level = Level.TODAY
    remind_hours: tuple[int, ...] = (20,)
    missed_after_hours: int = 68
    missed: Level = Level.FOLLOW_UP


class Deadline(Part):
    """When silence becomes a case; minors sooner."""

    minor: WrittenOffset
    adult: WrittenOffset
    level: Level = Level.TODAY


class Landmark(Part):
    """A moment that must be confirmed: arrival, safe return."""

    ask: WrittenOffset
    again: tuple[WrittenOffset, ...] = ()
    missing: Deadline
    questions: tuple[Question, ...] = Field(min_length=1)


class Area(StrEnum):
    """The headings under which a Europass Mobility lists what somebody can do."""

    WORK = "work"
    LANGUAGE = "language"
    DIGITAL = "digital"
    ORGANISATION = "organisation"
    COMMUNICATION = "communication"
    OTHER = "other"


class Skill(Conditional):
    """Something one may learn there, said with one press; those of one trade are for stays with its tag."""

    id: Id
    label: Words
    area: Area = Area.WORK


class Balance(Part):
    """When the balance of the grant may be paid: not before what proves the mobility is there."""

    rule: Fact | None = None
    paid: Id = Field(description="the item that says that it is paid")
    needs: tuple[Id, ...] = Field(min_length=1, description="the items that it waits for")
    dates: Id = Field(description="the item that the dates of the signed certificate settle; a tick alone does not")
    gap_days: int = Field(default=5, ge=0, description="more days' difference with the agreement: it is recalculated")
    target_days: dict[Literal["vet", "hed", "staff"], int] = Field(
        default={}, description="days aimed at; told where the agreement reached them and the certificate does not"
    )
    allowance: Id | None = Field(default=None, description="the item of the allowance for days at work, if any")


class Section(Conditional):
    """A part of the page that a guest opens without an account."""

    id: Id
    title: Words
    text: Words


class Journey(Part):
    """All that Compagnon does of its own accord for one kind of mobility."""

    messages: tuple[Message, ...] = ()
    welcome: tuple[Section, ...] = Field(default=(), description="the page that a text names as {page}; none, no page")
    before: tuple[Item, ...] = ()
    during: tuple[Item, ...] = ()
    after: tuple[Item, ...] = ()
    arrival: Landmark | None = None
    check_in: CheckIn | None = None
    attendance: Attendance | None = None
    safe_return: Landmark | None = None
    report: Report | None = None
    first_test: LanguageTest | None = None
    second_test: LanguageTest | None = None
    balance: Balance | None = None
    skills: tuple[Skill, ...] = Field(
        default=(), description="on offer when a good week asks what was learned; none, and it does not ask"
    )

    diary: tuple[Wording, ...] = Field(
        default=(), description="questions for the learner's own diary, in turn; none, and there is no diary"
    )

    @property
    def asked_together(self) -> Attendance | None:
        """The days at work, where they are asked with the weekly check-in."""
        joined = self.check_in is not None and self.attendance is not None and self.attendance.with_check_in
        return self.attendance if joined else None

    @property
    def items(self) -> tuple[Item, ...]:
        """Every item that is switched on, in the order of the file."""
        tests = [test for test in (self.first_test, self.second_test) if test and test.enabled]
        return (*self.before, *tests, *self.during, *self.after, *([self.report] if self.report else []))

    def item(self, name: str) -> Item | None:
        """The item of that id."""
        return next((item for item in self.items if item.id == name), None)


PingName = Literal["left", "arrived", "checked_in", "back"]
TUTOR_LANGUAGES = ("fr", "en", "es", "de", "it")
"""The languages of the tutor's page; every text of it has all five."""


class Family(Part):
    """What the family of a learner is told, with consent: status words only. Nothing at all unless listed here."""

    pings: tuple[PingName, ...] = ()
    morning: Hour = Field(default=time(9), description="hour of the word on the day of departure, where the family is")
    evening: Hour = Field(default=time(18, 30), description="hour of the weekly word, the day after the check-in")


class Employer(Conditional):
    """Who employs an apprentice or an adult learner at home: what they hear of, and the message by which the learner knows
    that they do. The conditions say of whom.
    """

    hears: tuple[Literal["absence", "unreachable"], ...] = ()
    notice: Id | None = Field(default=None, description="outgoing message that tells the learner so beforehand")


class Tutor(Part):
    """The page of the tutor at the host's: by link, without an account."""

    write: bool = Field(default=False, description="send the link by e-mail; else the coordinator hands it over")
    ask: tuple[WrittenOffset, ...] = tuple(parse_offset(day) for day in ("D+1", "M+0", "F-1"))
    at: Hour = time(10)
    questions: tuple[Question, ...] = Field(default=(), max_length=8)
    questions_item: Id | None = Field(default=None, description="item that its answers hand to the coordinator's tick")
    skills_item: Id | None = Field(default=None, description="item that the skills they have seen do")
    attestation_item: Id | None = Field(default=None, description="item that the signed attestation does")
    grids: tuple[Grid, ...] = Field(
        default=(), description="evaluation grids, on paper and on the page in the last week"
    )
