"""What is asked of whoever sets Compagnon up, in this order, and when an answer will do. Knows no terminal and no page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.domain.programme.starter import Audience
from bot.domain.roster.cells import CellError, read_email, read_name
from bot.domain.roster.phones import read_phone
from bot.domain.roster.zones import read_zone
from bot.i18n import LANGUAGES, Text, _, say, sentence_of

Answers = Mapping[str, str]
Check = Callable[[str], str]


class Wrong(Exception):
    """An answer that will not do; the sentence says how one looks that does."""


@dataclass(frozen=True)
class Question:
    """`default` is taken where nothing is typed; without one something must be. `needs`: asked only where that was answered."""

    key: str
    text: Text
    check: Check
    default: str | None = None
    needs: str = ""
    secret: bool = False


def name(written: str) -> str:
    return read_name(written, 80)


def _one_of(*known: str) -> Check:
    def check(written: str) -> str:
        if written.lower() not in known:
            raise Wrong(say(_("one of these: {choices}"), choices=", ".join(known)))
        return written.lower()

    return check


def _address(written: str) -> str:
    bare = written.strip().rstrip("/")
    if not re.fullmatch(r"https://[^\s/]+|http://(localhost|127\.0\.0\.1)(:\d+)?", bare):
        raise Wrong(say(_("an address such as https://compagnon.example.org, with nothing behind it")))
    return bare


def _token(written: str) -> str:
    if not re.fullmatch(r"\d{5,15}:[\w-]{30,}", written.strip()):
        raise Wrong(say(_("@BotFather's token looks like 123456789:AAE… and is copied whole")))
    return written.strip()


def _account(written: str) -> str:
    if not re.fullmatch(r"@[^:\s]+:\S+", written.strip()):
        raise Wrong(say(_("an account such as @compagnon:example.org")))
    return written.strip()


def _homeserver(written: str) -> str:
    if not re.fullmatch(r"https://\S+|http://(localhost|127\.0\.0\.1)(:\d+)?", written.strip().rstrip("/")):
        raise Wrong(say(_("an address such as https://matrix.example.org")))
    return written.strip().rstrip("/")


def _host(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9.-]+", written.strip()):
        raise Wrong(say(_("the name of a server such as smtp.example.org")))
    return written.strip()


def _any(written: str) -> str:
    return written.strip()


AUDIENCES = tuple(str(each) for each in Audience)
FILES: Mapping[str, tuple[Question, ...]] = {
    "consortium.toml": (
        Question("language", _("Which language do you speak at school?"), _one_of(*LANGUAGES), "fr"),
        Question("school", _("What is your school called?"), name),
        Question("city", _("In which town is it?"), name),
        Question("zone", _("Which time zone is that?"), read_zone, "Europe/Paris"),
        Question("on_call", _("Which phone rings day and night for a learner in trouble?"), read_phone),
        Question("first_name", _("You: your first name?"), name),
        Question("last_name", _("Your last name?"), name),
        Question("phone", _("Your phone?"), read_phone),
        Question("email", _("Your e-mail address?"), read_email, ""),
        Question("deputy_first_name", _("Who stands in for you? Their first name?"), name),
        Question("deputy_last_name", _("Their last name?"), name),
        Question("deputy_phone", _("Their phone?"), read_phone),
        Question("deputy_email", _("Their e-mail address?"), read_email, ""),
        Question("last_first_name", _("Who is called when neither of you answers? Their first name? (Enter: nobody yet)"), name, ""),
        Question("last_last_name", _("Their last name?"), name, needs="last_first_name"),
        Question("last_phone", _("Their phone?"), read_phone, needs="last_first_name"),
    ),
    "programme.toml": (
        Question("audience", _("Whom do you send or receive? (vet, apprentices, hed, incoming, staff)"), _one_of(*AUDIENCES), "vet"),
    ),
    "config.toml": (
        Question("address", _("At which address will phones reach this server? (Enter: on this machine only)"), _address, ""),
        Question("token", _("Telegram: the token of your bot? (Enter: no Telegram)"), _token, "", secret=True),
        Question("host", _("E-mail: the server that sends? (Enter: no e-mail)"), _host, ""),
        Question("user", _("Its account?"), _any, "", needs="host"),
        Question("password", _("Its password?"), _any, needs="user", secret=True),
        Question("sender", _("The address that mails come from?"), read_email, needs="host"),
        Question("homeserver", _("Matrix: the homeserver? (Enter: no Matrix)"), _homeserver, ""),
        Question("user_id", _("The bot's account there?"), _account, needs="homeserver"),
        Question("matrix_password", _("Its password?"), _any, needs="homeserver", secret=True),
    ),
}  # fmt: skip
"""Every file, and what is asked for it."""


def asked(file: str, answers: Answers) -> Iterator[Question]:
    """What is still to be asked for a file, after these answers."""
    return (each for each in FILES[file] if each.key not in answers and (not each.needs or answers.get(each.needs)))


def checked(question: Question, written: str) -> str:
    """The answer as it is kept.

    Raises:
        Wrong: it will not do, and why.
    """
    if not written.strip():
        if question.default is None:
            raise Wrong(say(_("something has to stand here")))
        return question.default
    try:
        return question.check(written)
    except CellError as problem:
        raise Wrong(say(sentence_of(problem))) from None
