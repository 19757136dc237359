"""The steps of which flows are made. All frozen; every exit names a later step, or the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.engine.effect import Answers, Facts, Rule
from bot.i18n import Text

END = ""
"""The exit that ends a conversation."""

Wait = timedelta | str
"""How long to wait for an answer, from delivery; or the name of the fact that holds the instant (ISO, UTC)."""


@dataclass(frozen=True)
class Say:
    """Something told. Without a text it is silent: a place for effects only."""

    id: str
    text: Text | None
    then: str = END
    effects: tuple[Rule, ...] = ()
    receipt: bool = False
    """It only says that an answer was taken: where the channel can edit, it stands under the question that was pressed."""
    once: bool = False
    """Said once in a conversation, with its effects, however many answers come after it."""

    def exits(self) -> dict[str, str]:
        return {"": self.then}


@dataclass(frozen=True)
class Choice:
    """One answer on offer. `keywords` are further ways to type it, in any language."""

    id: str
    label: Text
    then: str = END
    keywords: tuple[str, ...] = ()
    hidden: bool = False
    """Understood when it is typed, and no button: nobody has to press it."""


@dataclass(frozen=True)
class Choose:
    """A question with buttons. When `wait` runs out the walk goes on at `silence`."""

    id: str
    text: Text
    choices: tuple[Choice, ...]
    wait: Wait | None = None
    silence: str = END
    progress: tuple[int, int] | None = None
    effects: tuple[Rule, ...] = ()
    variants: tuple[Text, ...] = ()
    """Other words for it, in turn, where it comes again."""
    beside: tuple[str, Text] | None = None
    """A command that is offered beside the answers, and the label of its button: whoever likes."""
    into: str = ""
    """The choice that each thing of its list stands for: a button of its own, and that thing is asked first."""

    def exits(self) -> dict[str, str]:
        return _exits({}, self)


@dataclass(frozen=True)
class Write:
    """A question answered in one's own words, of at most `limit` characters; `skip` is the way past it. `ready` are words
    that one press says: those that the fact named `among` lists.
    """

    id: str
    text: Text
    then: str = END
    skip: Choice | None = None
    wait: Wait | None = None
    silence: str = END
    limit: int = 1000
    effects: tuple[Rule, ...] = ()
    ready: tuple[Choice, ...] = ()
    among: str = ""
    late: bool = True
    """Whether words that come after its wait are still for it."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        return (*self.ready, *((self.skip,) if self.skip else ()))

    def exits(self) -> dict[str, str]:
        return _exits({"words": self.then}, self)


@dataclass(frozen=True)
class Number:
    """A question answered with a whole number between `low` and `high`, pressed or typed."""

    id: str
    text: Text
    low: int
    high: int
    then: str = END
    wait: Wait | None = None
    silence: str = END
    effects: tuple[Rule, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(Choice(str(n), str(n), self.then) for n in range(self.low, self.high + 1))

    def exits(self) -> dict[str, str]:
        return {f"{self.low}–{self.high}": self.then} | ({"silence": self.silence} if self.wait is not None else {})


FILE = "file:"
"""How an answer begins that is a file: its number follows. No choice can have such an id."""


@dataclass(frozen=True)
class Upload:
    """A question answered with a photo or a document; `skip` is the way past it for who would rather show it."""

    id: str
    text: Text
    then: str = END
    skip: Choice | None = None
    wait: Wait | None = None
    silence: str = END
    effects: tuple[Rule, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return (self.skip,) if self.skip else ()

    def exits(self) -> dict[str, str]:
        return _exits({"file": self.then}, self)


@dataclass(frozen=True)
class Branch:
    """A fork nobody sees. `decide` returns one of the labels of `roads`, never a step id."""

    id: str
    decide: Callable[[Facts, Answers], str]
    roads: Mapping[str, str] = field(default_factory=dict)
    effects: tuple[Rule, ...] = ()

    def exits(self) -> dict[str, str]:
        return dict(self.roads)


Question = Choose | Write | Number | Upload
Step = Say | Choose | Write | Number | Upload | Branch


def on_offer(question: Question, facts: Facts) -> tuple[Choice, ...]:
    """The choices that are shown: of words that one press says, those of this conversation."""
    if not isinstance(question, Write) or not question.among:
        return question.choices
    wanted = facts.get(question.among, ())
    return tuple(each for each in question.choices if each == question.skip or each.id in wanted)


def _exits(own: dict[str, str], question: Choose | Write | Upload) -> dict[str, str]:
    """The answer of one's own, each choice, and silence where it is waited for."""
    chosen = {choice.id: choice.then for choice in question.choices}
    return own | chosen | ({"silence": question.silence} if question.wait is not None else {})
