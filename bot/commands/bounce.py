"""`python -m bot bounce`: mail that came back, piped to us by the mail server."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import OperationalError

from bot.channels.email import read_bounce
from bot.channels.email.bounce import LARGEST
from bot.commands.opening import add_config, opened
from bot.handlers.sending.bounces import bounced

LATER = 75
"""EX_TEMPFAIL: the mail server keeps the message and tries again."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "bounce",
        help="read one mail that came back, on standard input",
        description="Read one message on standard input, as a mail server's alias pipes it. If it says that a mail of "
        "ours did not reach an adult, that address is given up and their alerts go elsewhere. Everything else is ignored.",
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read(LARGEST + 1)
    bounce = read_bounce(raw) if len(raw) <= LARGEST else None
    if bounce is None:
        print("This is no notification of a mail that failed: ignored.", file=sys.stderr)
        return 0
    try:
        with opened(args) as here:
            verdict = here.db.run(lambda tx: bounced(tx, bounce.quoted, bounce.recipients, lasting=bounce.lasting))
    except OperationalError:
        print("The database does not answer: try again later.", file=sys.stderr)
        return LATER
    print(f"A mail came back ({bounce.status or 'no status'}): {verdict.value}.", file=sys.stderr)
    return 0
