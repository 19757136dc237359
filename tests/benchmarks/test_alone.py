"""Each bench in a process of its own: what it found, what went wrong with it, and that it is ended when its time is up."""

from __future__ import annotations

import asyncio

from bench.alone import measured
from bench.figures import Line, Series
from bench.sizes import Size

ONE = Line("one", Series("Compagnon", "ms", (1.0,)))


async def finds(_size: Size) -> list[Line]:
    return [ONE]


async def fails(_size: Size) -> list[Line]:
    raise OSError("no such server")


async def never_ends(_size: Size) -> list[Line]:
    await asyncio.Event().wait()
    return []


def test_a_bench_is_measured_in_its_own_process() -> None:
    found = measured("finds", finds, Size.QUICK, 60)

    assert (found.name, found.lines, found.problem) == ("finds", (ONE,), "")


def test_a_bench_that_fails_says_why() -> None:
    found = measured("fails", fails, Size.QUICK, 60)

    assert (found.lines, found.problem) == ((), "OSError: no such server")


def test_a_bench_that_takes_too_long_is_ended() -> None:
    found = measured("never", never_ends, Size.QUICK, 0.01)

    assert (found.lines, found.problem) == ((), "not over after 0 s")


def test_a_bench_is_as_large_as_it_was_asked_to_be() -> None:
    assert [size.of(1, 2, 3) for size in Size] == [1, 2, 3]
    assert Size.FULL.of(1, 2) == 2
