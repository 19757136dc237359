"""`python -m bot setup`: from nothing to a rehearsed class, by questions. It may be stopped and run again at any time."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import os
import sys
from pathlib import Path

from pydantic import SecretStr

from bot.channels.email import account_of
from bot.commands import doctor, import_, programme
from bot.commands import run as running
from bot.commands.opening import CommandError, opened
from bot.commands.terminal import Terminal, speaking, tell, words
from bot.config.tables import Email, Telegram
from bot.doctor import email, telegram
from bot.doctor.asking import TelegramSilent
from bot.domain.programme.starter import Audience
from bot.domain.roster.team_file import load_team
from bot.handlers.people.visits import login_code
from bot.i18n import Text, _, say, sentence_of, told
from bot.setup.files import config, consortium, invented_class, rehearsal, secrets_of
from bot.setup.questions import Question, Wrong, asked, checked
from bot.store.db import Tx
from bot.store.people import by_ref

DESCRIPTION = _(
    "Ask for your school, yourself, whoever stands in for you, whom you send, the address of this server and the channels; write consortium.toml, programme.toml and config.toml; bring in a class; and offer a rehearsal with an invented one. What is there is kept. Stopped half-way, it goes on where it stood."
)
REHEARSAL = Path("rehearsal.toml")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("setup", help=_("set Compagnon up, by questions"), description=DESCRIPTION)
    parser.set_defaults(run=run)


def run(_args: argparse.Namespace) -> int:
    tell(_("Every answer can be changed later, in the files. Ctrl-C stops; run the same command to go on."))
    if _wanted("consortium.toml"):
        first = next(asked("consortium.toml", {}))
        answers = {first.key: _answer(first)}
        with speaking(answers["language"]):
            _ask("consortium.toml", answers)
            _write(Path("consortium.toml"), consortium(answers))
    team = load_team(Path("consortium.toml").read_text("utf-8"))
    with speaking(team.consortium.language):
        return _go_on({"language": team.consortium.language})


def _go_on(answers: dict[str, str]) -> int:
    """The rest, in the school's language."""
    if _wanted("programme.toml"):
        _ask("programme.toml", answers)
        programme.run(argparse.Namespace(what="init", language=answers["language"], audiences=[Audience(answers["audience"])], texts=[], output=Path("programme.toml")))  # fmt: skip
    if _wanted("config.toml"):
        _ask("config.toml", answers)
        for name, secret in secrets_of(answers).items():
            _write(Path("data") / "secrets" / name, secret + "\n")
        _write(Path("config.toml"), config(answers))
    _bring_in(None, Path("consortium.toml"))
    _class_of_theirs()
    doctor.run(argparse.Namespace(config=None, json=False))
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
        for found, again in _tried(question, answers):
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


def _tried(question: Question, answers: dict[str, str]) -> list[tuple[str, bool]]:
    """What the world says of an answer, and whether it has to be given anew. Who cannot be asked now may be asked later."""
    if question.key == "token" and answers["token"]:
        try:
            bot = asyncio.run(telegram.asked(Telegram(token=SecretStr(answers["token"]))))
        except TelegramSilent as problem:
            return [(telegram.unanswered(problem).what, problem.refused)]
        return [(say(_("Telegram knows it: @{name}"), name=bot.me.username or ""), False)]
    if question.key == "sender":
        password = answers.get("password") or None
        account = account_of(Email(host=answers["host"], sender=answers["sender"], user=answers.get("user") or None, password=SecretStr(password) if password else None))  # fmt: skip
        found = asyncio.run(email.server(account)) if account else None
        return [(found.what, False)] if found else []
    return []


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n"
    ) as file:
        file.write(text)
    tell(_("{path} is written."), path=path)


def _bring_in(settings: Path | None, file: Path) -> int:
    return import_.run(argparse.Namespace(config=settings, file=file, dry_run=False, skip_bad=False, map=None))


def _class_of_theirs() -> None:
    """Their roster, where they have one at hand; asked again until it is right, or left for later."""
    while written := _typed(words(_("The list of your class: a .csv, .xlsx or .ods file? (Enter: later) "))).strip():
        try:
            if _bring_in(None, Path(written).expanduser()) == 0:
                return
        except Exception as problem:
            if not type(problem).__module__.startswith("bot."):
                raise
            print(f"  {told(sentence_of(problem), Terminal.language)}", flush=True)


def _start(audience: str) -> int:
    """The rehearsal, or Compagnon itself, or nothing yet. Whoever starts it gets a link to the desk that works once."""
    if _yes(_("Rehearse now, with an invented class and a clock that you move?"), default=True):
        if not REHEARSAL.exists():
            _write(REHEARSAL, rehearsal())
            _bring_in(REHEARSAL, Path("consortium.toml"))
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
        _write(path, invented_class(audience, school.ref, school.city, today))
        _bring_in(REHEARSAL, path)


def _run(settings: Path | None) -> int:
    with opened(argparse.Namespace(config=settings)) as here:
        coordinator = load_team(here.config.consortium.read_text("utf-8")).people[0].ref
        code = here.db.run(_code, coordinator)
        tell(_("Your desk, by a link that works once: {link}"), link=f"{here.config.web.address}/desk/in/{code}")
        tell(_("Your own chat: python3 run.py invite {ref}"), ref=coordinator)
    return running.run(argparse.Namespace(config=settings))


def _code(tx: Tx, ref: str) -> str:
    person = by_ref(tx.rows, ref)
    if person is None:
        raise CommandError(_("The team is not brought in yet: python3 run.py import consortium.toml"))
    return login_code(tx, person)
