"""`python3 run.py lives`: a school year of labelled lives on the real engine, and how well it was noticed.

500 learners take about a quarter of an hour on two cores. `--write` puts the table into README.md.
"""

from __future__ import annotations

import argparse
import sys

from bot import logs
from tests.conftest import ROOT
from tests.lives.report import details, table
from tests.lives.year import draw, play_year

BEGIN, END = "<!-- lives -->\n", "\n<!-- /lives -->"


def main() -> int:
    asked = argparse.ArgumentParser(prog="run.py lives", description=__doc__)
    asked.add_argument("--seed", type=int, default=1, help="another number, another year (1)")
    asked.add_argument("--learners", type=int, default=500, help="how many (500)")
    asked.add_argument("--write", action="store_true", help="put the table into README.md")
    wanted = asked.parse_args()
    if wanted.learners < 1:
        asked.error(f"--learners must be at least 1, not {wanted.learners}")
    logs.configure()
    found = play_year(draw(wanted.seed, wanted.learners), wanted.seed)
    print(table(found))
    print(details(found))
    if wanted.write:
        _write(f"`python3 run.py lives --seed {wanted.seed} --learners {wanted.learners}`:\n\n{table(found)}")
    return 0


def _write(words: str) -> None:
    path = ROOT / "README.md"
    before, _begin, rest = path.read_text("utf-8").partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not end:
        sys.exit(f"README.md has no place for the table: it stands between {BEGIN.strip()} and {END.strip()}.")
    path.write_text(f"{before}{BEGIN}{words}{end}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
