"""The whole programme."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from bot.domain.level import Level
from bot.domain.offset import WrittenOffset, parse_offset
from bot.domain.programme.help import Help
from bot.domain.programme.journey import WEEKDAYS, Employer, Family, Journey, Tutor, Weekday
from bot.domain.programme.ladder import LevelRules
from bot.domain.programme.links import Links
from bot.domain.programme.mobility_list import MobilityList
from bot.domain.programme.part import Fact, Hour, Id, Language, Part, Words
from bot.domain.purposes import Kept


class About(Part):
    """What the programme is called, and the languages it speaks."""

    id: Id
    title: Words
    version: str
    language: str = "fr"
    languages: tuple[str, ...] = ("fr", "en", "es")


_EUROPE = (
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO CH "
    "AD MC SM VA GP MQ GF RE YT BL MF"
)
EUROPE = tuple(_EUROPE.split())
"""The Union, the European Economic Area and Switzerland; what lies within them or belongs to France."""


class Rules(Part):
    """Figures of the call and of the grant agreements; check them every year."""

    min_days: dict[Literal["vet", "hed", "staff"], int] = {"vet": 10, "hed": 60, "staff": 2}
    max_days: dict[Literal["vet", "hed", "staff"], int] = {"vet": 365, "hed": 365, "staff": 60}
    telegram_min_age: int = 16
    ehic_countries: tuple[str, ...] = Field(description="ISO codes where the European health card is valid")
    ehic_europeans_only: tuple[str, ...] = Field(
        default=("DK", "IS", "LI", "NO", "CH"), description="… and of these, where it does not serve non-EU nationals"
    )
    identity_card_countries: tuple[str, ...] = Field(
        default=EUROPE, description="ISO codes that a European enters with an identity card; elsewhere: passport"
    )
    sources: dict[str, Fact] = Field(default={}, description="where each of these figures comes from")
    short_stay_days: int = Field(default=90, description="longer, a guest from outside Europe needs a long-stay visa")


class Between(Part):
    """From one hour of the day to a later one."""

    start: Hour
    end: Hour


class Closure(Part):
    """Days on which the team does not work, both ends included."""

    start: date
    end: date
    name: str = ""
    schools: tuple[str, ...] = Field(default=(), description="their references, where it is not for all of them")

    def concerns(self, school: str) -> bool:
        return not self.schools or school in self.schools


class Hours(Part):
    """Two clocks: when a learner may be written to (their own zone), and when the team works."""

    learner: Between
    contact: Hour = Field(description="local hour of a question that names none")
    team: Between
    waking: Between
    working_days: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday")
    holidays: str = Field(default="FR", description="country of the public holidays; empty for none")
    closures: tuple[Closure, ...] = ()

    @property
    def weekdays(self) -> frozenset[int]:
        return frozenset(WEEKDAYS.index(day) for day in self.working_days)


class Sos(Part):
    """Words that are a cry for help, in whatever language they come; added to Compagnon's own."""

    words: tuple[str, ...] = ()


class Distress(Part):
    """One kind of distress. Its words are listened for in every language, whatever the learner's."""

    level: Level = Field(
        default=Level.NONE, description="opens a case of this level at once; `none` only offers an adult"
    )
    words: dict[Language, tuple[str, ...]] = Field(description="whole words or phrases; accents and case do not matter")


class CatchUp(Part):
    """What happens to contacts that should have been made before: late enrolment, downtime."""

    digest_from: int = Field(default=3, ge=2, description="so many overdue questions or more come as one digest")
    window_days: int = Field(default=21, ge=1, description="a reminder older than this is closed, and said")


class GreenLight(Part):
    """When an adult is asked whether a stay may leave whose blocking items are not all there."""

    ask: WrittenOffset = parse_offset("J-3")
    climb: WrittenOffset = Field(default=parse_offset("J-1"), description="unanswered by then, it is a case of `today`")


class Watch(Part):
    """When an adult hears that a learner has not begun, or that nobody has heard of somebody abroad."""

    digest_days: int = Field(
        default=30, ge=1, description="who has not begun so long before the departure is named on Monday"
    )
    task_days: int = Field(default=14, ge=1, description="… and is a task from then on")
    case_days: int = Field(
        default=3, ge=1, description="… and a case of the level `today`; once more on the day itself"
    )
    silence_days: int = Field(
        default=7, ge=1, le=31, description="abroad, so long without a sign of life is a case, whatever the reason"
    )


