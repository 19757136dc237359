"""`python -m bot documents`: the templates of papers as files, tried with invented people. The desk keeps those that count."""

from __future__ import annotations

import argparse
from pathlib import Path

from bot.clock import SystemClock
from bot.commands.opening import CommandError
from bot.commands.terminal import tell, warn
from bot.documents.papers import KINDS, PaperError, html, pdf
from bot.documents.papers.invented import SIGNS, invented
from bot.documents.papers.printed import HOUSE, shipped
from bot.i18n import LANGUAGES, _, file_fault, sentence_of

HTML = ".html"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("documents", help=_("write the templates of documents, try yours, print one"))
    what = parser.add_subparsers(dest="what", required=True, metavar="list|init|check|render")
    what.add_parser("list", help=_("which documents there are"))
    for word, text in (("init", _("write every template into a folder")), ("check", _("try those of a folder with invented people"))):  # fmt: skip
        what.add_parser(word, help=text).add_argument("folder", type=Path, nargs="?", default=Path("documents"), metavar=_("FOLDER"))  # fmt: skip
    render = what.add_parser("render", help=_("print one with invented people, as .pdf or .html"))
    render.add_argument("kind", choices=sorted(KINDS), metavar="KIND")
    render.add_argument("--folder", type=Path, metavar=_("FOLDER"), help=_("with the templates of this folder"))
    render.add_argument("--language", choices=LANGUAGES, default="fr", help=_("of the document (fr)"))
    render.add_argument("--output", type=Path, required=True, metavar=_("FILE"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """0 when all is well."""
    if args.what == "list":
        for name, kind in KINDS.items():
            tell({"en": "{name}.typ: {title}. {about}"}, name=name, title={"text": kind.title}, about={"text": kind.about})  # fmt: skip
        return 0
    try:
        return {"init": _init, "check": _check, "render": _render}[args.what](args)
    except OSError as problem:
        raise CommandError(_("{path} cannot be written: {reason}. Name another place."), path=problem.filename, reason=file_fault(problem)) from None  # fmt: skip


def _init(args: argparse.Namespace) -> int:
    """Nothing that is there is written over."""
    args.folder.mkdir(parents=True, exist_ok=True)
    for name in (HOUSE, *KINDS):
        path = args.folder / f"{name}.typ"
        if path.exists():
            warn(_("{path} is there already: left as it is."), path=path)
        else:
            path.write_text(shipped(name), "utf-8")
    tell(_("{path} has the templates. Change one, then: python3 run.py documents check {path}"), path=args.folder)
    return 0


def _read(folder: Path | None) -> dict[str, str]:
    """The templates of a folder; Compagnon's own where it has none.

    Raises:
        CommandError: there is none in it, or one is no text.
    """
    if folder is None:
        return {}
    try:
        found = {path.stem: path.read_text("utf-8") for path in sorted(folder.glob("*.typ"))}
    except UnicodeDecodeError:
        raise CommandError(_("{path} is no text file: save it as UTF-8"), path=folder) from None
    if not found:
        raise CommandError(_("{path} has no template: python3 run.py documents init {path} writes them"), path=folder)
    return found


def _check(args: argparse.Namespace) -> int:
    found, wrong = _read(args.folder), 0
    for kind in KINDS:
        try:
            pdf([invented(kind, "fr", name=SIGNS)], SystemClock().now(), found)
        except PaperError as problem:
            warn(sentence_of(problem))
            wrong = 1
    if not wrong:
        tell(_("All can be printed. The desk keeps those that count: /papers/templates."))
    return wrong


def _render(args: argparse.Namespace) -> int:
    papers = [invented(args.kind, args.language)]
    made = html(papers) if args.output.suffix == HTML else pdf(papers, SystemClock().now(), _read(args.folder))
    args.output.write_bytes(made)
    tell(_("{path} is written."), path=args.output)
    return 0
