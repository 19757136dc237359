"""`python -m bot clock`: move the time of a rehearsal from another terminal."""

from __future__ import annotations

import argparse
from datetime import datetime, timedelta

from bot.commands.opening import CommandError, Opened, add_config, opened
from bot.commands.terminal import tell
from bot.handlers.watch.wake import next_wake
from bot.i18n import Sentence, _, joined, say, sentence_of
from bot.runtime.rehearsal import Hands, hands, parse_span, send_to
from bot.store.db import Tx


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser(
        "clock",
        help=_("show or move the time of a rehearsal"),
        description=_(
            "Show or move the time of a rehearsal ([rehearsal] enabled = true). The running bot goes there from event to event, so that nothing is skipped. Time never goes back."
        ),
    )
    what = parser.add_subparsers(dest="what", required=True, metavar="show | advance | next")
    what.add_parser("show", help=_("where the clock stands, and the next event"))
    advance = what.add_parser("advance", help=_("go on by a length of time"))
    advance.add_argument("span", metavar=_("LENGTH"), help=_("90min, 12h, 7d or 2w"))
    what.add_parser("next", help=_("go on to the next event"))
    for each in (*what.choices.values(),):
        add_config(each)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    with opened(args) as here:
        if not here.config.rehearsal.enabled:
            raise CommandError(
                _("This is no rehearsal, its clock is the real one. To rehearse: [rehearsal] enabled = true")
            )
        tell(_told(here, args))
    return 0


def _told(here: Opened, args: argparse.Namespace) -> Sentence:
    def act(tx: Tx) -> tuple[Hands, Sentence | None]:
        wake = next_wake(tx)
        wake = wake and max(wake, tx.now)  # what waits for its turn is next, not long ago
        if args.what == "advance":
            return send_to(tx, hands(tx).target + _span(args.span)), None
        if args.what == "next" and wake is not None:
            return send_to(tx, wake), None
        return hands(tx), say(_("Next event: {at}."), at=_at(wake)) if wake else say(_("Nothing more is planned."))

    state, following = here.db.run(act)
    told = say(_("Rehearsal at {at} (Paris)."), at=_at(state.now))
    if state.target > state.now:
        text = _("Rehearsal at {at} (Paris), going to {target}: the running bot takes it there.")
        told = say(text, at=_at(state.now), target=_at(state.target))
    return joined([told, following], " ") if following else told


def _at(instant: datetime) -> dict[str, str]:
    return {"stamp": instant.isoformat(), "zone": "Europe/Paris"}


def _span(written: str) -> timedelta:
    try:
        return parse_span(written)
    except ValueError as problem:
        raise CommandError(sentence_of(problem)) from None
