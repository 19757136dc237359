"""The figures as a table: what was reached, what the goal is, and by name what failed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from statistics import median

from tests.lives.figures import Figures


def table(found: Figures) -> str:
    """One line a figure, in Markdown."""
    reached = sum(in_time for _kind, _delay, in_time in found.needs)
    needed = sum(wanted for _kind, _topic, wanted in found.alarms)
    messages = [each[1] for each in found.learners]
    presses = [each[2] for each in found.learners]
    per_alarm = f"{found.presses / len(found.alarms):.1f}" if found.alarms else "none"
    lines = (
        ("needs that reached an adult in time", share(reached, len(found.needs)), "100 %"),
        ("alarms with a need behind them", share(needed, len(found.alarms)), "≥ 90 %"),
        ("told to somebody who must not know", str(len(found.leaks)), "0"),
        ("words of a learner without an end", str(len(found.floor)), "0"),
        ("unasked messages to a coordinator in a week: median, worst", spread(found.weeks), "≤ 3, ≤ 6"),
        ("presses of adults per alarm", per_alarm, "2"),
        ("messages to a learner in a stay: median, worst", spread(messages), "≤ 45"),
        ("presses of a learner in a stay: median, worst", spread(presses), "≤ 25"),
    )
    head = f"| figure, {len(found.learners)} learners | measured | goal |\n|---|---|---|"
    return "\n".join([head, *(f"| {name} | {value} | {goal} |" for name, value, goal in lines)])


def details(found: Figures) -> str:
    """By kind of life: delays, efforts, and everything that failed."""
    return "\n".join([*_delays(found), *_efforts(found), *_failures(found)])


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "none"


def spread(numbers: Iterable[int]) -> str:
    each = sorted(numbers)
    return f"{median(each):g}, {each[-1]}" if each else "none"


def _delays(found: Figures) -> Iterator[str]:
    yield "\nFrom the need to an adult's screen, by kind of life: median, worst"
    delays: dict[str, list[float]] = defaultdict(list)
    for kind, delay, _in_time in found.needs:
        if delay is not None:
            delays[kind].append(delay.total_seconds() / 60)
    for kind, each in sorted(delays.items()):
        yield f"  {kind}: {_told(median(each))}, {_told(max(each))}"


def _efforts(found: Figures) -> Iterator[str]:
    yield "\nMessages and presses of a learner, by kind of life: median"
    efforts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, messages, presses in found.learners:
        efforts[kind].append((messages, presses))
    for kind, pairs in sorted(efforts.items()):
        yield f"  {kind}: {median(each[0] for each in pairs):g}, {median(each[1] for each in pairs):g}"


def _failures(found: Figures) -> Iterator[str]:
    yield "\nWhat failed"
    failed = {
        "not told in time": Counter(kind for kind, _delay, in_time in found.needs if not in_time),
        "alarm without a need": Counter(f"{topic} ({kind})" for kind, topic, needed in found.alarms if not needed),
        "told to somebody who must not know": Counter(f"{kind}: {who}" for kind, who in found.leaks),
        "words without an end": Counter(found.floor),
    }
    for what, kinds in failed.items():
        yield from (f"  {what}: {kind}, {times} times" for kind, times in kinds.most_common())


def _told(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
