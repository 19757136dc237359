"""`/strengths`: five sentences about oneself before the stay and again after it, and a picture of both for the learner alone."""

from __future__ import annotations

from typing import Any

from bot.domain.messages import Letter, Offer
from bot.domain.strengths import AFTER, BEFORE, SCALE, STRENGTHS, moment, next_of
from bot.handlers.say.post import post, tell
from bot.i18n import Text, _, phrase, to_json
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.portfolio import PortfolioRow, portfolio_of
from bot.store.stays import StayRow

FIRST: Text = _("Five sentences about you, for you alone: no adult sees what you press. {place}/5: {sentence}")
NEXT: Text = _("{place}/5: {sentence}")
RATHER_NOT: Text = _("I'd rather not")
ALL_RIGHT: Text = _("All right. /strengths is there whenever you like.")
LINE: Text = _("{strength}: {before} → {after}")
DRAWN: Text = _("You before, and you after. This picture is yours: show it to whom you like.\n{lines}")
KEPT: Text = _("Kept for you alone. After your stay, /strengths asks once more and draws both.\n{lines}")
FULL, EMPTY = "●", "○"


def strengths(tx: Tx, person: Person, stay: StayRow, rest: str = "") -> None:
    """Ask the next sentence; take an answer (`before flexibility 3`); show what there is; or leave it (`no`)."""
    facts = stay.facts()
    now = moment(facts, facts.day_at(tx.now))
    when, name, value = [*rest.split(), "", "", ""][:3]
    if when == "no":
        return tell(tx, person, ALL_RIGHT)
    if when in {BEFORE, AFTER} and name in STRENGTHS and value in {"1", "2", "3", "4"}:
        _keep(tx, stay, when, name, value)
        now = when
    answered = answers_of(tx, stay, now)
    asked = next_of(answered)
    return _show(tx, person, stay, now) if asked is None else _ask(tx, person, now, asked, len(answered))


def answers_of(tx: Tx, stay: StayRow, when: str) -> dict[str, str]:
    return {row.about: row.words for row in portfolio_of(tx.rows, stay.id, when)}


def _keep(tx: Tx, stay: StayRow, when: str, name: str, value: str) -> None:
    """A second press on an older question changes its answer."""
    for row in portfolio_of(tx.rows, stay.id, when):
        if row.about == name:
            row.words, row.at = value, tx.now
            return
    tx.rows.add(PortfolioRow(stay_id=stay.id, kind=when, about=name, words=value, at=tx.now))
    tx.rows.flush()


def _ask(tx: Tx, person: Person, when: str, name: str, done: int) -> None:
    offers = [
        Offer(label, {"do": "command", "word": "strengths", "rest": f"{when} {name} {place}"})
        for place, label in enumerate(SCALE, 1)
    ]
    offers.append(Offer(RATHER_NOT, {"do": "command", "word": "strengths", "rest": "no"}))
    values = {"place": done + 1, "sentence": phrase(STRENGTHS[name][1])}
    tell(tx, person, NEXT if done else FIRST, values, *offers)


def _show(tx: Tx, person: Person, stay: StayRow, now: str) -> None:
    """In words for everybody, and as a picture where the channel shows one."""
    before, after = answers_of(tx, stay, BEFORE), answers_of(tx, stay, AFTER)
    lines = [
        phrase(LINE, strength=phrase(label), before=_dots(before.get(name)), after=_dots(after.get(name)))
        for name, (label, _sentence) in STRENGTHS.items()
    ]
    facts = {"drawing": "strengths", "name": stay.person.first_name, "rows": _rows(before, after)}
    letter = Letter(DRAWN if now == AFTER else KEPT, {"lines": {"list_lines": lines}}, picture=facts)
    post(tx, person.id, letter, Lane.ANSWER)


def _dots(value: str | None) -> str:
    return FULL * int(value) + EMPTY * (4 - int(value)) if value else "–"


def _rows(before: dict[str, str], after: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {"label": to_json(label), "before": int(before.get(name, 0)), "after": int(after.get(name, 0))}
        for name, (label, _sentence) in STRENGTHS.items()
    ]
