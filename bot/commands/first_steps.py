"""What an answer of the first steps does: a file is written, a server is asked, the team is brought in. In the terminal as on pages."""

from __future__ import annotations

import argparse
import asyncio
import os
from pathlib import Path

from pydantic import SecretStr

from bot.channels.email import account_of
from bot.commands import import_, programme
from bot.commands.opening import CommandError, Opened
from bot.commands.terminal import tell
from bot.config.tables import Email, Telegram
from bot.doctor import email, telegram
from bot.doctor.asking import TelegramSilent
from bot.domain.programme.starter import Audience
from bot.handlers.people.visits import login_code
from bot.i18n import _, say
from bot.setup.files import config, consortium, secrets_of
from bot.setup.questions import Question
from bot.store.db import Tx
from bot.store.people import by_ref


def write_file(file: str, answers: dict[str, str]) -> None:
    """Write one of the three files out of its answers, and the secrets beside it."""
    if file == "consortium.toml":
        write(Path(file), consortium(answers))
    elif file == "programme.toml":
        Path(file).unlink(missing_ok=True)  # whoever went back chooses anew
        programme.run(argparse.Namespace(what="init", language=answers["language"], audiences=[Audience(answers["audience"])], texts=[], output=Path(file)))  # fmt: skip
    else:
        for name, secret in secrets_of(answers).items():
            write(Path("data") / "secrets" / name, secret + "\n")
        write(Path(file), config(answers))


def way_in(here: Opened, ref: str) -> str:
    """A link to the desk that works once, for somebody of the team."""
    return f"{here.config.web.address}/desk/in/{here.db.run(_code, ref)}"


def tried(question: Question, answers: dict[str, str]) -> list[tuple[str, bool]]:
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


def write(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline="\n"
    ) as file:
        file.write(text)
    tell(_("{path} is written."), path=path)


def bring_in(settings: Path | None, file: Path) -> int:
    return import_.run(argparse.Namespace(config=settings, file=file, dry_run=False, skip_bad=False, map=None))


def _code(tx: Tx, ref: str) -> str:
    person = by_ref(tx.rows, ref)
    if person is None:
        raise CommandError(_("The team is not brought in yet: python3 run.py import consortium.toml"))
    return login_code(tx, person)
