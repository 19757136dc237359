"""`python3 run.py lives`: a school year of labelled lives on the real engine, and how well it was noticed.

500 learners take some minutes on two cores. `--write` puts the table into README.md; several seeds are several columns.
"""

from __future__ import annotations

import argparse
import sys

from bot import logs
from tests.conftest import ROOT
from tests.lives.report import details, table
from tests.lives.year import draw, play_years

README = ROOT / "README.md"
BEGIN, END = "<!-- lives -->\n", "\n<!-- /lives -->"


def main() -> int:
    asked = argparse.ArgumentParser(prog="run.py lives", description=__doc__)
    asked.add_argument("--seed", type=int, nargs="+", default=[1], help="another number, another year (1)")
    asked.add_argument("--learners", type=int, default=500, help="how many (500)")
    asked.add_argument("--write", action="store_true", help="put the table into README.md")
    wanted = asked.parse_args()
    if wanted.learners < 1:
        asked.error(f"--learners must be at least 1, not {wanted.learners}")
    logs.configure()
    years = {seed: draw(seed, wanted.learners) for seed in wanted.seed}
    found = play_years(years, lambda over, of: print(f"{over} of {of} classes", file=sys.stderr))
    print(table(found))
    for seed, figures in found.items():
        print(f"\nYear {seed}", details(figures), sep="\n")
    if wanted.write:
        seeds = " ".join(map(str, wanted.seed))
        _write(f"`python3 run.py lives --seed {seeds} --learners {wanted.learners}`:\n\n{table(found)}")
    return 0


def written() -> tuple[str, str, str]:
    """README.md: what stands before the table, the table with its command, what stands after it."""
    before, _begin, rest = README.read_text("utf-8").partition(BEGIN)
    old, end, after = rest.partition(END)
    if not end:
        sys.exit(f"README.md has no place for the table: it stands between {BEGIN.strip()} and {END.strip()}.")
    return before, old, after


def _write(words: str) -> None:
    before, _old, after = written()
    README.write_text(f"{before}{BEGIN}{words}{END}{after}", "utf-8")


if __name__ == "__main__":
    sys.exit(main())
