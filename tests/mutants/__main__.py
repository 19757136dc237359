"""Do the tests notice a small fault? Some are drawn by lot, each is put into the running code, and the tests nearest to it are run.

python -m tests.mutants --room domain --draw 40 --seed 1

Every mutant is a fork of one process that has imported everything: the function's code is exchanged in it, so that whoever holds
the function has the fault. First the tests that import its module are run; where they do not notice, all of the room's.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import math
import os
import random
import signal
import sys
from collections.abc import Iterator
from types import FunctionType

import pytest

from tests.conftest import ROOT
from tests.mutants.sites import Site, functions, mutated, sites

ROOMS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "domain": (("bot/domain/**/*.py",), ("tests/domain",)),
    "engine": (("bot/engine/*.py",), ("tests/engine", "tests/flows")),
    "delivery": (
        ("bot/runtime/delivery.py", "bot/handlers/sending/*.py"),
        ("tests/runtime/delivery", "tests/handlers/sending"),
    ),
}
"""What is changed in a room, and which tests should notice."""
OPTIONS = ("-x", "-q", "-n0", "-k", "not postgresql", "--no-header", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""What we have imported already cannot be rewritten by pytest."""
PATIENCE = 240
"""Seconds of CPU after which a mutant that does not come to an end counts as noticed."""
Z = 1.96
"""For an interval that holds the true score 19 times of 20."""


def draw(room: str, number: int, seed: int) -> list[Site]:
    """So many places, each as likely as every other."""
    found = [site for pattern in ROOMS[room][0] for path in sorted(ROOT.glob(pattern)) for site in sites(path)]
    return random.Random(seed).sample(found, min(number, len(found)))


def noticed(site: Site, room: str) -> bool:
    """Whether a test fails with it."""
    near = _near(site, room)
    return (bool(near) and _fails(site, near)) or _fails(site, [str(ROOT / folder) for folder in ROOMS[room][1]])


def _near(site: Site, room: str) -> list[str]:
    """The tests of the room that name the module, or are named after it."""
    module = ".".join(site.path.relative_to(ROOT).with_suffix("").parts)
    files = [path for folder in ROOMS[room][1] for path in sorted((ROOT / folder).rglob("test_*.py"))]
    return [
        str(path) for path in files if path.stem == f"test_{site.path.stem}" or f"{module} " in path.read_text("utf-8")
    ]


def _fails(site: Site | None, tests: list[str]) -> bool:
    """With its fault; or with none, to see that the tests pass."""
    child = os.fork()
    if child == 0:
        _run(site, tests)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _run(site: Site | None, tests: list[str]) -> None:
    """The whole of a mutant's life. It never returns."""
    silent = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(silent, stream)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    os._exit(0 if site is not None and not _exchange(site) else pytest.main([*tests, *OPTIONS]))


def _exchange(site: Site) -> bool:
    """Give every function of the file that has changed its new code; whether there was one."""
    known = {code: code for code in functions(compile(site.path.read_text("utf-8"), str(site.path), "exec"))}
    new = {(code.co_qualname, code.co_firstlineno): code for code in functions(mutated(site)) if code not in known}
    changed = [
        each
        for each in gc.get_objects()
        if isinstance(each, FunctionType) and each.__code__.co_filename == str(site.path)
    ]
    done = False
    for function in changed:
        code = new.get((function.__code__.co_qualname, function.__code__.co_firstlineno))
        if code is not None and len(code.co_freevars) == len(function.__code__.co_freevars):
            function.__code__ = code
            done = True
    return done


def interval(noticed: int, drawn: int) -> tuple[float, float]:
    """Wilson's, in per cent."""
    share, square = noticed / drawn, Z * Z / drawn
    middle, half = share + square / 2, Z * math.sqrt(share * (1 - share) / drawn + square / (4 * drawn))
    return 100 * (middle - half) / (1 + square), 100 * (middle + half) / (1 + square)


def _import_everything(room: str) -> None:
    for pattern in ROOMS[room][0]:
        for path in sorted(ROOT.glob(pattern)):
            importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


def survivors(room: str, number: int, seed: int) -> Iterator[Site]:
    for site in draw(room, number, seed):
        seen = noticed(site, room)
        print("noticed" if seen else "SURVIVED", f"{site.path.relative_to(ROOT)}:{site.line}", site.fault, flush=True)
        if not seen:
            yield site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--room", choices=[*ROOMS], default="domain")
    parser.add_argument("--draw", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    _import_everything(args.room)
    if _fails(None, [str(ROOT / folder) for folder in ROOMS[args.room][1]]):
        print(f"The tests of {args.room} fail without any fault: they would seem to notice every one.", file=sys.stderr)
        return 1
    left = len(list(survivors(args.room, args.draw, args.seed)))
    low, high = interval(args.draw - left, args.draw)
    print(f"{args.room}: {args.draw - left} of {args.draw} noticed, {low:.0f} to {high:.0f} %, seed {args.seed}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
