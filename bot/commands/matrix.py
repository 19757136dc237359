"""`python -m bot matrix setup | repair`: become a device of the bot's Matrix account."""

from __future__ import annotations

import argparse
import asyncio
import sys
from dataclasses import replace

from bot.channels.matrix import Account, CannotSignIn, repair, setup
from bot.commands.opening import CommandError, add_config
from bot.commands.terminal import tell, words
from bot.config import read
from bot.i18n import Sentence, _
from bot.runtime.matrix import matrix_account, matrix_folder
from bot.store.lock import at_work

SETUP = _(
    "Log in once, make the bot's identity, and sign its device with it: apps that exclude insecure devices then "
    "talk with it. The identity is written to identity.json in the folder [matrix] store: back that file up. Needs the "
    "password in the configuration."
)
REPAIR = _(
    "Log in as a new device of the same identity, when the crypto store is lost, or is an old copy. Stop "
    "Compagnon first. A crypto store is never brought back from a backup: what it writes nobody could read."
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("matrix", help=_("set up the bot's Matrix account, or repair it after a loss"))
    what = parser.add_subparsers(dest="what", required=True, metavar="setup | repair")
    first = what.add_parser("setup", help=_("log in for the first time"), description=SETUP)
    first.add_argument(
        "--new-identity", action="store_true", help=_("when the identity is lost for good: everybody's app will warn")
    )
    again = what.add_parser("repair", help=_("log in as a new device"), description=REPAIR)
    for each in (first, again):
        each.add_argument(
            "--login-token", default="", metavar="TOKEN", help=_("where the homeserver takes no password")
        )
        add_config(each)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    config = read(args.config)
    account = replace(_ready(matrix_account(config)), login_token=args.login_token)
    folder = matrix_folder(config)
    with at_work(config.data_dir, f"matrix {args.what}"):
        if args.what == "setup":
            asyncio.run(setup(account, folder, tell, new_identity=args.new_identity, confirm=_confirmed))
        else:
            asyncio.run(repair(account, folder, tell, confirm=_confirmed))
    return 0


def _ready(account: Account | None) -> Account:
    if account is None:
        raise CommandError(_("Matrix is off: write homeserver and user_id under [matrix] in the configuration."))
    return account


async def _confirmed(asked: Sentence) -> None:
    """The person opens the page, and says that it is done."""
    tell(asked)
    if not sys.stdin.isatty():
        raise CannotSignIn(asked)
    await asyncio.to_thread(input, words(_("Then press Enter here.")))
