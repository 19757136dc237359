"""`python -m bot import FILE`: the roster (csv, xlsx, ods) or the team (consortium.toml)."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from bot.commands.opening import CommandError, Opened, add_config, opened, read_table, read_text
from bot.commands.terminal import Terminal, tell, warn
from bot.domain.roster import load_team, read_roster, weak_spots
from bot.domain.roster.column_map import SHIPPED, columns_of, load_columns, shipped, with_map
from bot.domain.roster.difference import Difference, State
from bot.domain.roster.headers import Columns
from bot.handlers.people.guardians import ending_consents
from bot.handlers.people.roster import Imported, bring_in, compare, known_schools
from bot.handlers.people.team import bring_in_team, rehearse_team
from bot.i18n import Sentence, Text, _, _n, joined, say

COUNTS: dict[State, Text] = {
    State.NEW: _("{count} new"),
    State.CHANGED: _("{count} changed"),
    State.UNCHANGED: _("{count} unchanged"),
    State.FURTHER: _("{count} further"),
}


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "import",
        help=_("bring in the team (consortium.toml), then the roster (csv, xlsx, ods)"),
        description=_(
            "Bring in the team (consortium.toml) or the roster (.csv, .xlsx, .ods). Importing again updates what is known and never doubles it."
        ),
    )
    parser.add_argument(
        "file", type=Path, metavar=_("FILE"), help=_("consortium.toml, or the roster as exported from a spreadsheet")
    )
    parser.add_argument("--dry-run", action="store_true", help=_("say what would happen, change nothing"))
    parser.add_argument(
        "--skip-bad", action="store_true", help=_("import the rows that are right, leave the others out")
    )
    parser.add_argument(
        "--map",
        metavar=_("FILE"),
        help=say(
            _("which column is which: a file of your own, or that of a program ({programs})"),
            programs=", ".join(SHIPPED),
        ),
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        if args.file.suffix == ".toml":
            return _team(here, args)
        return _roster(here, args)


def _team(here: Opened, args: argparse.Namespace) -> int:
    team = load_team(read_text(args.file, _("{path} cannot be read: is the name right?")), str(args.file))
    for weak in weak_spots(team, str(args.file), here.db.clock.now().date()):
        warn(_("warning: {problem}"), problem=weak)
    done = here.db.run(rehearse_team if args.dry_run else bring_in_team, team)
    _report(done, _("{count} no longer named, roles ended: {refs}"))
    if done.renamed:
        tell(_("renamed, with their stays and people: {refs}"), refs=", ".join(done.renamed))
    if done.freed:
        text = _("followed by nobody any more, so told anew to the first rung: the cases of {refs}")
        tell(text, refs=", ".join(done.freed))
    if args.dry_run:
        right = _("{schools} schools and {people} people are right. Nothing was imported (dry run).")
        tell(right, schools=len(team.schools), people=len(team.people))
    return 0


def _roster(here: Opened, args: argparse.Namespace) -> int:
    schools = here.db.run(known_schools)
    if not schools:
        raise CommandError(
            _("No school is known yet. First: python3 run.py import {name}"), name=here.config.consortium.name
        )
    columns = _columns(here, args.map)
    today = here.db.clock.now().date()
    roster = read_roster(read_table(args.file, columns), here.programme, schools, today, columns)
    whole = not roster.problems
    told = here.db.run(compare, roster.rows, whole=whole)
    for warning in (*roster.warnings, *told.warnings):
        warn(_("{name}, {problem} (warning)"), name=args.file.name, problem=warning.told(Terminal.language))
    problems = sorted((*roster.problems, *told.problems), key=lambda each: each.row)
    for problem in problems:
        warn(joined([args.file.name, problem.told(Terminal.language)]))
    if problems and not (args.skip_bad and roster.rows):
        others = _n(
            "Nothing was imported. Mend the rows above, or add --skip-bad to import the {count} other.",
            "Nothing was imported. Mend the rows above, or add --skip-bad to import the {count} others.",
        )
        warn(others if told.rows else _("Nothing was imported. Mend the rows above."), count=len(told.rows))
        return 1
    for ends in here.db.run(ending_consents, tuple(each.row for each in told.rows)):
        warn(_("{problem} (warning)"), problem=ends)
    if args.dry_run:
        text = _n(
            "{count} row is right: {counts}. Nothing was imported (dry run).",
            "{count} rows are right: {counts}. Nothing was imported (dry run).",
        )
        tell(text, count=len(told.rows), counts=_counts(told))
        _say_unlisted(told.unlisted)
        return 0
    done = here.db.run(bring_in, roster.rows, whole=whole)
    _report(done, _("{count} known, but not in this file, left as they are: {refs}"))
    return 0


def _counts(told: Difference) -> Sentence:
    states = (state for state in State if state is not State.FURTHER or told.count(state))
    return joined(say(COUNTS[state], count=told.count(state)) for state in states)


def _say_unlisted(references: Sequence[str]) -> None:
    text = _(
        "{count} no longer in the list of their class: {refs}. Their coordinators are asked whether they travel; "
        '"Status" with "withdrawn" in the row says so at once.'
    )
    if references:
        tell(text, count=len(references), refs=", ".join(references))


def _report(done: Imported, missing: Text) -> None:
    text = _("{created} new, {updated} updated, {unchanged} unchanged.")
    tell(text, created=len(done.created), updated=len(done.updated), unchanged=len(done.unchanged))
    for references, what in (
        (done.further, _("{count} further stays of learners who are known: {refs}")),
        (done.moved, _("{count} with other dates than before: {refs}")),
        (done.ended, _("{count} ended, nothing more is asked of them: {refs}")),
    ):
        if references:
            tell(what, count=len(references), refs=", ".join(references))
    _say_unlisted(done.unlisted)
    missing_ones = [reference for reference in done.missing if reference not in done.unlisted]
    if missing_ones:
        tell(missing, count=len(missing_ones), refs=", ".join(missing_ones))


def _columns(here: Opened, named: str | None) -> Columns:
    """What the configuration and a map say of the columns."""
    own = columns_of(here.config.imports.columns, here.config.imports.fixed, "[import]")
    if named is None:
        return own
    if named in SHIPPED:
        return with_map(own, shipped(named))
    path = Path(named)
    missing = say(_("{file} cannot be read: name a file, or one of {known}"), file=path, known=", ".join(SHIPPED))
    return with_map(own, load_columns(read_text(path, missing), path.name))
