"""`python -m bot retention`: what is past its end goes now, as it does every night; or only what would."""

from __future__ import annotations

import argparse
from functools import partial

from bot.commands.opening import Opened, add_config, opened
from bot.commands.terminal import tell
from bot.domain.purposes import Kept
from bot.handlers.conversation.file_collection import expire_proofs
from bot.handlers.privacy.erasure_requests import due, erase_at_once
from bot.handlers.privacy.retention import FILES, Swept, sweep
from bot.i18n import _


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "retention",
        help=_("delete what is past its end"),
        description=_(
            "Delete what has been kept for longer than [retention] of the programme says: Compagnon does so every night while it runs. With --dry-run nothing is deleted, only counted."
        ),
    )
    parser.add_argument("--dry-run", action="store_true", help=_("only say what would go"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        swept = _swept(here, dry=args.dry_run)
        rules = here.programme.retention
    for kept in Kept:
        print(f"  {kept.value:<10}{rules.days(kept):>6} d{swept.counts[kept]:>8}")
    print(f"  {FILES:<10}{'':>8}{swept.counts[FILES]:>8}")
    tell(_("Nothing was deleted: this is what would go.") if args.dry_run else _("Deleted."))
    return 0


def _swept(here: Opened, *, dry: bool) -> Swept:
    swept = Swept()
    if not dry:
        swept.counts[FILES] = here.db.run(expire_proofs)
    while swept.last is not None:
        swept = here.db.run(partial(sweep, dry=dry), swept)
    for number, person in here.db.run(due) if not dry else ():
        erase_at_once(here.db, number, person)
    here.db.put_on_disk()
    return swept
