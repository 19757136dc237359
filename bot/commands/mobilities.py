"""`python -m bot mobilities`: the list for the Beneficiary Module is written, or theirs is compared with what is known."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.commands.opening import CommandError, add_config, opened
from bot.commands.terminal import Terminal, tell, warn, words
from bot.documents.tables import MIMES, Sheet, as_file
from bot.domain.person import Adult, Role
from bot.domain.programme.mobility_list import MobilityList
from bot.domain.roster.fields import label
from bot.domain.roster.grid import TableError
from bot.domain.roster.mobility_rows import ModuleRow, read_list
from bot.domain.roster.table import Table
from bot.handlers.desk.mobility_list import compared, taken_out
from bot.handlers.people.roster import bring_in, compare
from bot.i18n import _, file_fault, joined, say

OPERATOR = Adult(0, frozenset({Role.CONSORTIUM}), None)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "mobilities",
        help=_("the list of mobilities for the Beneficiary Module, and back"),
        description=_("Write the list of mobilities by the columns of [mobility_list] in the programme; or compare the file that the module exports with what is known. Nothing is changed without --apply."),
    )  # fmt: skip
    what = parser.add_subparsers(dest="what", required=True, metavar="out|compare")
    out = what.add_parser("out", help=_("write the list (.xlsx or .csv)"))
    out.add_argument("file", type=Path, metavar=_("FILE"))
    out.add_argument("--into", type=Path, metavar=_("FILE"), help=_("the file that the module exports: its columns are kept"))  # fmt: skip
    back = what.add_parser("compare", help=_("say in what the module's file differs"))
    back.add_argument("file", type=Path, metavar=_("FILE"))
    back.add_argument("--apply", action="store_true", help=_("take its dates, places and hosts over"))
    for each in (out, back):
        add_config(each)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write or compare; 1 where rows are wrong."""
    if args.what == "out":
        return _out(args)
    with opened(args) as here:
        _table, rows = _read(args.file, here.programme.mobility_list)
        roster = here.db.run(compared, OPERATOR, rows)
        for problem in roster.problems:
            warn(joined([args.file.name, problem.told(Terminal.language)]))
        told = here.db.run(compare, roster.rows, whole=False).rows
        for each in told:
            for change in each.changes:
                values = {"old": change.old or "–", "new": change.new or "–"}
                tell("{ref} · {field}: {old} → {new}", ref=each.row.reference, field=label(change.field, Terminal.language), **values)  # fmt: skip
        if args.apply:
            here.db.run(bring_in, roster.rows, whole=False)
    changed = sum(bool(each.changes) for each in told)
    tell(_("{rows} rows, {changed} with differences."), rows=len(rows), changed=changed)
    return 1 if roster.problems else 0


def _read(path: Path, rules: MobilityList) -> tuple[Table, list[ModuleRow]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise TableError(say(_("{file}: cannot be read: {why}"), file=path.name, why=file_fault(error))) from error
    return read_list(path.name, content, rules)


def _out(args: argparse.Namespace) -> int:
    ending = args.file.suffix.lower().removeprefix(".")
    if ending not in MIMES:
        raise CommandError(_("{path}: write .xlsx or .csv"), path=args.file)
    with opened(args) as here:
        module = _read(args.into, here.programme.mobility_list) if args.into else None
        header, found = here.db.run(taken_out, OPERATOR, module, by="operator")
        sheet = Sheet(words(_("Mobilities")), header, found)
    try:
        with os.fdopen(os.open(args.file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(as_file(sheet, ending))
    except OSError as problem:
        raise CommandError(
            _("{path} cannot be written: {reason}."), path=args.file, reason=file_fault(problem)
        ) from None
    tell(
        _("{path} is written: {count} mobilities. Delete it when you are done."), path=args.file, count=len(sheet.rows)
    )
    return 0
