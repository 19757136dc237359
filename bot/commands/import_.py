"""`python -m bot import FILE`: the roster (csv, xlsx, ods) or the team (consortium.toml)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from bot.commands.opening import CommandError, Opened, add_config, opened, read_table, read_text
from bot.domain.roster import load_team, read_roster, weak_spots
from bot.domain.roster.difference import State
from bot.domain.roster.row import RosterRow
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
        print(f"{len(done.renamed)} schools renamed, with their stays: {', '.join(done.renamed)}")
    if done.freed:
        print(f"{len(done.freed)} cases have lost who followed them and are told anew: {', '.join(done.freed)}")
    if args.dry_run:
        print(f"{len(team.schools)} schools and {len(team.people)} people are right. Nothing was imported (dry run).")
    return 0


def _roster(here: Opened, args: argparse.Namespace) -> int:
    schools = here.db.run(known_schools)
    if not schools:
        raise CommandError(f"No school is known yet. First: python3 run.py import {here.config.consortium.name}")
    roster = read_roster(read_table(args.file), here.programme, schools)
    for warning in roster.warnings:
        print(f"{args.file.name}, {warning} (warning)", file=sys.stderr)
    for problem in roster.problems:
        print(f"{args.file.name}, {problem}", file=sys.stderr)
    if roster.problems and not args.skip_bad:
        others = f", or add --skip-bad to import the {len(roster.rows)} others" if roster.rows else ""
        print(f"Nothing was imported. Mend the rows above{others}.", file=sys.stderr)
        return 1
    return _apply(here, roster.rows, dry_run=args.dry_run)


def _apply(here: Opened, rows: tuple[RosterRow, ...], *, dry_run: bool) -> int:
    for warning in here.db.run(ending_consents, rows):
        print(f"{warning} (warning)", file=sys.stderr)
    if dry_run:
        told = here.db.run(compare, rows)
        counts = ", ".join(f"{told.count(state)} {state}" for state in State)
        print(f"{len(rows)} rows are right: {counts}. Nothing was imported (dry run).")
        return 0
    _report(here.db.run(bring_in, rows), "known, but not in this file, left as they are")
    return 0


def _report(done: Imported, missing: str) -> None:
    print(f"{len(done.created)} new, {len(done.updated)} updated, {len(done.unchanged)} unchanged.")
    if done.missing:
        print(f"{len(done.missing)} {missing}: {', '.join(done.missing)}")
