"""Eight faults of the kind that a change could bring, each put into the program for a while: the model must find every one.

`python -m tests.faults.seeded_bugs` plays lives with each of them in turn, and says after how long, and by which rule, it was found.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, Phase, settings
from hypothesis import seed as seeded
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import select

from bot.domain import touchpoints, whereabouts
from bot.domain.channel import Outcome, Unknown
from bot.domain.ladder import Event, Move, Taken, climb
from bot.domain.ladder.crew import Crew
from bot.domain.person import Role
from bot.domain.plan import Due, due
from bot.domain.stay import Stay
from bot.domain.whereabouts import Whereabouts
from bot.handlers.inbox import presses
from bot.handlers.sending import claim, outcome
from bot.handlers.sending.before_sending import Leaving
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.sessions import open_session
from bot.store.stays import StayRow
from tests.faults.model import Lives

Bug = Callable[[ExitStack], None]


def marked_before_it_was_sent(patched: ExitStack) -> None:
    """What was on its way when the process died is taken for sent."""

    def recover(tx: Tx, _repeatable: frozenset[str], *, everything: bool = False) -> None:
        for row in tx.rows.scalars(select(OutboxRow).where(OutboxRow.state == "sending")) if everything else ():
            row.state, row.sent_at, row.lease_until = "sent", tx.now, None

    patched.enter_context(patch("bot.runtime.app.recover", recover))


def alert_dropped_where_there_is_no_room(patched: ExitStack) -> None:
    """An alert for a channel that is full is given up."""
    whole = claim._prepare

    def prepare(tx: Tx, leaving: Leaving, batch: claim.Batch) -> Any:
        if leaving.row.lane == Lane.ALERT and batch.left.get("web", 1) <= 0:
            leaving.row.state = "expired"
            return None
        return whole(tx, leaving, batch)

    patched.enter_context(patch.object(claim, "_prepare", prepare))


def case_without_a_next_attempt(patched: ExitStack) -> None:
    """Whoever takes a case is never asked again how it is."""

    def climbed(case: Any, event: Event, now: Any, **named: Any) -> Move:
        move = climb(case, event, now, **named)
        return replace(move, case=replace(move.case, wake_at=None)) if isinstance(event, Taken) else move

    patched.enter_context(patch("bot.handlers.case.case.climb", climbed))


def wall_between_schools_is_open(patched: ExitStack) -> None:
    """Whoever is on call is so for every school, and nobody asks again when it is sent."""

    def having(crew: Crew, role: Role) -> tuple[int, ...]:
        if role is Role.ON_CALL:
            return tuple(adult.person for adult in crew.team if role in adult.every_role)
        return whole(crew, role)

    whole = Crew.having
    patched.enter_context(patch.object(Crew, "having", having))
    patched.enter_context(
        patch.object(Crew, "everyone", property(lambda crew: tuple({a.person: 0 for a in crew.team})))
    )
    patched.enter_context(patch("bot.handlers.sending.before_sending.may_follow", lambda *_: True))


def question_repeated_when_nobody_knows(patched: ExitStack) -> None:
    """A question of which nobody knows whether it arrived is sent again."""
    whole = outcome._settle_one

    def settle_one(tx: Tx, row: OutboxRow, came: Outcome) -> None:
        if isinstance(came, Unknown) and row.lane == Lane.PROMPT and row.edit_of is None:
            row.lease_until = None
            return outcome._again(tx, row)
        return whole(tx, row, came)

    patched.enter_context(patch.object(outcome, "_settle_one", settle_one))


def clock_of_the_wrong_zone(patched: ExitStack) -> None:
    """Six in the evening is six by Greenwich, wherever the learner is."""
    patched.enter_context(patch.object(Whereabouts, "on", lambda _where, _day: ZoneInfo("UTC")))


def ended_stay_still_asked(patched: ExitStack) -> None:
    """The plan goes on for whoever does not go, or has come home."""

    def still(programme: Any, stay: Stay, done: Any, now: Any) -> Due:
        return due(programme, replace(stay, ended=None), done, now)

    patched.enter_context(patch("bot.handlers.conversation.due.due", still))
    patched.enter_context(patch.object(StayRow.__dict__["cancelled"], "fget", lambda _row: False))


def old_answer_counts_for_the_new_question(patched: ExitStack) -> None:
    """A button answers whatever conversation is open, and not the one it belongs to."""
    whole = presses.answer

    def answer(tx: Tx, person: Person, message: OutboxRow, action: dict[str, Any]) -> None:
        current = open_session(tx.rows, person.id)
        moved = {"session": current.id, "step": current.asked} if current is not None else {}
        whole(tx, person, message, action | moved)

    patched.enter_context(patch.object(presses, "answer", answer))


BUGS: tuple[Bug, ...] = (
    marked_before_it_was_sent,
    alert_dropped_where_there_is_no_room,
    case_without_a_next_attempt,
    wall_between_schools_is_open,
    question_repeated_when_nobody_knows,
    clock_of_the_wrong_zone,
    ended_stay_still_asked,
    old_answer_counts_for_the_new_question,
)


@contextmanager
def seeded_with(bug: Bug | None) -> Iterator[None]:
    """The program has this fault meanwhile; nothing that was worked out with or without it is remembered."""
    _forget()
    with ExitStack() as patched:
        if bug is not None:
            bug(patched)
        yield
    _forget()


def _forget() -> None:
    for module in (touchpoints, whereabouts):
        for known in vars(module).values():
            if hasattr(known, "cache_clear"):
                known.cache_clear()


def found(bug: Bug | None, *, lives: int, steps: int = 25, seed: int = 1) -> tuple[int, str]:
    """Play lives until a rule is broken: how many were played, and the rule; without words where none was."""
    played: list[type[Lives]] = []

    @seeded(seed)
    class Counted(Lives):
        def __init__(self) -> None:
            super().__init__()
            played.append(Counted)

    wanted = settings(
        max_examples=lives, stateful_step_count=steps, deadline=None, database=None, phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    with seeded_with(bug):
        try:
            run_state_machine_as_test(Counted, settings=wanted)
        except AssertionError as broken:
            return len(played), str(broken).splitlines()[0]
    return len(played), ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lives", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    missed = 0
    for bug in [each for each in BUGS if not args.names or each.__name__ in args.names]:
        played, rule = found(bug, lives=args.lives, seed=args.seed)
        missed += not rule
        print(f"| {bug.__name__.replace('_', ' ')} | {played} | {rule or 'not found'} |", flush=True)
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
