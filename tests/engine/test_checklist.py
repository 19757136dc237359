"""What each answer to an item leads to, by its meaning and its proof."""

from __future__ import annotations

import pytest

from bot.domain.level import Level
from bot.domain.offset import parse_offset
from bot.domain.programme import Item, ItemChoice, Means, Proof
from bot.engine.advance import Begin, Press, Session, Silence, Turn, advance
from bot.engine.checklist import PATIENCE, default_replies, item_steps, state_after
from bot.engine.effect import Effect, OpenCase, SetItem
from bot.engine.flow import Flow

CHOICES = (
    ItemChoice(id="have", label="I have it", means=Means.DONE),
    ItemChoice(id="soon", label="Soon", means=Means.DOING, reply="Good."),
    ItemChoice(id="how", label="How?", means=Means.HELP),
    ItemChoice(id="no", label="No", means=Means.NO),
    ItemChoice(id="adult", label="Ask an adult", means=Means.HANDED, level=Level.FOLLOW_UP),
)
CARD = Item(id="card", title="Card", due=parse_offset("J-21"), help="One, two, three.", choices=CHOICES)


def flow(item: Item) -> Flow:
    return Flow("item", item_steps(item, item.title, default_replies(item)))


@pytest.mark.parametrize(
    ("choice", "effects"),
    [
        ("have", (SetItem("card", "done", "have"),)),
        ("soon", (SetItem("card", "doing", "soon"),)),
        ("how", (SetItem("card", "doing", "how"),)),
        ("no", (SetItem("card", "done", "no"),)),
        ("adult", (SetItem("card", "handed", "adult"), OpenCase(Level.FOLLOW_UP, "card", "adult"))),
    ],
)
def test_each_answer_moves_the_item(choice: str, effects: tuple[Effect, ...]) -> None:
    asked = advance(flow(CARD), Session(), Begin())
    assert asked == Turn(Session(asked="state"), ("state",))
    answered = Session({}, {"state": choice})
    assert advance(flow(CARD), asked.session, Press("state", choice)) == Turn(answered, (f"told_{choice}",), effects)


def test_silence_says_nothing_because_the_plan_reminds() -> None:
    assert flow(CARD).question("state").wait == PATIENCE  # type: ignore[union-attr]
    silent = Session({}, {"state": None})
    assert advance(flow(CARD), Session(asked="state"), Silence("state")) == Turn(silent)
    late = advance(flow(CARD), silent, Press("state", "have"))
    assert (late.says, late.effects) == (("told_have",), (SetItem("card", "done", "have"),))


@pytest.mark.parametrize(
    ("proof", "means", "state"),
    [
        (Proof.DECLARED, Means.DONE, "done"),
        (Proof.CHECKED, Means.DONE, "declared"),
        (Proof.SYSTEM, Means.DONE, "declared"),
        (Proof.FILE, Means.DONE, "declared"),
        (Proof.CHECKED, Means.NO, "done"),
        (Proof.CHECKED, Means.HANDED, "handed"),
        (Proof.CHECKED, Means.DOING, "doing"),
        (Proof.DECLARED, Means.HELP, "doing"),
    ],
)
def test_what_needs_proof_is_declared_until_an_adult_has_seen_it(proof: Proof, means: Means, state: str) -> None:
    assert state_after(CARD.model_copy(update={"proof": proof}), means) == state


def test_the_reply_is_the_choices_own_then_the_help_then_the_usual_one() -> None:
    told = {step.id: getattr(step, "text", None) for step in flow(CARD).steps}
    usual = default_replies(CARD)
    assert (told["told_soon"], told["told_how"]) == ("Good.", "One, two, three.")
    assert (told["told_have"], told["told_no"], told["told_adult"]) == (
        usual[Means.DONE],
        usual[Means.NO],
        usual[Means.HANDED],
    )
    helpless = flow(CARD.model_copy(update={"help": None})).find("told_how")
    assert getattr(helpless, "text", None) == usual[Means.HELP]
