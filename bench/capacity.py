"""Towards a continent, on paper: a year of 1.3 million mobilities drawn by chance, and its Sunday evening played second by second.

`python3 run.py dev -m bench.capacity` prints what docs/capacity.md says; `--write` puts it there. What one stay costs is
measured (bench/measured.json; `--measure` measures it again: some minutes); all else is drawn from a seed, so the same
measures give the same page.
"""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Iterator

from bench.continent import ANSWERED, CORE, EVENING, MOBILITIES, TOKEN, Year, consortia, evening, year
from bench.measured import Measured, kept, measured
from bench.page import put
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "capacity.md"

SERVER, CORES, DISK = 30.0, 4, 320
"""Euros a month for a rented machine with so many cores, 16 GB of memory and so many GB of disk: assumed."""


def page(cost: Measured) -> str:
    """What the page says, as a table."""
    return "\n".join(
        ["| what | figure |", "| --- | --- |", *(f"| {what} | {figure} |" for what, figure in _rows(cost))]
    )


def _rows(cost: Measured) -> Iterator[tuple[str, str]]:
    drawn, sizes = year(), consortia()
    share = drawn.peak / MOBILITIES
    one, largest, middle = (
        evening(_scaled(drawn.instants, part), cost)
        for part in (1.0, sizes[0] / MOBILITIES, sizes[len(sizes) // 2] / MOBILITIES)
    )
    per_stay = (cost.times_woken * cost.woken + cost.messages * cost.sent + cost.updates * cost.decided) / 1000
    core = MOBILITIES * per_stay / (365 * 86400)
    gigabytes = MOBILITIES * cost.kilobytes / 1e6
    busy = max(
        1,
        round(
            max(drawn.instants) / 3600 * (cost.woken + cost.sent + ANSWERED * (cost.decided + cost.sent)) / 1000 / CORE
            + 0.5
        ),
    )
    machines = max(-(-busy // CORES), int(-(-2 * gigabytes // DISK)))
    yield "mobilities a year", f"{MOBILITIES:,}"
    yield (
        "messages, updates, wakes of one stay, and what it leaves",
        f"{cost.messages:.0f}, {cost.updates:.0f}, {cost.times_woken:.0f}, {cost.kilobytes:.0f} kB",
    )
    yield "CPU of a wake, a message, a decision", f"{cost.woken:.1f}, {cost.sent:.1f}, {cost.decided:.1f} ms"
    yield "CPU of one stay, from its invitation to its end", f"{per_stay:.2f} s"
    yield "messages a second, mean of the year", f"{MOBILITIES * cost.messages / (365 * 86400):.1f}"
    yield "all of them, mean of the year", f"{core:.2f} of a core"
    yield "database, a year", f"{gigabytes:.0f} GB"
    yield "abroad on the fullest Sunday", f"{drawn.peak:,} ({100 * share:.0f} % of a year)"
    yield "due at the fullest instant", f"{max(drawn.instants):,}"
    yield "all on one token: until the last is asked", _time(one.told)
    yield "tokens, so that all are asked within an hour", f"{-(-max(drawn.instants) // round(3600 * TOKEN))}"
    yield "consortia, the middle and the largest", f"{len(sizes):,}, {sizes[len(sizes) // 2]:,} and {sizes[0]:,} a year"
    yield "a token each: until the last is asked, middle and largest", f"{_time(middle.told)} and {_time(largest.told)}"
    yield "of a core in the fullest minute, middle and largest", f"{middle.busy:.2f} and {largest.busy:.2f}"
    yield "our own work before an answer, at the longest", f"{1000 * largest.waited:.0f} ms"
    yield "cores for the fullest hour, half used", f"{busy}"
    yield (
        f"machines of {CORES} cores and {DISK} GB, both half used, and what they cost",
        f"{machines}, {12 * machines * SERVER:,.0f} € a year, {100 * 12 * machines * SERVER / MOBILITIES:.2f} cents a mobility",
    )
    yield "the wall of one machine with SQLite: one core that writes", f"{_wall(cost, drawn):,} mobilities a year"


def _wall(cost: Measured, drawn: Year) -> int:
    """So many mobilities a year that the fullest hour takes the half of the one core that writes."""
    each = (cost.woken + cost.sent + ANSWERED * (cost.decided + cost.sent)) / 1000
    return int(CORE * 3600 / each / (max(drawn.instants) / MOBILITIES)) // 1000 * 1000


def _scaled(instants: tuple[int, ...], part: float) -> tuple[int, ...]:
    return tuple(round(each * part) for each in instants)


def _time(seconds: float) -> str:
    if seconds == float("inf"):
        return f"more than {EVENING // 3600} h"
    return (
        f"{seconds / 3600:.1f} h"
        if seconds >= 3600
        else f"{seconds / 60:.0f} min"
        if seconds >= 90
        else f"{seconds:.0f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench.capacity", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--measure", action="store_true", help="measure what one stay costs again")
    parser.add_argument("--write", action="store_true", help="put it into docs/capacity.md")
    args = parser.parse_args()
    if args.measure:
        asyncio.run(measured()).keep()
    print(page(kept()))
    if args.write:
        put(PAGE, "capacity", page(kept()))


if __name__ == "__main__":
    main()
