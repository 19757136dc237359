"""`python -m bot clock`: move the time of a rehearsal from another terminal."""

from __future__ import annotations

import argparse
from datetime import timedelta
from zoneinfo import ZoneInfo

from bot.commands.opening import CommandError, Opened, add_config, opened
from bot.handlers.watch.wake import next_wake
from bot.runtime.rehearsal import Hands, hands, parse_span, send_to
from bot.store.db import Tx


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "clock",
        help="show or move the time of a rehearsal",
        description="Show or move the time of a rehearsal ([rehearsal] enabled = true). The running bot goes there "
        "from event to event, so that nothing is skipped. Time never goes back.",
    )
    what = parser.add_subparsers(dest="what", required=True, metavar="show | advance | next")
    what.add_parser("show", help="where the clock stands, and the next event")
    advance = what.add_parser("advance", help="go on by a length of time")
    advance.add_argument("span", help="90min, 12h, 7d or 2w")
    what.add_parser("next", help="go on to the next event")
    for each in (*what.choices.values(),):
        add_config(each)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        if not here.config.rehearsal.enabled:
            raise CommandError(
                "This is no rehearsal, its clock is the real one. To rehearse: [rehearsal] enabled = true"
            )
        print(_told(here, args))
    return 0


def _told(here: Opened, args: argparse.Namespace) -> str:
    zone = ZoneInfo("Europe/Paris")

    def act(tx: Tx) -> tuple[Hands, str]:
        wake = next_wake(tx)
        if args.what == "advance":
            return send_to(tx, hands(tx).target + _span(args.span)), ""
        if args.what == "next" and wake is not None:
            return send_to(tx, wake), ""
        return hands(
            tx
        ), f"Next event: {wake.astimezone(zone):%a %Y-%m-%d %H:%M}." if wake else "Nothing more is planned."

    state, following = here.db.run(act)
    at = f"{state.now.astimezone(zone):%a %Y-%m-%d %H:%M} (Paris)"
    if state.target > state.now:
        return f"Rehearsal at {at}, going to {state.target.astimezone(zone):%a %Y-%m-%d %H:%M}: the running bot takes it there. {following}".rstrip()
    return f"Rehearsal at {at}. {following}".rstrip()


def _span(written: str) -> timedelta:
    try:
        return parse_span(written)
    except ValueError as problem:
        raise CommandError(str(problem)) from None
