"""docs/bench.md: the table of the last measurement that was written down, and the machine it was made on."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import sys
from collections.abc import Iterable
from pathlib import Path

from bench.alone import Found
from bench.figures import markdown
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "bench.md"


def machine() -> str:
    """What it was measured on."""
    return (
        f"{os.cpu_count()} cores ({_processor()}), {_memory()} GB of memory, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, durable"
    )


def _processor() -> str:
    found = re.search(r"^model name\s*:\s*(.+)$", _read("/proc/cpuinfo"), re.MULTILINE)
    return found[1] if found else platform.machine()


def _memory() -> str:
    found = re.search(r"^MemTotal:\s+(\d+) kB", _read("/proc/meminfo"), re.MULTILINE)
    return f"{int(found[1]) / 1e6:.0f}" if found else "?"


def _read(file: str) -> str:
    path = Path(file)
    return path.read_text("ascii", "replace") if path.exists() else ""


def words(command: str, found: Iterable[Found]) -> str:
    """What stands on the page: how it was measured, on what, the table, and what is missing from it."""
    found = list(found)
    lines = [line for each in found for line in each.lines]
    missing = [f"- Not measured: {each.name} ({each.problem})." for each in found if each.problem]
    return "\n\n".join(filter(None, [f"`{command}`, on {machine()}:", markdown(lines), "\n".join(missing)]))


def write(command: str, found: Iterable[Found]) -> None:
    """Put it into the page."""
    put(PAGE, "bench", words(command, found))


def put(page: Path, mark: str, text: str) -> None:
    """Write it between the two marks of a page."""
    before, _old, after = stands(page, mark)
    page.write_text(f"{before}{text}{after}", "utf-8")


def stands(page: Path, mark: str) -> tuple[str, str, str]:
    """What is before it, what stands there, and what is after it."""
    begin, end = f"<!-- {mark} -->\n", f"\n<!-- /{mark} -->"
    before, opened, rest = page.read_text("utf-8").partition(begin)
    old, closed, after = rest.partition(end)
    if not closed:
        sys.exit(f"{page.name} has no place for it: it stands between {begin.strip()} and {end.strip()}.")
    return before + opened, old, closed + after
