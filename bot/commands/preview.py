"""`python -m bot preview REF`: every contact still to come of a learner."""

from __future__ import annotations

import argparse
from dataclasses import replace

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.commands.terminal import Terminal
from bot.domain.plan import preview
from bot.domain.programme import Programme
from bot.domain.touchpoints import Kind, Occasion
from bot.handlers.conversation.due import done_of
from bot.i18n import LANGUAGES, _, _n, render, show
from bot.store.db import Tx
from bot.store.stays import StayRow, current_stay
from bot.web.desk.labels import title

DUE = _n("{name} (due in {count} day)", "{name} (due in {count} days)")


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "preview",
        help=_("list every contact still to come of a learner"),
        description=_(
            "List every contact still to come of a learner, at the hour of where they will be. It is what will happen if nothing changes."
        ),
    )
    parser.add_argument("ref", metavar=_("REF"), help=_("the learner's reference, as in the roster"))
    parser.add_argument("--language", choices=LANGUAGES, help=_("of the titles, and of the terminal"))
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        print("\n".join(here.db.run(lines, args.ref, Terminal.language)), flush=True)
    return 0


def lines(tx: Tx, ref: str, language: str) -> list[str]:
    """The preview as text, one contact a line.

    Raises:
        CommandError: nobody has this reference, or it is no learner's.
    """
    row = current_stay(tx.rows, person_of(tx, ref).id)
    if row is None:
        raise CommandError(_('"{ref}" has no stay: only learners and staff on a mobility have a plan'), ref=ref)
    stay = row.facts()
    shown = replace(stay, enrolled_at=stay.enrolled_at or tx.now)
    coming = preview(tx.programme, shown, done_of(tx, row), tx.now)
    head = render(
        _n(
            "{name}, {city}: {departure} to {back}, {count} contact to come",
            "{name}, {city}: {departure} to {back}, {count} contacts to come",
        ),
        language,
        {
            "name": row.person.full_name,
            "city": row.city,
            "departure": row.departure,
            "back": row.back,
            "count": len(coming),
        },
    )
    enrolled = [] if row.enrolled_at else [render(_("Not enrolled yet: shown as if enrolled today."), language)]
    return [head, *enrolled, *(_line(tx.programme, row, shown_at, language) for shown_at in coming)]


def _line(programme: Programme, row: StayRow, occasion: Occasion, language: str) -> str:
    zone = row.facts().zone_on(occasion.at.date())
    at = show({"stamp": occasion.at.isoformat(), "zone": str(zone)}, language)
    return f"{at} {occasion.at.astimezone(zone).tzname() or '':<5} {_about(programme, row, occasion, language)}"


def _about(programme: Programme, row: StayRow, occasion: Occasion, language: str) -> str:
    """What a contact is about, in the words of the desk; of an item, how long before its date it is."""
    words, days = title(programme, row, occasion.touchpoint, language), occasion.slot[1]
    if occasion.kind is not Kind.ITEM:
        return words
    if days == "0":
        return render(_("{name} (due today)"), language, {"name": words})
    return render(DUE, language, {"name": words, "count": days})
