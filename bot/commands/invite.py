"""`python -m bot invite REF`: a one-time link for a person, one line per channel."""

from __future__ import annotations

import argparse

from bot.commands.opening import add_config, opened, person_of
from bot.handlers.enrol import VALID, invite
from bot.store.db import Tx


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "invite",
        help="print a one-time link for a learner or an adult",
        description=f"Print a link that works once, within {VALID.days * 24 + VALID.seconds // 3600} hours. "
        "A learner's device is confirmed by the coordinator in chat before anything is shown.",
    )
    parser.add_argument("ref", help="the reference of the person, as in the roster or consortium.toml")
    parser.add_argument(
        "--trusted", action="store_true", help="handed over in person: the coordinator need not confirm the device"
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:

        def make(tx: Tx) -> str:
            return invite(tx, person_of(tx, args.ref), trusted=args.trusted)

        print(f"web {here.config.web.address}/j/{here.db.run(make)}")
    return 0
