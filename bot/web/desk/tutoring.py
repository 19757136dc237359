"""`/tutoring`: who could help whom, who has been asked, who is in touch; the same acts as in the chat, one press each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.pairing import State
from bot.domain.rights import Act
from bot.handlers.desk.pairing import (
    COUNTED,
    COUNTED_OF,
    FITS,
    MIXED,
    Fit,
    ask_pair,
    move_pair,
    pairs,
    words_of,
)
from bot.i18n import _
from bot.store.db import Tx
from bot.store.pairings import PairRow
from bot.web.common.guard import row_number
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor

SHOWN = 50
ANSWERED = {"helper": _("{name} has said yes"), "newcomer": _("waiting for {name}")}


@dataclass(frozen=True)
class Tutoring:
    """The page and its one form."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Whom to ask first, then what waits for an adult, then the rest."""
        who, values = await self.desk.ask(request, _read)
        return self.desk.page(request, who, "tutoring.html", values)

    async def act(self, request: Request) -> Response:
        """One press about two people: by their stays where they are only proposed, else by the number of the pair."""
        form = await self.desk.form(request)
        word = form.get("act", "")
        numbers = [row_number(form.get(name, "")) for name in ("helper", "newcomer", "pair")]

        def act(tx: Tx, who: Visitor) -> str:
            helper, newcomer, pair = numbers
            if word in {"ask", "aside"} and helper and newcomer:
                return ask_pair(tx, who.person, helper, newcomer, aside=word == "aside")
            return move_pair(tx, who.person, pair, word) if pair else "nothing"

        _who, said = await self.desk.ask(request, act)
        self.desk.app.nudge()
        return self.desk.after(request, {"back": "/tutoring"}, said)


def _read(tx: Tx, who: Visitor) -> dict[str, Any]:
    if not who.can(Act.CONFIRM):
        raise Missing
    found, targets = pairs(tx, who.person), tx.programme.targets
    target = targets.tutoring if targets else None
    return {
        "counted": who.says(COUNTED_OF if target else COUNTED, count=found.together, target=target),
        "proposed": [_fit(who, each) for each in found.proposed[:SHOWN]],
        "agreed": [_pair(each) for each in found.at(State.AGREED)],
        "asked": [_asked(who, each) for each in found.at(State.ASKED)],
        "together": [_pair(each) for each in found.at(State.TOGETHER)],
        "aside": [_pair(each) for each in found.aside],
    }


def _fit(who: Visitor, fit: Fit) -> dict[str, Any]:
    return {
        "helper": fit.helper.id,
        "newcomer": fit.newcomer.id,
        "words": who.says(MIXED if fit.proposal.mixed else FITS, **words_of(fit)),
        "went": f"{fit.helper.person.short_name}: {fit.helper.city}, {who.clock.span(fit.helper.departure, fit.helper.back)}",
        "goes": f"{fit.newcomer.person.short_name}: {fit.newcomer.city}, {who.clock.span(fit.newcomer.departure, fit.newcomer.back)}",
    }


def _pair(pair: PairRow) -> dict[str, Any]:
    return {
        "id": pair.id,
        "names": f"{pair.helper.short_name} + {pair.newcomer.short_name}",
        "mixed": pair.mixed,
        "ways": [
            (pair.helper.short_name, pair.helper_way or ""),
            (pair.newcomer.short_name, pair.newcomer_way or ""),
        ],
    }


def _asked(who: Visitor, pair: PairRow) -> dict[str, Any]:
    waits = pair.newcomer if pair.helper_at else pair.helper
    lines = [who.says(ANSWERED["helper"], name=pair.helper.short_name)] if pair.helper_at else []
    return _pair(pair) | {"standing": [*lines, who.says(ANSWERED["newcomer"], name=waits.short_name)]}
