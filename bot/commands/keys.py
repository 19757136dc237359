"""`python -m bot keys`: how words and files lie in the database, and with which master keys; seal what is in clear; change the master."""

from __future__ import annotations

import argparse

from bot.commands.opening import Opened, add_config, opened
from bot.commands.terminal import tell
from bot.handlers.privacy.sealing import seal_all
from bot.i18n import _
from bot.store.db import Tx
from bot.store.resealing import Lying, Reached
from bot.store.resealing import lying as how_words_lie

STATUS, SEAL, ROTATE = "status", "seal", "rotate"


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "keys",
        help=_("how much is sealed; seal the rest; change the master key"),
        description=_(
            "What people wrote lies in the database under a key of their own, which is kept beside it. status says how much does, and how much does not yet; seal does the rest now, in slices; rotate wraps every key with the first line of [keys] file, so that the other lines can be taken out."
        ),
    )
    parser.add_argument("what", choices=(STATUS, SEAL, ROTATE), nargs="?", default=STATUS)
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        if args.what == SEAL:
            tell(_("Sealed: {count}."), count=_sealed(here))
        elif args.what == ROTATE:
            assert here.db.keys is not None
            tell(_("Wrapped with the first master key: {count} files."), count=here.db.keys.rewrap())
        else:
            _tell_status(here)
    return 0


def _sealed(here: Opened) -> int:
    reached = Reached()
    while not reached.over:
        reached = here.db.run(seal_all, reached)
    here.db.put_on_disk()
    return reached.sealed


def _tell_status(here: Opened) -> None:
    assert here.db.keys is not None
    found = here.db.run(_lying)
    for name, each in found.items():
        print(f"  {name:<24}{each.sealed:>10}{each.clear:>10}")
    tell(
        _("Sealed, in clear: {sealed}, {clear}."),
        sealed=sum(each.sealed for each in found.values()),
        clear=sum(each.clear for each in found.values()),
    )
    stale = here.db.keys.stale()
    tell(_("Files of keys that the first master key does not open yet: {count}."), count=stale)


def _lying(tx: Tx) -> dict[str, Lying]:
    return dict(how_words_lie(tx.rows))
