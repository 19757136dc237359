"""`python -m bot programme`: a programme to start from, and what is wrong with one."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.commands.terminal import tell, warn
from bot.domain.encoding import EncodingError, text_from
from bot.domain.programme.check import warnings
from bot.domain.programme.check_rules import old_numbers
from bot.domain.programme.example import in_language
from bot.domain.programme.problem import ProgrammeError
from bot.flows.programme import load_ready
from bot.i18n import LANGUAGES, Sentence, _, catalog, file_fault, say

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

EXAMPLE = Path(__file__).resolve().parents[2] / "programme.example.toml"


def add(subparsers: Subparsers) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("programme", help=_("write a programme to start from, or check yours"))
    what = parser.add_subparsers(dest="what", required=True, metavar="init|check")
    init = what.add_parser("init", help=_("write a complete example, to adapt"))
    init.add_argument(
        "--language", choices=LANGUAGES, default="fr", help=_("of its comments; first in every text (fr)")
    )
    init.add_argument(
        "--output", type=Path, default=Path("programme.toml"), help=_("the file to write (programme.toml)")
    )
    check = what.add_parser("check", help=_("say what has to be mended in a programme"))
    check.add_argument("file", type=Path, metavar=_("FILE"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write or check; 0 when all is well."""
    try:
        return _init(args.language, args.output) if args.what == "init" else _check(args.file)
    except ProgrammeError as error:
        return _refuse(*error.lines)


def _init(language: str, output: Path) -> int:
    example = EXAMPLE.read_text(encoding="utf-8")
    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(in_language(example, language, catalog(language).gettext))
    except FileExistsError:
        return _refuse(
            say(_("{path} is there already and was left as it is. Choose another name: --output NAME"), path=output)
        )
    except OSError as error:
        return _refuse(
            say(
                _("{path} could not be written: {reason}. Choose another place: --output NAME"),
                path=output,
                reason=file_fault(error),
            )
        )
    tell(_("{path} is written. Adapt it, then: python3 run.py programme check {path}"), path=output)
    return 0


def _check(path: Path) -> int:
    try:
        text = text_from(path.read_bytes())
    except EncodingError:
        return _refuse(say(_("{path} is no text file. Save it again as UTF-8."), path=path))
    except OSError as error:
        return _refuse(
            say(
                _("{path} could not be read: {reason}. To start from an example: python3 run.py programme init"),
                path=path,
                reason=file_fault(error),
            )
        )
    programme = load_ready(text, path.name)
    old = old_numbers(programme, SystemClock().now().date())
    for problem in (*warnings(programme), *old):
        tell(_("Note: {problem}"), problem=problem.sentence(path.name))
    counts = {kind: len(programme.journey(kind).items) for kind in ("outgoing", "incoming", "staff")}
    text = _("{name} is fit for use. Items of the checklist: {outgoing} outgoing, {incoming} incoming, {staff} staff.")
    tell(text, name=path.name, **counts)
    return 0


def _refuse(*sentences: Sentence) -> int:
    for sentence in sentences:
        warn(sentence)
    return 1
