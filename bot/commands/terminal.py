"""What the terminal says, in its language: printed sentences, and the words of argparse."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from bot.i18n import LANGUAGES, Text, _, _n, catalog, render


class Terminal:
    """This process's terminal. Its language is chosen before anything is printed."""

    language = "en"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within, everything is said in this language, argparse's own words too."""
    before = Terminal.language
    _speak(language)
    try:
        yield
    finally:
        _speak(before)


def _speak(language: str) -> None:
    Terminal.language = language
    argparse._ = catalog(language).gettext  # type: ignore[attr-defined]
    argparse.ngettext = catalog(language).ngettext  # type: ignore[attr-defined]


def words(text: Text, **values: object) -> str:
    """A text, or a sentence that stands already, in the terminal's language."""
    return render(text, Terminal.language, values)


def tell(text: Text, **values: object) -> None:
    """Print what was asked for."""
    print(words(text, **values), flush=True)


def warn(text: Text, **values: object) -> None:
    """Print what somebody should know besides."""
    print(words(text, **values), file=sys.stderr, flush=True)


def offer_language(parser: argparse.ArgumentParser) -> None:
    """`--language` on every command. Where it is one's own already, it means the terminal besides."""
    if "--language" not in parser._option_string_actions:
        told = _("what the terminal speaks (default: what consortium.toml says)")
        parser.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS, help=told)
    for below in _below(parser):
        offer_language(below)


def translate(parser: argparse.ArgumentParser) -> None:
    """Put every description and help of a parser, and of those below it, into the terminal's language."""
    parser.description = words(parser.description) if parser.description else None
    parser.epilog = words(parser.epilog) if parser.epilog else None
    for action in parser._actions:
        action.help = words(action.help) if action.help else action.help
        if isinstance(action.metavar, str):
            action.metavar = words(action.metavar)
        for listed in action._choices_actions if isinstance(action, argparse._SubParsersAction) else ():
            listed.help = words(listed.help) if listed.help else None
    for below in _below(parser):
        translate(below)


def _below(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of its commands."""
    found = (action.choices for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    return [below for choices in found for below in dict.fromkeys(choices.values())]


ARGPARSE: tuple[Text, ...] = (
    _("usage: "),
    _("positional arguments"),
    _("options"),
    _("show this help message and exit"),
    _("%(prog)s: error: %(message)s\n"),
    _("argument %(argument_name)s: %(message)s"),
    _("the following arguments are required: %s"),
    _("unrecognized arguments: %s"),
    _("invalid choice: %(value)r (choose from %(choices)s)"),
    _("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
    _("invalid %(type)s value: %(value)r"),
    _("expected one argument"),
    _("expected at most one argument"),
    _("expected at least one argument"),
    _n("expected %s argument", "expected %s arguments"),
    _("not allowed with argument %s"),
    _("one of the arguments %s is required"),
    _("ambiguous option: %(option)s could match %(matches)s"),
    _("ignored explicit argument %r"),
    _("unexpected option string: %s"),
    _("unknown parser %(parser_name)r (choices: %(choices)s)"),
    _("can't open '%(filename)s': %(error)s"),
)
"""What argparse itself says to whoever types a command, in the Pythons that Compagnon runs on."""
