"""`python -m bot preview REF`: every contact still to come of a learner."""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import Any

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.domain.occasion import Kind, Occasion
from bot.domain.plan import preview
from bot.domain.programme import Programme
from bot.domain.stay import open_for
from bot.handlers.conversation.due import done_of
from bot.handlers.say.facts import stay_facts
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
        print("\n".join(here.db.run(lines, args.ref, args.language)), flush=True)
    return 0


def lines(tx: Tx, ref: str, wanted: str | None = None) -> list[str]:
    """The preview as text, one contact a line, in the learner's language where no other is wanted.

    Raises:
        CommandError: nobody has this reference, or it is no learner's.
    """
    row = current_stay(tx.rows, person_of(tx, ref).id)
    if row is None:
        raise CommandError(_('"{ref}" has no stay: only learners and staff on a mobility have a plan'), ref=ref)
    stay, language = row.facts(), wanted or row.person.language
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
    values, opening = stay_facts(tx, row), open_for(tx.programme, shown, tx.now)
    to_come = (replace(each, at=max(each.at, opening)) for each in coming)
    return [head, *enrolled, *(_line(tx.programme, row, each, language, values) for each in to_come)]


def _line(programme: Programme, row: StayRow, occasion: Occasion, language: str, values: dict[str, Any]) -> str:
    zone = row.facts().zone_on(occasion.at.date())
    at = show({"stamp": occasion.at.isoformat(), "zone": str(zone)}, language)
    return f"{at} {occasion.at.astimezone(zone).tzname() or '':<5} {_about(programme, row, occasion, language, values)}"


def _about(programme: Programme, row: StayRow, occasion: Occasion, language: str, values: dict[str, Any]) -> str:
    """What a contact is about, in the words of the desk; of an item, how long before its date it is."""
    left = (row.departure - occasion.at.astimezone(row.facts().zone_on(occasion.at.date())).date()).days
    words = title(programme, row, occasion.touchpoint, language, values | {"days": max(left, 0)})
    days = occasion.slot[1]
    if occasion.kind is not Kind.ITEM:
        return words
    if days == "0":
        return render(_("{name} (due today)"), language, {"name": words})
    return render(DUE, language, {"name": words, "count": days})
