"""`python -m bot bounce`: mail that came back, piped to us by the mail server."""

from __future__ import annotations

import argparse
import sys

from sqlalchemy.exc import OperationalError

from bot.channels.email import read_bounce
from bot.channels.email.bounce import LARGEST
from bot.commands.opening import add_config, opened
from bot.commands.terminal import warn
from bot.handlers.sending.bounces import Verdict, bounced
from bot.i18n import _, say

VERDICTS = {
    Verdict.GONE: _("the address is given up; its person is reached elsewhere, or their case climbs"),
    Verdict.NOT_THERE: _("that message did not arrive; the address is kept"),
    Verdict.KNOWN: _("known already"),
    Verdict.STRANGE: _("it quotes no mail of ours to that address: ignored"),
}
LATER = 75
"""EX_TEMPFAIL: the mail server keeps the message and tries again."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "bounce",
        help=_("read one mail that came back, on standard input"),
        description=_(
            "Read one message on standard input, as a mail server's alias pipes it. If it says that a mail of ours did not reach an adult, that address is given up and their alerts go elsewhere. Everything else is ignored."
        ),
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read(LARGEST + 1)
    bounce = read_bounce(raw) if len(raw) <= LARGEST else None
    if bounce is None:
        warn(_("This is no notification of a mail that failed: ignored."))
        return 0
    try:
        with opened(args) as here:
            verdict = here.db.run(lambda tx: bounced(tx, bounce.quoted, bounce.recipients, lasting=bounce.lasting))
    except OperationalError:
        warn(_("The database does not answer: try again later."))
        return LATER
    warn(
        _("A mail came back ({status}): {verdict}."),
        status=bounce.status or say(_("no status")),
        verdict=say(VERDICTS[verdict]),
    )
    return 0
