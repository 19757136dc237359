"""`python -m bot preview REF`: every contact still to come of a learner."""

from __future__ import annotations

import argparse
from dataclasses import replace

from bot.commands.opening import CommandError, add_config, opened, person_of
from bot.domain.plan import preview
from bot.domain.programme import Programme
from bot.domain.touchpoints import Kind, Occasion
from bot.handlers.conversation.due import done_of
from bot.i18n import render
from bot.store.db import Tx
from bot.store.stays import StayRow, current_stay


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "preview",
        help="list every contact still to come of a learner",
        description="List every contact still to come of a learner, at the hour of where they will be. "
        "It is what will happen if nothing changes.",
    )
    parser.add_argument("ref", help="the learner's reference, as in the roster")
    parser.add_argument("--language", default="en", choices=("en", "fr", "es"), help="of the titles (default: en)")
    add_config(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        print("\n".join(here.db.run(lines, args.ref, args.language)))
    return 0


def lines(tx: Tx, ref: str, language: str) -> list[str]:
    """The preview as text, one contact a line.

    Raises:
        CommandError: nobody has this reference, or it is no learner's.
    """
    row = current_stay(tx.rows, person_of(tx, ref).id)
    if row is None:
        raise CommandError(f'"{ref}" has no stay: only learners and staff on a mobility have a plan')
    stay = row.facts()
    shown = replace(stay, enrolled_at=stay.enrolled_at or tx.now)
    coming = preview(tx.programme, shown, done_of(tx, row), tx.now)
    head = f"{row.person.full_name}, {row.city}: {row.departure} to {row.back}, {len(coming)} contacts to come"
    enrolled = [] if row.enrolled_at else ["Not enrolled yet: shown as if enrolled today."]
    return [head, *enrolled, *(_line(tx.programme, row, shown_at, language) for shown_at in coming)]


def _line(programme: Programme, row: StayRow, occasion: Occasion, language: str) -> str:
    day = row.facts().zone_on(occasion.at.date())
    local = occasion.at.astimezone(day)
    return f"{local:%a %Y-%m-%d %H:%M} {local.tzname() or '':<5} {title(programme, row, occasion, language)}"


def title(programme: Programme, row: StayRow, occasion: Occasion, language: str) -> str:
    """What a contact is about, in words."""
    journey = programme.journey(row.kind)
    if occasion.kind is Kind.AROUND:
        return f"to those around the learner, where they are known: {occasion.touchpoint}"
    item = journey.item(occasion.name)
    if item is not None:
        name = render(item.title, language)
        if occasion.kind is Kind.OVERDUE:
            return f"to an adult, if still open: {name}"
        days = occasion.slot[1]
        return f"{name} (due in {days} days)" if days != "0" else f"{name} (due today)"
    message = next((each for each in journey.messages if f"message.{each.id}" == occasion.touchpoint), None)
    if message is not None:
        return render(message.text, language, {"name": row.person.first_name, "city": row.city})[:70]
    return occasion.kind.value.replace("_", " ")
