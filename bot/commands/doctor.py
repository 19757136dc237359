"""`python -m bot doctor`: what could be wrong with this installation, and what to do about it."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, replace

from bot.commands.opening import add_config
from bot.commands.run_all import add_all
from bot.commands.terminal import Terminal
from bot.config.consortia import consortia
from bot.doctor.finding import Finding, Level
from bot.doctor.rounds import rounds
from bot.doctor.walls import walls
from bot.domain.cries.detector import shipped
from bot.i18n import LANGUAGES, _, catalog, told


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
    add_all(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    keep_compiled()
    found = list(_as_json(_looks(args)) if args.json else _as_lines(_looks(args)))
    return 1 if any(finding.level is Level.BROKEN for finding in found) else 0


def keep_compiled() -> None:
    """Leave beside the program what each of its starts needs: the service that starts may not write there, and whoever installs
    or updates it looks here next.
    """
    shipped()
    for language in LANGUAGES:
        catalog(language, "compagnon")
        catalog(language, "programme")


def _looks(args: argparse.Namespace) -> Iterator[Finding]:
    """Of one installation; or of all consortia of a folder, and of the walls between them."""
    if args.all is None:
        yield from rounds(args.config)
        return
    several = consortia(args.all)
    yield from walls(several)
    for one in several:
        for finding in rounds(one.written):
            yield replace(finding, of=one.name)


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
    kept = {name: value for name, value in asdict(finding).items() if name != "of" or value}
    return kept | {"what": told(finding.what, language), "cure": told(finding.cure, language)}
