"""What goes wrong, on demand or by a seeded dice."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum, auto

FIRST_WORDS = frozenset({"getMe", "setWebhook", "deleteWebhook", "getWebhookInfo"})
"""Chance leaves these alone: a bot that cannot start tests nothing."""


class Kind(Enum):
    """What happens to a request, and whether it has its effect all the same. Where nothing is said, it has none."""

    TOO_MANY = auto()
    """429 with retry_after."""
    TOO_MANY_HTML = auto()
    """429 from something in front of Telegram: no JSON, no retry_after."""
    SERVER_ERROR = auto()
    """500, 502 or 504 by `status`, as JSON or as `html`. Has its effect only if `delivered`."""
    RESET_BEFORE = auto()
    """The connection breaks, and the request was not heard."""
    RESET_AFTER = auto()
    """The connection breaks, but the request had its effect."""
    SLOW = auto()
    """Has its effect, and is answered after `seconds`."""
    UNAUTHORIZED = auto()
    NOT_FOUND = auto()
    CONFLICT = auto()
    FORBIDDEN = auto()
    """403, `description` or: blocked by the user."""
    BAD_REQUEST = auto()
    """400 with `description`."""
    GARBAGE = auto()
    """200 with a body that is no JSON. Has its effect."""
    HALF = auto()
    """200, and the connection breaks in the middle of the body. Has its effect."""
    DUPLICATE = auto()
    """getUpdates: every update of the batch twice."""
    REORDER = auto()
    """getUpdates: the batch backwards."""


BATCH = frozenset({Kind.DUPLICATE, Kind.REORDER})


@dataclass
class Fault:
    """One thing to go wrong: `times` times, after `after` requests it would have fitted went well."""

    method: str
    """The method it befalls; "*" is any but getUpdates."""
    kind: Kind
    times: int = 1
    chat: int | None = None
    after: int = 0
    seconds: float = 1.0
    retry_after: int = 1
    whole_bot: bool = False
    """TOO_MANY: whether the bot may send nothing at all, or only nothing to this chat."""
    status: int = 502
    html: bool = False
    delivered: bool = False
    description: str = ""

    def fits(self, method: str, chat: int | None) -> bool:
        right = method != "getUpdates" if self.method == "*" else method == self.method
        return right and self.times > 0 and self.chat in (None, chat)


@dataclass
class Chance:
    """Faults by dice: probabilities by kind, rolled per request."""

    dice: random.Random
    odds: Mapping[Kind, float]
    methods: frozenset[str]
    """Empty: all but a bot's first words."""
    model: Fault

    def roll(self, method: str) -> Fault | None:
        if method in FIRST_WORDS or (self.methods and method not in self.methods):
            return None
        for kind, probability in self.odds.items():
            if kind in BATCH and method != "getUpdates":
                continue
            if self.dice.random() < probability:
                return replace(self.model, method=method, kind=kind)
        return None


@dataclass
class Faults:
    """Those still to come, and those that came."""

    waiting: list[Fault] = field(default_factory=list)
    happened: list[tuple[str, Kind]] = field(default_factory=list)
    _chance: Chance | None = None

    def add(self, fault: Fault) -> Fault:
        self.waiting.append(fault)
        return fault

    def by_chance(
        self, seed: int, odds: Mapping[Kind, float], methods: frozenset[str] = frozenset(), model: Fault | None = None
    ) -> None:
        """From now on every request may go wrong; `model` has the seconds, the status and so on."""
        self._chance = Chance(random.Random(seed), odds, methods, model or Fault("*", Kind.SLOW))

    def clear(self) -> None:
        """From now on all goes well."""
        self.waiting.clear()
        self._chance = None

    def take(self, method: str, chat: int | None) -> Fault | None:
        """What befalls this request."""
        fault = self._planned(method, chat) or (self._chance.roll(method) if self._chance else None)
        if fault is not None:
            self.happened.append((method, fault.kind))
        return fault

    def _planned(self, method: str, chat: int | None) -> Fault | None:
        for fault in self.waiting:
            if not fault.fits(method, chat):
                continue
            if fault.after > 0:
                fault.after -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                self.waiting.remove(fault)
            return fault
        return None
