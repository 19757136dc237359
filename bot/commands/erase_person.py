"""`python -m bot erase-person REF`: all that is held about somebody goes, and a certificate is printed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.commands.terminal import tell, warn
from bot.domain.person import STAFF
from bot.domain.purposes import PURPOSES, Kind
from bot.handlers.privacy.data_held import ENTRIES
from bot.handlers.privacy.erase import counts_of, made
from bot.handlers.privacy.erasure_requests import against, erase_at_once
from bot.i18n import _, phrase
from bot.store.db import Tx
from bot.store.erasures import Stage, of_person


@dataclass(frozen=True)
class Looked:
    """Who is to be erased, and what of them; without a number, nothing yet."""

    person: int
    counts: dict[str, int]
    erasure: int = 0
    number: str = ""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "erase-person",
        help=_("erase all that is held about somebody"),
        description=_(
            "Erase one person everywhere: their rows, what names them in the rows of others, their files and the key of these. A certificate is printed. Backups made before still hold them, encrypted, until they are rotated away; when one is restored, the person is erased again."
        ),
    )
    parser.add_argument("ref", metavar="REF", help=_("the reference of the roster or of consortium.toml"))
    parser.add_argument("--yes", action="store_true", help=_("erase, and do not only say what would be erased"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        found = here.db.run(_looked_at, args.ref, sure=args.yes)
        if found.number:
            erase_at_once(here.db, found.erasure, found.person)
    for kind, count in found.counts.items():
        tell(ENTRIES, kind=phrase(PURPOSES[Kind(kind)].name), count=count)
    if not found.number:
        warn(_("Nothing was erased: add --yes."))
        return 1
    tell(_("Erased. Certificate {number}. Take the person out of your files too: the next import refuses them."), number=found.number)  # fmt: skip
    return 0


def _looked_at(tx: Tx, ref: str, *, sure: bool) -> Looked:
    """What would be erased; and where that is wanted, the erasure that is due.

    Raises:
        CommandError: nobody has the reference, a case is open, or they are in the team.
    """
    person = person_of(tx, ref)
    if any(held.role in STAFF for held in person.roles):
        raise CommandError(_("{ref} is in the team: take the person out of consortium.toml and import it, then erase."), ref=ref)  # fmt: skip
    if "case" in against(tx, person):
        raise CommandError(_("Not erased: a situation of {ref} is still being followed. An adult closes it first."), ref=ref)  # fmt: skip
    counts = counts_of(tx, person)
    if not sure:
        return Looked(person.id, counts)
    row = of_person(tx.rows, person.id) or made(tx, person, "operator")
    row.stage, row.due_at = Stage.DUE, tx.now
    return Looked(person.id, counts, row.id, row.number)
