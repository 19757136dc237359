"""A conversation as a line of events, to be compared with what is said and done."""

from __future__ import annotations

from typing import Any

from bot.engine.advance import Begin, Press, Refusal, Session, Silence, Turn, advance
from bot.engine.effect import Effect
from bot.engine.flow import Flow
from bot.engine.understand import understand
from tests.example import example

PROGRAMME = example()
Said = tuple[tuple[str, ...], tuple[Effect, ...]]
"""What one event makes said and done."""
SEALED = (("SEALED",), ())
UNCLEAR = (("UNCLEAR",), ())
GONE = (("GONE",), ())


def talk(flow: Flow, events: str, **facts: Any) -> Said:
    """What the last of some events makes said and done, after the conversation began with these facts.

    Events are separated by `|`: `mood:bad` is a button, `...` is silence, anything else is typed.
    """
    turn = advance(flow, Session(facts), Begin())
    for written in filter(None, (event.strip() for event in events.split("|"))):
        turn = _happen(flow, turn.session, written)
    return ((turn.refused.name,), turn.effects) if turn.refused else (turn.says, turn.effects)


def asked(flow: Flow, events: str, **facts: Any) -> str | None:
    """The question that stands after some events."""
    turn = advance(flow, Session(facts), Begin())
    for written in filter(None, (event.strip() for event in events.split("|"))):
        turn = _happen(flow, turn.session, written)
    return turn.session.asked


def _happen(flow: Flow, session: Session, written: str) -> Turn:
    step, colon, choice = written.partition(":")
    if colon:
        return advance(flow, session, Press(step, choice))
    if written == "...":
        return advance(flow, session, Silence(session.asked or ""))
    meant = understand(flow, session, written)
    return advance(flow, session, meant) if meant else Turn(session, refused=Refusal.UNCLEAR)
