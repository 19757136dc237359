"""`python -m bot doctor`: what could be wrong with this installation, and what to do about it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict

from bot.commands.opening import add_config
from bot.commands.terminal import Terminal
from bot.doctor.finding import Finding, Level
from bot.doctor.rounds import rounds
from bot.i18n import _, told


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "doctor",
        help=_("look for what could be wrong, and say what to do"),
        description=_(
            "Look at the configuration, the programme, the database, the clock, Telegram, Matrix, e-mail, the team and the web address. Nothing is sent, no message is taken, no secret is shown: run it while Compagnon runs, or before. ✔ is fine, ! is worth a look, ✘ is broken. Ends with 1 where anything is ✘."
        ),
    )
    parser.add_argument("--json", action="store_true", help=_("for programs: one object, with every finding"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    found = list(_as_json(rounds(args.config)) if args.json else _as_lines(rounds(args.config)))
    return 1 if any(finding.level is Level.BROKEN for finding in found) else 0


def _as_lines(findings: Iterable[Finding]) -> Iterable[Finding]:
    """Each as soon as it is made: Telegram may be slow."""
    for finding in findings:
        print(finding.lines(Terminal.language), flush=True)
        yield finding


def _as_json(findings: Iterable[Finding]) -> Iterable[Finding]:
    found = list(findings)
    fine = all(finding.level is not Level.BROKEN for finding in found)
    print(json.dumps({"fine": fine, "findings": [_told(each) for each in found]}, ensure_ascii=False, indent=2))
    return found


def _told(finding: Finding) -> dict[str, str]:
    """`level` and `about` are for programs and stay as they are; the sentences are in the terminal's language."""
    language = Terminal.language
    return asdict(finding) | {"what": told(finding.what, language), "cure": told(finding.cure, language)}
