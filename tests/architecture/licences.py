"""What Compagnon rests on, and under which licence: from `requirements.txt` and what the packages say of themselves."""

from __future__ import annotations

import re
from importlib.metadata import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE, PINNED = ROOT / "docs" / "licences.md", ROOT / "requirements.txt"
READ_IN_THE_PACKAGE = {
    "defusedxml": "PSF-2.0",
    "hyperframe": "MIT",
    "itsdangerous": "BSD-3-Clause",
    "jinja2": "BSD-3-Clause",
    "langcodes": "MIT",
    "matrix-nio": "ISC",
    "openbadgeslib": "LGPL-3.0-only",
    "peewee": "MIT",
    "pyrage": "MIT",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "resvg-py": "MIT",
    "segno": "BSD-3-Clause",
    "vodozemac": "MIT",
}
"""Where the package names its licence only in a file."""
SPELT = {"Apache 2.0": "Apache-2.0"}
FREE = re.compile(
    r"(Apache-2\.0|MIT(-0|-CMU)?|BSD-[23]-Clause|ISC|PSF-2\.0|Unlicense|MPL-2\.0|LGPL-(2\.1-or-later|3\.0-only))"
    r"( (AND|OR) (?!$)|$)"
)
"""Licences that go with running and passing on a program like this one."""
INTRO = """# What Compagnon rests on

Written by `python3 run.py dev -m tests.architecture.rooms`; a test fails where this page and `requirements.txt` differ, or where
a package comes under another licence than those a school may simply use. `LGPL` and `MPL` ask that changes to the library itself be
passed on: none is changed here.
"""


def pinned() -> list[tuple[str, str]]:
    """Every package that is installed to run Compagnon, with its version."""
    return re.findall(r"^([A-Za-z0-9_.-]+)==([^ ;\\]+)", PINNED.read_text("utf-8"), re.M)


def licence_of(name: str) -> str:
    """As an SPDX expression."""
    if name in READ_IN_THE_PACKAGE:
        return READ_IN_THE_PACKAGE[name]
    says = metadata(name)
    found = str(next(iter(says.get_all("License-Expression") or says.get_all("License") or [""])))
    return SPELT.get(found, found)


def is_free(licence: str) -> bool:
    """Whether every part of an expression is one of those."""
    parts = licence.replace("(", "").replace(")", "")
    return "".join(each.group(0) for each in FREE.finditer(parts)) == parts != ""


def page() -> str:
    lines = [f"| {name} | {version} | {licence_of(name)} |" for name, version in pinned()]
    return "\n".join([INTRO, "| Package | Version | Licence |", "|---|---|---|", *lines, ""])