class Retention(Part):
    """Until when each kind of data is kept: days after the return, or after the event where nobody is on a stay.

    Files have an end of their own: `keep_days` of their item.
    """

    messages: int = Field(default=90, ge=30, le=1095, description="what was written both ways")
    answers: int = Field(default=90, ge=30, le=1095, description="answers to questions; what was asked when")
    cases: int = Field(default=365, ge=90, le=1825, description="closed cases with their log")
    trail: int = Field(default=365, ge=180, le=1825, description="who did and who read what")
    record: int = Field(default=365, ge=90, le=1825, description="all the rest: identity, family, stay, papers")

    guests: int = Field(default=90, ge=30, le=1825, description="of guests nothing is kept longer: their school has it")

    def days(self, kept: Kept, *, guest: bool = False) -> int:
        """So many days for a kind."""
        found: int = getattr(self, kept.value)
        return min(found, self.guests) if guest and kept is not Kept.TRAIL else found


Percent = Annotated[int, Field(ge=1, le=100)]


class Tutoring(Part):
    """Who may be asked to help those who leave next: whoever said so after their return. An adult asks, both say yes."""

    item: Id = Field(default="ambassador", description="the item by which they say so …")
    yes: tuple[Id, ...] = Field(default=("tutoring", "both", "help"), description="… with one of these answers")
    across: bool = Field(default=False, description="pairs of two schools too, by adults who answer for both")


KINDS = ("outgoing", "incoming", "staff", "virtual")
"""The kinds of stay, each a table with a journey of its own."""
Published = Literal["post", "radio", "erasmus_days", "open_day", "talk"]


class Targets(Part):
    """What a school has set itself for twelve months; `/figures` shows it beside what was reached. Nothing written, no target."""

    learners: int | None = Field(default=None, ge=1, description="learners who leave …")
    weeks: int = Field(default=8, ge=1, le=52, description="… for so many weeks at least")
    staff: int | None = Field(default=None, ge=1, description="accompanying adults and other staff who leave")
    grant_holders: Percent | None = Field(default=None, description="per cent with the tag `grant_tag`")
    grant_tag: Id = Field(default="grant_holder", description="the tag of those who hold a social grant")
    cohort: dict[str, int] = Field(
        default={}, description="learners of each school by its reference: each is to leave at least once"
    )
    papers: Percent | None = Field(default=None, description="per cent with each paper that the balance waits for")
    tests: Percent | None = Field(default=None, description="per cent with both language tests")
    helping: int | None = Field(default=None, ge=1, description="returnees who help the next ones")
    meetings: int | None = Field(default=None, ge=1, description="meetings of the consortium")
    cell_meetings: int | None = Field(default=None, ge=1, description="meetings of the mobility cell of several cycles")
    published: dict[Published, int] = Field(
        default={}, description="publications in twelve months: post, radio, erasmus_days, open_day, talk"
    )
    tutoring: int | None = Field(default=None, ge=1, description="learners who leave with a tutor who was there")
    helping_item: Id = Field(default="ambassador", description="the item by which they say so")


class Badge(Part):
    """The Open Badge of a mobility: what it is called, what it says, and the item whose tick awards it."""

    title: Words
    about: Words
    criteria: Words
    item: Id = "badge_issued"


class Programme(Part):
    """The file a school writes. Everything Compagnon does of its own accord comes from here."""

    format: Literal[1] = 1
    programme: About
    rules: Rules
    hours: Hours
    levels: dict[Level, LevelRules]
    sos: Sos = Sos()
    distress: dict[Id, Distress] = Field(default={}, description="words that mean somebody is not well")
    catch_up: CatchUp = CatchUp()
    green_light: GreenLight = GreenLight()
    watch: Watch = Watch()
    family: Family = Family()
    tutor: Tutor = Tutor()
    employer: Employer = Employer()
    retention: Retention = Retention()
    tutoring: Tutoring = Tutoring()
    targets: Targets | None = None
    badge: Badge | None = None
    tags: dict[Id, Words] = Field(default={}, description="the school's own conditions: a stay that bears the tag")
    emergency: dict[str, str] = Field(
        default={}, description="emergency numbers per country, in place of Compagnon's own"
    )
    help: Help = Help()
    links: Links = Links()
    mobility_list: MobilityList = MobilityList()
    outgoing: Journey = Journey()
    incoming: Journey = Journey()
    staff: Journey = Journey()
    virtual: Journey = Journey()

    def __hash__(self) -> int:
        """By identity: a programme is read once and compared with nothing."""
        return id(self)

    def journey(self, kind: str) -> Journey:
        """The journey of a kind of stay."""
        return {"outgoing": self.outgoing, "incoming": self.incoming, "staff": self.staff, "virtual": self.virtual}[
            kind
        ]
