"""The team: `consortium.toml`, the schools and the adults who answer for the learners."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from bot.domain.person import Leave, Role
from bot.domain.programme.part import Part
from bot.domain.roster.cells import read_email, read_name
from bot.domain.roster.dates import read_date
from bot.domain.roster.phones import read_phone
from bot.domain.roster.row import KnownSchool
from bot.domain.roster.vocabulary import read_language
from bot.domain.roster.zones import read_zone
from bot.i18n import _, say

Ref = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]
Name = Annotated[str, Field(min_length=1), AfterValidator(lambda written: read_name(written, 80))]
Phone = Annotated[str, BeforeValidator(read_phone)]
Email = Annotated[str, BeforeValidator(read_email)]
Language = Annotated[str, BeforeValidator(read_language)]
Zone = Annotated[str, BeforeValidator(read_zone)]
Day = Annotated[date, BeforeValidator(read_date)]
Duty = Literal["coordination", "finance", "administration", "quality"]
TeamRole = Literal[
    "coordinator", "deputy", "head", "on_call", "teacher", "finance", "administration", "quality", "consortium"
]


class Consortium(Part):
    """The schools' common name, and the phone that rings when no school's does."""

    name: Name
    language: Language = "fr"
    on_call_phone: Phone | None = None
    zone: Zone = "Europe/Paris"


class School(Part):
    """A member. `duties` is what it does for the others too."""

    ref: Ref
    was: Ref | None = Field(default=None, description="the ref it had before: its stays and its people follow")
    name: Name
    city: Name
    phone: Phone | None = None
    on_call_phone: Phone | None = Field(default=None, description="the consortium's where absent")
    zone: Zone = "Europe/Paris"
    duties: tuple[Duty, ...] = ()

    def known(self) -> KnownSchool:
        """The school as the roster needs it."""
        return KnownSchool(self.ref, self.name, self.city, self.zone)


class DaysOff(Part):
    """Planned leave, both ends included."""

    start: Day
    end: Day

    @model_validator(mode="after")
    def _in_order(self) -> DaysOff:
        if self.end < self.start:
            raise ValueError(say(_("the end ({end}) comes before the start ({start})"), start=self.start, end=self.end))
        return self


class Member(Part):
    """An adult of the team. Without a school it is one of the consortium's own people.

    `schools` instead of `school`: the same roles at each; `roles_at`: other roles at one of them, or at a further one.
    """

    ref: Ref
    first_name: Name
    last_name: Name
    school: str | None = None
    schools: tuple[str, ...] = ()
    roles: tuple[TeamRole, ...] = Field(default=(), min_length=1)
    roles_at: dict[str, Annotated[tuple[TeamRole, ...], Field(min_length=1)]] = Field(default_factory=dict)
    email: Email | None = None
    phone: Phone | None = None
    language: Language = Field(default="fr", description="the consortium's where absent")
    leave: tuple[DaysOff, ...] = ()

    @model_validator(mode="after")
    def _clear(self) -> Member:
        if self.school is not None and self.schools:
            raise ValueError(say(_("school and schools say the same: write one of them")))
        if not self.roles and not self.roles_at:
            raise ValueError(say(_("roles: this is missing")))
        return self

    @property
    def posts(self) -> dict[str | None, frozenset[Role]]:
        """The roles at each school, at home first; under None those held for the consortium."""
        homes: tuple[str | None, ...] = self.schools or (self.school,)
        named = dict.fromkeys(homes, self.roles) if self.roles else {}
        return {home: frozenset(Role(name) for name in roles) for home, roles in (named | self.roles_at).items()}

    @property
    def home(self) -> str | None:
        """Where they mostly work."""
        return next(iter(self.posts))

    @property
    def held(self) -> frozenset[Role]:
        """Whatever they are to anybody."""
        return frozenset[Role]().union(*self.posts.values())

    @property
    def leaves(self) -> tuple[Leave, ...]:
        return tuple(Leave(off.start, off.end) for off in self.leave)


class Team(Part):
    """The whole file."""

    consortium: Consortium
    schools: tuple[School, ...] = Field(min_length=1)
    people: tuple[Member, ...] = Field(min_length=1)

    def of_school(self, ref: str) -> tuple[Member, ...]:
        """The school's own people."""
        return tuple(member for member in self.people if ref in member.posts)

    def duties_of(self, member: Member) -> frozenset[Role]:
        """What somebody does for every school: their role at a school that has it as its duty."""
        shared = {
            school.ref: {Role(duty) for duty in school.duties if duty != "coordination"} for school in self.schools
        }
        return frozenset(
            role for place, roles in member.posts.items() for role in roles & shared.get(place or "", set())
        )
