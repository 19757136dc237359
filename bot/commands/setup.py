"""`python -m bot setup`: from nothing to a rehearsed class, by questions. It may be stopped and run again at any time."""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path

from bot.commands import doctor
from bot.commands import run as running
from bot.commands.first_steps import bring_in, tried, way_in, write, write_file
from bot.commands.opening import CommandError, opened
from bot.commands.setup_web import on_pages
from bot.commands.terminal import Terminal, speaking, tell, words
from bot.domain.programme.starter import Audience
from bot.domain.roster.team_file import load_team
from bot.i18n import Text, _, say, sentence_of, told
from bot.setup.files import invented_class, rehearsal
from bot.setup.questions import Question, Wrong, asked, checked

DESCRIPTION = _(
    "Ask for your school, yourself, whoever stands in for you, whom you send, the address of this server and the channels; write consortium.toml, programme.toml and config.toml; bring in a class; and offer a rehearsal with an invented one. What is there is kept. Stopped half-way, it goes on where it stood."
)
REHEARSAL = Path("rehearsal.toml")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("setup", help=_("set Compagnon up, by questions"), description=DESCRIPTION)
    parser.add_argument("--web", action="store_true", help=_("ask on pages in the browser, by a link that works once"))
    parser.add_argument("--host", default="127.0.0.1", help=_("where the pages are listened to (default: 127.0.0.1)"))
    parser.add_argument("--port", type=int, default=8080, help=_("of the page (default: 8080)"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    if args.web:
        return on_pages(args)
    tell(_("Every answer can be changed later, in the files. Ctrl-C stops; run the same command to go on."))
    if _wanted("consortium.toml"):
        first = next(asked("consortium.toml", {}))
        answers = {first.key: _answer(first)}
        with speaking(answers["language"]):
            _ask("consortium.toml", answers)
            write_file("consortium.toml", answers)
    team = load_team(Path("consortium.toml").read_text("utf-8"))
    with speaking(team.consortium.language):
        return _go_on({"language": team.consortium.language})


def _go_on(answers: dict[str, str]) -> int:
    """The rest, in the school's language."""
    for file in ("programme.toml", "config.toml"):
        if _wanted(file):
            _ask(file, answers)
            write_file(file, answers)
    bring_in(None, Path("consortium.toml"))
    _class_of_theirs()
    doctor.run(argparse.Namespace(config=None, json=False, all=None))
    if answers.get("homeserver"):
        tell(_("Matrix needs one more command, once: python3 run.py matrix setup"))
    return _start(answers.get("audience", Audience.VET))


def _wanted(name: str) -> bool:
    """Whether a file is to be written: one that is there stays, unless one says so; then it is kept under another name."""
    path = Path(name)
    if not path.exists():
        return True
    if not _yes(say(_("{path} is there already. Write it anew?"), path=name), default=False):
        return False
    path.replace(path.with_name(f"{name}.before"))
    return True


def _ask(file: str, answers: dict[str, str]) -> None:
    """Every question of a file, each until its answer will do."""
    while question := next(asked(file, answers), None):
        answers[question.key] = _answer(question)
        for found, again in tried(question, answers):
            print(f"  {told(found, Terminal.language)}", flush=True)
            if again:
                del answers[question.key]


def _answer(question: Question) -> str:
    default = f" [{question.default}]" if question.default else ""
    while True:
        written = _typed(f"{words(question.text)}{default} ", secret=question.secret)
        try:
            return checked(question, written)
        except Wrong as problem:
            print(f"  {told(sentence_of(problem), Terminal.language)}", flush=True)


def _typed(prompt: str, *, secret: bool = False) -> str:
    try:
        return getpass.getpass(prompt) if secret and sys.stdin.isatty() else input(prompt)
    except EOFError:
        raise CommandError(_("Stopped. What was answered in full is written; run the same command to go on.")) from None


def _yes(text: Text, *, default: bool) -> bool:
    marks = words(_("Y/n")) if default else words(_("y/N"))
    written = _typed(f"{words(text)} [{marks}] ").strip().lower()
    return default if not written else written[0] in words(_("y")) or written[0] == "y"


def _class_of_theirs() -> None:
    """Their roster, where they have one at hand; asked again until it is right, or left for later."""
    while written := _typed(words(_("The list of your class: a .csv, .xlsx or .ods file? (Enter: later) "))).strip():
        try:
            if bring_in(None, Path(written).expanduser()) == 0:
                return
        except Exception as problem:
            if not type(problem).__module__.startswith("bot."):
                raise
            print(f"  {told(sentence_of(problem), Terminal.language)}", flush=True)


def _start(audience: str) -> int:
    """The rehearsal, or Compagnon itself, or nothing yet. Whoever starts it gets a link to the desk that works once."""
    if _yes(_("Rehearse now, with an invented class and a clock that you move?"), default=True):
        if not REHEARSAL.exists():
            write(REHEARSAL, rehearsal())
            bring_in(REHEARSAL, Path("consortium.toml"))
        _invented(audience)
        tell(_("Move the clock from another terminal: python3 run.py clock advance 7d --config rehearsal.toml"))
        return _run(REHEARSAL)
    if _yes(_("Start Compagnon now?"), default=False):
        return _run(None)
    tell(_("To start it later: python3 run.py run"))
    return 0


def _invented(audience: str) -> None:
    with opened(argparse.Namespace(config=REHEARSAL)) as here:
        school = load_team(here.config.consortium.read_text("utf-8")).schools[0]
        today = here.db.clock.now().date()
    path = Path("rehearsal") / "class.csv"
    if not path.exists():
        write(path, invented_class(audience, school.ref, school.city, today))
        bring_in(REHEARSAL, path)


def _run(settings: Path | None) -> int:
    with opened(argparse.Namespace(config=settings)) as here:
        coordinator = load_team(here.config.consortium.read_text("utf-8")).people[0].ref
        tell(_("Your desk, by a link that works once: {link}"), link=way_in(here, coordinator))
        tell(_("Your own chat: python3 run.py invite {ref}"), ref=coordinator)
    return running.run(argparse.Namespace(config=settings, all=None))
