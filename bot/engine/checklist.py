"""Steps built from an item of the checklist: what each of its answers leads to."""

from __future__ import annotations

from datetime import timedelta

from bot.domain.level import Level
from bot.domain.programme import Item, ItemChoice, Means, Proof
from bot.engine.drill import drill_steps
from bot.engine.effect import Answers, Effect, Facts, OpenCase, Rule, SetItem, always
from bot.engine.step import END, Choice, Choose, Say, Step, Upload
from bot.i18n import Text, _

PATIENCE = timedelta(hours=20)
"""An item that is not answered lets the others pass; its next reminder asks again."""


def item_steps(item: Item, question: Text, replies: dict[Means, Text]) -> tuple[Step, ...]:
    """One question, and a reply for each of its choices. Silence says nothing: the plan reminds."""
    choices = tuple(Choice(choice.id, choice.label, f"told_{choice.id}") for choice in item.choices)
    asked = Choose(
        "state", question, choices, wait=PATIENCE, silence=END, variants=tuple(each.text for each in item.again)
    )
    if item.drill:
        return (asked, *(_tries(item, choice, replies) for choice in item.choices), *drill_steps(item))
    if not wants_file(item):
        return (asked, *(_told(item, choice, replies) for choice in item.choices))
    told = (
        _has_it(item, choice) if choice.means is Means.DONE else _told(item, choice, replies) for choice in item.choices
    )
    return (asked, *told, *_upload(item, replies))


def _tries(item: Item, choice: ItemChoice, replies: dict[Means, Text]) -> Say:
    """Who knows how to call for help tries it; the others hear what there is to know first, and are asked again."""
    if choice.means is Means.DONE:
        return Say(f"told_{choice.id}", choice.reply, "try", receipt=True)
    return _told(item, choice, replies)


def wants_file(item: Item) -> bool:
    """Whether a photo or a document is asked for once the learner has it."""
    return item.proof is Proof.FILE and any(choice.means is Means.DONE for choice in item.choices)


def _has_it(item: Item, choice: ItemChoice) -> Say:
    """What the school wrote for this answer, or nothing: what counts is the file that is asked for next."""
    opened = (always(OpenCase(choice.level, item.id, choice.id)),) if choice.level.rank else ()
    return Say(f"told_{choice.id}", choice.reply, "proof", opened, choice.level.rank <= Level.FOLLOW_UP.rank)


def _upload(item: Item, replies: dict[Means, Text]) -> tuple[Step, ...]:
    """The file, or the wish to show it instead. Silence says nothing: the next reminder asks again."""

    def declared(facts: Facts, answers: Answers) -> Effect:
        return SetItem(item.id, "declared", answers["state"])

    asked = _("Send me a photo of it, or a PDF. Only {coordinator} sees it.")
    thanks = _("Thank you! {coordinator} looks at it, then ticks it off.")
    show = Choice("show", _("I'd rather show it"), "shown")
    return (
        Upload("proof", asked, "sent", show, wait=PATIENCE, silence=END),
        Say("shown", replies[Means.DONE], END, (declared,), receipt=True),
        Say("sent", thanks, END, (declared,)),
    )


def _told(item: Item, choice: ItemChoice, replies: dict[Means, Text]) -> Say:
    text = choice.reply or (item.help if choice.means is Means.HELP else None) or replies[choice.means]
    receipt = choice.means is not Means.HELP and choice.level.rank <= Level.FOLLOW_UP.rank
    return Say(f"told_{choice.id}", text, END, tuple(_effects(item, choice)), receipt)


def _effects(item: Item, choice: ItemChoice) -> list[Rule]:
    moved: list[Effect] = [SetItem(item.id, state_after(item, choice.means), choice.id)]
    moved += [SetItem(other, state_of(means), choice.id) for other, means in choice.also.items()]
    if choice.level.rank:
        moved.append(OpenCase(choice.level, item.id, choice.id))
    return [always(effect) for effect in moved]


def state_after(item: Item, means: Means) -> str:
    """Where an item stands after such an answer: an adult's look is still needed where the proof asks for one."""
    return state_of(means, item.proof)


def state_of(means: Means, proof: Proof = Proof.DECLARED) -> str:
    """Where an item of such a proof stands."""
    if means is Means.DONE:
        return "done" if proof is Proof.DECLARED else "declared"
    return {Means.NO: "done", Means.HANDED: "handed"}.get(means, "doing")


def default_replies(item: Item) -> dict[Means, Text]:
    """What is answered where the school wrote nothing."""
    done = {
        Proof.DECLARED: _("Noted, thank you!"),
        Proof.SYSTEM: _("Noted, thank you. {coordinator} looks it up, then ticks it off."),
    }
    return {
        Means.DONE: done.get(item.proof, _("Noted. Show it to {coordinator}, who ticks it off.")),
        Means.DOING: _("All right. I'll ask you again later."),
        Means.HELP: _("That's fine, nobody knows everything. {coordinator} can show you how. I'll ask you again in a few days."),
        Means.NO: _("All right, I have noted it."),
        Means.HANDED: _("Thank you. {coordinator} takes care of it; there is nothing more for you to do."),
    }  # fmt: skip
