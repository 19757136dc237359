"""`python -m bot programme`: a programme to start from, and what is wrong with one."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

from bot.clock import SystemClock
from bot.commands.terminal import tell, warn
from bot.config.programme import SHIPPED, half_translated, read_programme
from bot.domain.encoding import EncodingError
from bot.domain.programme import Programme
from bot.domain.programme.check import warnings
from bot.domain.programme.check_rules import old_facts, old_links, old_numbers
from bot.domain.programme.difference import difference
from bot.domain.programme.example import in_language
from bot.domain.programme.load import load, shipped_words
from bot.domain.programme.problem import ProgrammeError
from bot.domain.programme.starter import Audience, starter, texts_file
from bot.i18n import LANGUAGES, Sentence, _, catalog, file_fault, say

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add(subparsers: Subparsers) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("programme", help=_("write a programme to start from, check yours, compare two"))
    what = parser.add_subparsers(dest="what", required=True, metavar="init|check|diff")
    init = what.add_parser("init", help=_("write a programme, to adapt"))
    init.add_argument(
        "--language", choices=LANGUAGES, default="fr", help=_("of its comments; first in every text (fr)")
    )
    init.add_argument(
        "--for",
        dest="audiences",
        nargs="+",
        type=Audience,
        metavar="WHOM",
        help=say(_("a short file that extends Compagnon's own: {names}"), names=", ".join(Audience)),
    )
    init.add_argument(
        "--texts",
        nargs="+",
        default=[],
        metavar="LANGUAGE",
        help=_("also a file of the texts in each of these languages"),
    )
    init.add_argument(
        "--output", type=Path, default=Path("programme.toml"), help=_("the file to write (programme.toml)")
    )
    check = what.add_parser("check", help=_("say what has to be mended in a programme"))
    check.add_argument("file", type=Path, metavar=_("FILE"))
    diff = what.add_parser("diff", help=_("say in what a programme differs from Compagnon's own, or from another"))
    diff.add_argument("file", type=Path, metavar=_("FILE"))
    diff.add_argument("earlier", type=Path, nargs="?", default=SHIPPED, metavar=_("FILE"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Write, check or compare; 0 when all is well."""
    try:
        if args.what == "init":
            return _init(args)
        return _check(args.file) if args.what == "check" else _diff(args.earlier, args.file)
    except ProgrammeError as error:
        return _refuse(*error.lines)


def _init(args: argparse.Namespace) -> int:
    """The file, then those of the texts. Nothing that is there is written over."""
    example = SHIPPED.read_text(encoding="utf-8")
    text = in_language(example, args.language, catalog(args.language).gettext)
    if args.audiences:
        text = starter(load(example, SHIPPED.name), args.audiences, args.language, str(args.output))
    files = {args.output: text}
    for language in args.texts:
        path = args.output.with_suffix(f".{language}{args.output.suffix}")
        files[path] = texts_file(tomllib.loads(example), language, shipped_words)
    return next((1 for path, words in files.items() if _write(path, words)), 0)


def _write(output: Path, text: str) -> int:
    try:
        with output.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
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


def _diff(earlier: Path, later: Path) -> int:
    """What the later one changes; of both, what Compagnon makes of them."""
    before, after = _read(earlier), _read(later)
    if before is None or after is None:
        return 1
    lines = difference(before, after)
    for line in lines:
        tell(line)
    if not lines:
        tell(_("{later} says the same as {earlier}."), later=later.name, earlier=earlier.name)
    return 0


def _read(path: Path) -> Programme | None:
    """The programme of a file; what hinders is said."""
    try:
        return read_programme(path)
    except EncodingError:
        warn(say(_("{path} is no text file. Save it again as UTF-8."), path=path))
    except OSError as error:
        warn(
            say(
                _("{path} could not be read: {reason}. To start from an example: python3 run.py programme init"),
                path=path,
                reason=file_fault(error),
            )
        )
    return None


def _check(path: Path) -> int:
    programme = _read(path)
    if programme is None:
        return 1
    today = SystemClock().now().date()
    old = (*old_facts(programme, today), *old_numbers(programme, today), *old_links(programme, today))
    for problem in (*warnings(programme), *half_translated(path), *old):
        tell(_("Note: {problem}"), problem=problem.sentence(path.name))
    counts = {kind: len(programme.journey(kind).items) for kind in ("outgoing", "incoming", "staff")}
    text = _("{name} is fit for use. Items of the checklist: {outgoing} outgoing, {incoming} incoming, {staff} staff.")
    tell(text, name=path.name, **counts)
    return 0


def _refuse(*sentences: Sentence) -> int:
    for sentence in sentences:
        warn(sentence)
    return 1
