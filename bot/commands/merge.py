"""`python -m bot merge REF REF`: two records of one person become one."""

from __future__ import annotations

import argparse

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.domain.person import STAFF, Role
from bot.handlers.people.merge import alike, merge
from bot.i18n import _, say
from bot.store.db import Tx
from bot.store.people import Person


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "merge",
        help=_("make one of two records of the same person"),
        description=_(
            "Make one of two records of the same person: stays, devices, conversations, cases, consents and files of the second hang on the first, and its reference is gone. This cannot be undone."
        ),
    )
    parser.add_argument("keep", help=_("the reference that stays"))
    parser.add_argument("gone", help=_("the reference that goes"))
    parser.add_argument(
        "--yes", action="store_true", help=_("they are one person, although names or birth dates differ")
    )
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        print(here.db.run(merged, args.keep, args.gone, args.yes))
    return 0


def merged(tx: Tx, keep_ref: str, gone_ref: str, sure: bool) -> str:
    """Merge, and say what is to be done besides.

    Raises:
        CommandError: a reference is nobody's, both are the same, or the two look like different people.
    """
    keep, gone = person_of(tx, keep_ref), person_of(tx, gone_ref)
    values = {"keep": keep.full_name, "gone": gone.full_name, "keep_ref": keep.ref, "gone_ref": gone.ref}
    if keep.id == gone.id:
        raise CommandError(say(_("{keep_ref} and {gone_ref} are the same record already: nothing to merge"), **values))
    if not sure and not alike(keep, gone):
        raise CommandError(
            say(
                _(
                    "{keep_ref} is {keep}, {gone_ref} is {gone}: they look like two people, and nothing was merged. "
                    "Add --yes if they are one"
                ),
                **values,
            )
        )
    if _is_staff(keep) != _is_staff(gone) and Role.LEARNER in _roles(keep) | _roles(gone) and not sure:
        raise CommandError(
            say(
                _(
                    "One of {keep_ref} and {gone_ref} is a learner, the other of the team. Add --yes if they are one person"
                ),
                **values,
            )
        )
    merge(tx, keep, gone)
    return say(_("{gone_ref} is merged into {keep_ref} ({keep}). Write {keep_ref} in your files wherever {gone_ref} stands: the next import would make {gone_ref} anew."), **values)  # fmt: skip


def _roles(person: Person) -> set[Role]:
    return {held.role for held in person.roles}


def _is_staff(person: Person) -> bool:
    return bool(_roles(person) & STAFF)
