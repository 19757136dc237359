"""The review of a cohort: what kinds of case there were, and what was answered; counted by learner, and silent about few."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from bot.domain.figures import Band, masked


class Sort(StrEnum):
    """Kinds of case, wide enough to give nobody away."""

    GRAVE = "grave"
    SILENCE = "silence"
    ANSWER = "answer"
    HOST = "host"
    PAPERS = "papers"


_SILENCE = frozenset({"missed", "never_started", "no_contact", "undelivered", "stopped", "refused", "unseen", "away"})
_PAPERS = frozenset({"overdue", "postponed", "green_light", "few_adults", "no_on_call", "unlisted", "early_return"})


def sort_of(topic: str, *, grave: bool) -> Sort:
    """The kind of a case by the topic that opened it."""
    if grave:
        return Sort.GRAVE
    if topic in _SILENCE or topic.startswith("silent"):
        return Sort.SILENCE
    if topic.startswith("tutor"):
        return Sort.HOST
    return Sort.PAPERS if topic in _PAPERS else Sort.ANSWER


def tally(found: Iterable[tuple[str, int]], names: Iterable[str]) -> tuple[Band, ...]:
    """How many learners there are of each name, each once; what is few is hidden, and what would give it away."""
    learners: dict[str, set[int]] = {name: set() for name in names}
    for name, learner in found:
        learners.setdefault(name, set()).add(learner)
    counts = {name: len(some) for name, some in learners.items()}
    gone = masked(counts)
    return tuple(Band(name, None if name in gone else count) for name, count in counts.items())
