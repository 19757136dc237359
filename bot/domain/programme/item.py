"""Items of the checklist, and the messages that only inform."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from bot.domain.level import Level
from bot.domain.offset import Offset, WrittenOffset
from bot.domain.person import Role
from bot.domain.programme.part import Conditional, Hour, Id, Part, Words
from bot.i18n import _


class Means(StrEnum):
    """What an answer to an item says of it."""

    DONE = "done"
    DOING = "doing"
    HELP = "help"
    NO = "no"
    HANDED = "handed"
    """An adult takes it on: the learner is not asked again."""


class Proof(StrEnum):
    """What closes an item."""

    DECLARED = "declared"
    CHECKED = "checked"
    """An adult ticks it after having seen the document. Compagnon never stores the document."""
    SYSTEM = "system"
    """An adult ticks it after having seen it in an official system."""
    FILE = "file"
    """The learner sends a photo or a document, an adult looks at it and ticks. Kept encrypted, with an end date."""


Who = Literal[
    "learner", "family", "coordinator", "teacher", "finance", "administration", "head", "employer", "partner", "host_family"
]  # fmt: skip
EXTERNALS = (Role.EMPLOYER, Role.PARTNER, Role.HOST_FAMILY)
"""Who is no member of the team, and is written to with a link to the page that lists what is theirs to do."""


class Wording(Part):
    """Other words for a question that comes again."""

    id: Id
    text: Words


class ItemChoice(Part):
    """One answer on offer to an item."""

    id: Id
    label: Words
    means: Means
    reply: Words | None = Field(default=None, description="what the learner reads after this answer")
    level: Level = Field(default=Level.NONE, description="opens a case of this level")
    also: dict[Id, Means] = Field(default={}, description="what it says of other items, which are then not asked")


DEFAULT_CHOICES = (
    ItemChoice(id="have", label=_("I have it"), means=Means.DONE),
    ItemChoice(id="asked", label=_("On its way"), means=Means.DOING, reply=_("Good. I'll ask you again later.")),
    ItemChoice(id="how", label=_("I don't know how"), means=Means.HELP),
)


class SchoolDate(Part):
    """Another date for the learners of one school."""

    school: str = Field(min_length=1, description="its reference")
    due: WrittenOffset


class Item(Conditional):
    """Something to be done by a date, asked of the one who can do it, closed by its proof."""

    id: Id
    title: Words
    short: Words | None = Field(default=None, description="what a learner reads in a list: a few words, not the title")
    who: Who = "learner"
    due: WrittenOffset
    school_dates: tuple[SchoolDate, ...] = Field(default=(), description="other dates, each for one school")
    remind: tuple[int, ...] = Field(default=(14, 3, 0), description="days before `due` on which it is asked again")
    at: Hour | None = Field(default=None, description="local hour of the question; `hours.contact` where absent")
    until: WrittenOffset | None = Field(default=None, description="from then on it is too late, and no more asked")
    proof: Proof = Proof.DECLARED
    keep_days: int = Field(
        default=90, ge=1, le=365, description="days after the return for which a file is kept (proof = file)"
    )
    blocking: Literal["yes", "warn", "no"] = "no"
    text: Words | None = Field(default=None, description="the question to the learner; the title where absent")
    again: tuple[Wording, ...] = Field(
        default=(), description="other words for it, in turn, when it is asked again; then Compagnon's own short ones"
    )
    help: Words | None = Field(default=None, description="three short lines for whoever does not know how")
    choices: tuple[ItemChoice, ...] = DEFAULT_CHOICES
    private: bool = Field(
        default=False,
        description="its title tells of health or need: to others than those who read answers it is not shown",
    )
    drill: bool = Field(default=False, description="after the answer that means `done`, the learner tries SOS for once")
    overdue: Level = Field(
        default=Level.NONE, description="opens a case the day after `due`, if the learner has not answered"
    )

    @property
    def flow(self) -> str:
        return "item"

    def due_for(self, school: str) -> Offset:
        """When it is due for the learners of a school."""
        return next((each.due for each in self.school_dates if each.school == school), self.due)

    @property
    def asks_learner(self) -> bool:
        """Family items are asked of the learner, to be done at home."""
        return self.who in {"learner", "family"}

    @property
    def words(self) -> Words:
        """What a learner reads in a list."""
        return self.short or self.title

    @property
    def is_paper(self) -> bool:
        """Something to have and to show, of which "I have it" says all; a test or a report asks for more."""
        plain = type(self) is Item and self.asks_learner and self.proof is Proof.CHECKED
        return plain and any(choice.means is Means.DONE for choice in self.choices)

    @property
    def external(self) -> Role | None:
        """Who outside the school is written to about it."""
        return next((role for role in EXTERNALS if role == self.who), None)

    @property
    def role(self) -> Role:
        """Who has to act: the adults' items name their role. What somebody outside has to do, the coordinator follows."""
        if self.external:
            return Role.COORDINATOR
        return Role.LEARNER if self.asks_learner else Role(self.who)


class Report(Item):
    """The participant report (EU Survey): its mail may not have come, which is then an adult's task."""

    id: Id = "report"
    choices: tuple[ItemChoice, ...] = (
        ItemChoice(id="sent", label=_("Sent"), means=Means.DONE),
        ItemChoice(id="received", label=_("Received, not done yet"), means=Means.DOING),
        ItemChoice(id="missing", label=_("Not received"), means=Means.HANDED, level=Level.FOLLOW_UP),
    )

    @property
    def flow(self) -> str:
        return "report"


class LanguageTest(Item):
    """One of the two OLS placement tests; each is a switch of the programme."""

    enabled: bool = True
    skip_at: str | None = Field(default="C2", description="with this level at the first test, the second is skipped")
    scale: tuple[str, ...] = ("A1", "A2", "B1", "B2", "C1", "C2")

    @property
    def flow(self) -> str:
        return "language_test"


class Message(Conditional):
    """Something to tell at a date, that asks nothing but "got it"."""

    id: Id
    at: WrittenOffset
    text: Words
    until: WrittenOffset | None = Field(default=None, description="from then on it comes too late, and is not sent")
    question: bool = Field(default=True, description="offer the button « I have a question »")
    keep: bool = Field(default=False, description="it asks for words, which are kept with the learner's answers")
    offer: Literal["strengths", "diary", "skills"] | None = Field(
        default=None, description="a button under it that begins this, for whoever likes"
    )
    green: bool = Field(default=False, description="held back until the stay has its green light (a farewell)")
