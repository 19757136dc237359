"""`python -m bot import FILE`: the roster (csv, xlsx, ods) or the team (consortium.toml)."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bot.commands.opening import CommandError, Opened, add_config, opened, read_table, read_text
from bot.domain.roster import load_team, read_roster, weak_spots
from bot.domain.roster.column_map import SHIPPED, columns_of, load_columns, shipped, with_map
from bot.domain.roster.difference import Difference, State
from bot.domain.roster.headers import Columns
from bot.handlers.people.guardians import ending_consents
from bot.handlers.people.roster import Imported, bring_in, compare, known_schools
from bot.handlers.people.team import bring_in_team, rehearse_team


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "import",
        help="bring in the team (consortium.toml), then the roster (csv, xlsx, ods)",
        description="Bring in the team (consortium.toml) or the roster (.csv, .xlsx, .ods). "
        "Importing again updates what is known and never doubles it.",
    )
    parser.add_argument("file", type=Path, help="consortium.toml, or the roster as exported from a spreadsheet")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, change nothing")
    parser.add_argument("--skip-bad", action="store_true", help="import the rows that are right, leave the others out")
    parser.add_argument(
        "--map",
        metavar="FILE",
        help=f"which column is which: a file of your own, or that of a program ({', '.join(SHIPPED)})",
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        if args.file.suffix == ".toml":
            return _team(here, args)
        return _roster(here, args)


def _team(here: Opened, args: argparse.Namespace) -> int:
    team = load_team(read_text(args.file, ": is the name right?"), str(args.file))
    for weak in weak_spots(team, str(args.file), here.db.clock.now().date()):
        print(f"warning: {weak}", file=sys.stderr)
    done = here.db.run(rehearse_team if args.dry_run else bring_in_team, team)
    _report(done, "no longer named, roles ended")
    if done.renamed:
        print(f"renamed, with their stays and people: {', '.join(done.renamed)}")
    if done.freed:
        print(f"followed by nobody any more, so told anew to the first rung: the cases of {', '.join(done.freed)}")
    if args.dry_run:
        print(f"{len(team.schools)} schools and {len(team.people)} people are right. Nothing was imported (dry run).")
    return 0


def _roster(here: Opened, args: argparse.Namespace) -> int:
    schools = here.db.run(known_schools)
    if not schools:
        raise CommandError(f"No school is known yet. First: python3 run.py import {here.config.consortium.name}")
    columns = _columns(here, args.map)
    today = here.db.clock.now().date()
    roster = read_roster(read_table(args.file, columns), here.programme, schools, today, columns)
    whole = not roster.problems
    told = here.db.run(compare, roster.rows, whole=whole)
    for warning in (*roster.warnings, *told.warnings):
        print(f"{args.file.name}, {warning} (warning)", file=sys.stderr)
    problems = sorted((*roster.problems, *told.problems), key=lambda each: each.row)
    for problem in problems:
        print(f"{args.file.name}, {problem}", file=sys.stderr)
    if problems and not (args.skip_bad and roster.rows):
        others = f", or add --skip-bad to import the {len(told.rows)} others" if told.rows else ""
        print(f"Nothing was imported. Mend the rows above{others}.", file=sys.stderr)
        return 1
    for ends in here.db.run(ending_consents, tuple(each.row for each in told.rows)):
        print(f"{ends} (warning)", file=sys.stderr)
    if args.dry_run:
        print(f"{len(told.rows)} rows are right: {_counts(told)}. Nothing was imported (dry run).")
        _say_unlisted(told.unlisted)
        return 0
    done = here.db.run(bring_in, roster.rows, whole=whole)
    _report(done, "known, but not in this file, left as they are")
    return 0


def _counts(told: Difference) -> str:
    states = (state for state in State if state is not State.FURTHER or told.count(state))
    return ", ".join(f"{told.count(state)} {state}" for state in states)


def _say_unlisted(references: Sequence[str]) -> None:
    if references:
        print(
            f"{len(references)} no longer in the list of their class: {', '.join(references)}. Their coordinators are "
            'asked whether they travel; "Status" with "withdrawn" in the row says so at once.'
        )


def _report(done: Imported, missing: str) -> None:
    print(f"{len(done.created)} new, {len(done.updated)} updated, {len(done.unchanged)} unchanged.")
    for references, what in (
        (done.further, "further stays of learners who are known"),
        (done.moved, "with other dates than before"),
        (done.ended, "ended, nothing more is asked of them"),
    ):
        if references:
            print(f"{len(references)} {what}: {', '.join(references)}")
    _say_unlisted(done.unlisted)
    missing_ones = [reference for reference in done.missing if reference not in done.unlisted]
    if missing_ones:
        print(f"{len(missing_ones)} {missing}: {', '.join(missing_ones)}")


def _columns(here: Opened, named: str | None) -> Columns:
    """What the configuration and a map say of the columns."""
    own = columns_of(here.config.imports.columns, here.config.imports.fixed, "[import]")
    if named is None:
        return own
    if named in SHIPPED:
        return with_map(own, shipped(named))
    path = Path(named)
    known = ", ".join(SHIPPED)
    return with_map(own, load_columns(read_text(path, f": name a file, or one of {known}"), path.name))
