"""The figures as a table: what was reached, what the goal is, and by name what failed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from statistics import median

from tests.lives.figures import COORDINATOR, Figures, Week
from tests.lives.life import STAYS


def table(found: Mapping[int, Figures]) -> str:
    """One line a figure and one column a year, in Markdown. `found` are the figures of each seed."""
    columns = [measured(each) for each in found.values()]
    heads = " | ".join(f"year {seed}, {len(each.learners)} learners" for seed, each in found.items())
    lines = [f"| figure | {heads} | goal |", "|---" * (len(columns) + 2) + "|"]
    for place, (name, _value, goal) in enumerate(columns[0]):
        lines.append(f"| {name} | {' | '.join(column[place][1] for column in columns)} | {goal} |")
    return "\n".join(lines)


def measured(found: Figures) -> tuple[tuple[str, str, str], ...]:
    """Each figure: its name, what was measured, the goal."""
    reached = sum(in_time for _kind, _delay, in_time in found.needs)
    needed = sum(wanted for _kind, _topic, wanted in found.alarms)
    delays = [delay.total_seconds() / 60 for _kind, delay, _in_time in found.needs if delay is not None]
    coordinator = [week for week in found.weeks if week.ref == COORDINATOR]
    quiet = [week for week in coordinator if not week.cried]
    return (
        ("needs that reached an adult in time", share(reached, len(found.needs)), "100 %"),
        ("alarms with a need behind them", share(needed, len(found.alarms)), "≥ 90 %"),
        ("from a need to an adult's screen: median, worst", spread(delays, _told), "within the programme"),
        ("told to somebody who must not know", str(len(found.leaks)), "0"),
        ("words of a learner without an end", str(len(found.floor)), "0"),
        ("unasked messages to a coordinator in a week without SOS: median, worst", _unasked(quiet), "≤ 3, ≤ 6"),
        ("the same, any week", _unasked(coordinator), ""),
        ("the same, any adult of the school, any week", _unasked(found.weeks), ""),
        ("alarms to a coordinator in a week without SOS: median, worst", spread(week.alarms for week in quiet), "≤ 1"),
        ("presses of adults per alarm", f"{found.presses / len(found.alarms):.1f}" if found.alarms else "none", "2"),
        *(line for stay, _longest in STAYS for line in _of_stay(found, stay)),
    )


def _of_stay(found: Figures, stay: str) -> Iterator[tuple[str, str, str]]:
    theirs = [each for each in found.learners if each[1] == stay]
    budget = ("≤ 45", "≤ 25") if stay == "three weeks" else ("", "")
    yield f"messages to a learner, {stay}: median, worst", spread(each[2] for each in theirs), budget[0]
    yield f"presses of a learner, {stay}: median, worst", spread(each[3] for each in theirs), budget[1]


def _unasked(weeks: Iterable[Week]) -> str:
    return spread(week.unasked for week in weeks)


def details(found: Figures) -> str:
    """By kind of life: delays, efforts, and everything that failed."""
    return "\n".join([*_delays(found), *_efforts(found), *_failures(found)])


def share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} % ({part} of {whole})" if whole else "none"


def spread(numbers: Iterable[float], told: Callable[[float], str] = "{:g}".format) -> str:
    each = sorted(numbers)
    return f"{told(median(each))}, {told(each[-1])}" if each else "none"


def _delays(found: Figures) -> Iterator[str]:
    yield "\nFrom the need to an adult's screen, by kind of life: median, worst"
    delays: dict[str, list[float]] = defaultdict(list)
    for kind, delay, _in_time in found.needs:
        if delay is not None:
            delays[kind].append(delay.total_seconds() / 60)
    for kind, each in sorted(delays.items()):
        yield f"  {kind}: {spread(each, _told)}"


def _efforts(found: Figures) -> Iterator[str]:
    yield "\nMessages and presses of a learner, by kind of life: median"
    efforts: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for kind, _stay, messages, presses in found.learners:
        efforts[kind].append((messages, presses))
    for kind, pairs in sorted(efforts.items()):
        yield f"  {kind}: {median(each[0] for each in pairs):g}, {median(each[1] for each in pairs):g}"


def _failures(found: Figures) -> Iterator[str]:
    yield "\nWhat failed"
    failed = {
        "not told in time": Counter(
            f"{kind} ({_told(delay.total_seconds() / 60) if delay else 'never'})"
            for kind, delay, in_time in found.needs
            if not in_time
        ),
        "alarm without a need": Counter(f"{topic} ({kind})" for kind, topic, needed in found.alarms if not needed),
        "told to somebody who must not know": Counter(f"{kind}: {who}" for kind, who in found.leaks),
        "never asked what is the matter": Counter(found.untold),
        "words without an end": Counter(found.floor),
    }
    for what, kinds in failed.items():
        yield from (f"  {what}: {kind}, {times} times" for kind, times in kinds.most_common())


def _told(minutes: float) -> str:
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
