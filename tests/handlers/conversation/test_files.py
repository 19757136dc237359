"""Which question a file answers, and what is said where it answers none."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.domain.proof import MOST
from bot.handlers.say.marks import set_item
from bot.store.db import Tx
from bot.store.proofs import ProofRow
from bot.store.stays import ItemState
from tests.handlers.conversation.hands import Hands, photo, stay_of
from tests.journeys.driver import cancel

HAVE = "Agreement [I have it] [On its way] [I don't know how]"
SEND = "Send me a photo of it, or a PDF. Only Nadia Ferhaoui sees it. [I'd rather show it]"
THANKS = "Thank you! Nadia Ferhaoui looks at it, then ticks it off."
NO_PAPERS = "I keep no papers here: show it to Nadia Ferhaoui."
WANTED = ("agreement", "wanted", None)


def items(hands: Hands) -> list[object]:
    return hands.rows(select(ItemState.item, ItemState.state, ItemState.value).order_by(ItemState.item))


async def test_a_file_answers_the_question_that_stands(hands: Hands) -> None:
    hands.ask("lina", "agreement")
    hands.press("lina", "state", "have")
    assert hands.heard("lina") == [HAVE, SEND]
    hands.send("lina", "photo-1", photo())
    assert (hands.heard("lina"), hands.proofs()) == ([], [(*WANTED, "photo-1")])
    assert await hands.collect() == 1
    assert (hands.heard("lina"), hands.proofs()) == ([THANKS], [("agreement", "kept", None, "")])
    assert hands.answers() == [(("state", "have"), ("proof", "file:1"))]
    assert items(hands) == [("agreement", "declared", "have")]


async def test_whoever_would_rather_show_it_need_not_send_it(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.press("lina", "state", "have")
    quick.press("lina", "proof", "show")
    assert quick.heard("lina") == [HAVE, SEND, "Noted. Show it to Nadia Ferhaoui, who ticks it off."]
    assert items(quick) == [("agreement", "declared", "have")]


@pytest.mark.parametrize("before", [(), (("state", "asked"),), (("state", "have"), ("proof", "show"))])
async def test_a_file_that_was_not_asked_for_yet_or_any_more_is_an_answer(
    quick: Hands, before: tuple[tuple[str, str], ...]
) -> None:
    quick.ask("lina", "agreement")
    for step, choice in before:
        quick.press("lina", step, choice)
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    await quick.collect(days=3)
    assert (quick.heard("lina"), items(quick)) == ([THANKS], [("agreement", "declared", "have")])


async def test_an_album_is_one_answer(hands: Hands) -> None:
    hands.ask("lina", "agreement")
    hands.ask("lina", "timetable")
    hands.heard("lina")
    hands.send("lina", "page-1", photo(), album="a1")
    await hands.collect()
    hands.send("lina", "page-2", photo("blue"), album="a1")
    hands.send("lina", "page-3", photo("green"), album="a1")
    assert await hands.collect() == 2
    timetable = "Timetable [I have it] [On its way] [I don't know how]"
    assert hands.heard("lina") == [THANKS, timetable]
    assert [(item, state) for item, state, _problem, _native in hands.proofs()] == [("agreement", "kept")] * 3


async def test_files_that_come_together_are_one_answer_even_without_an_album(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.ask("lina", "timetable")
    quick.send("lina", "page-1", photo())
    await quick.collect()
    quick.send("lina", "page-2", photo())
    await quick.collect(minutes=11)
    quick.send("lina", "page-3", photo())
    assert [item for item, *_rest in quick.proofs()] == ["agreement", "agreement", "timetable"]


async def test_a_question_that_asks_for_a_file_comes_before_what_was_just_sent(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.ask("lina", "timetable")
    quick.send("lina", "page-1", photo())
    await quick.collect()
    quick.press("lina", "state", "have")
    quick.send("lina", "page-2", photo())
    assert [item for item, *_rest in quick.proofs()] == ["agreement", "timetable"]


def test_without_a_question_no_paper_is_kept(quick: Hands) -> None:
    quick.send("lina", "photo-1", photo())
    assert (quick.heard("lina"), quick.proofs()) == ([NO_PAPERS], [])


def test_a_question_about_something_else_takes_no_file(quick: Hands) -> None:
    quick.ask("lina", "shown")
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    assert (quick.heard("lina"), quick.proofs()) == ([NO_PAPERS], [])


def test_an_adult_sends_nothing_here(quick: Hands) -> None:
    quick.send("nadia", "photo-1", photo())
    assert quick.heard("nadia") == ["I cannot take files here. A learner's papers stay in your school's own files."]


def test_what_an_adult_has_ticked_needs_no_file(quick: Hands) -> None:
    def tick(tx: Tx) -> None:
        set_item(tx, stay_of(tx, "lina"), "agreement", "done", None, 1)

    quick.ask("lina", "agreement")
    quick.press("lina", "state", "asked")
    quick.db.run(tick)
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    assert (quick.heard("lina"), quick.proofs()) == ([NO_PAPERS], [])


def test_a_stay_that_falls_through_takes_no_file(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.db.run(lambda tx: cancel(tx, stay_of(tx, "lina").id))
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    assert quick.proofs() == []
    assert len(quick.heard("lina")) == 1


def test_after_three_weeks_a_question_takes_no_file_any_more(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.press("lina", "state", "asked")
    quick.heard("lina")
    quick.clock.move_to(quick.clock.now().replace(month=3, day=25))
    quick.send("lina", "photo-1", photo())
    assert (quick.heard("lina"), quick.proofs()) == ([NO_PAPERS], [])


def test_without_keys_nothing_is_taken(quick: Hands) -> None:
    quick.db.keys = None
    quick.ask("lina", "agreement")
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    assert (quick.heard("lina"), quick.proofs()) == ([NO_PAPERS], [])


def test_a_cry_for_help_under_a_photo_is_heard_first(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.heard("lina")
    quick.send("lina", "photo-1", photo(), text="SOS")
    assert quick.proofs() == []
    assert "112" in quick.heard("lina")[0]
    assert len(quick.heard("luc")) == 2  # on each of his channels


@pytest.mark.parametrize(
    ("mime", "size", "problem", "said"),
    [
        ("video/mp4", 0, "kind", "I can keep a photo or a PDF, nothing else. Can you send it as one of these?"),
        (
            "image/jpeg", 20_000_001, "heavy",
            "This file is too heavy for me. A photo of the page is enough: send it as a photo, please.",
        ),
    ],
)  # fmt: skip
def test_what_is_refused_by_its_label_is_never_fetched(
    quick: Hands, mime: str, size: int, problem: str, said: str
) -> None:
    quick.ask("lina", "agreement")
    quick.press("lina", "state", "have")
    quick.heard("lina")
    quick.send("lina", "film", mime=mime, size=size)
    assert (quick.heard("lina"), quick.proofs()) == ([said, SEND], [("agreement", "refused", problem, "")])


def test_so_many_files_are_enough(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.heard("lina")
    for number in range(MOST + 1):
        quick.send("lina", f"page-{number}", photo())
    assert len(quick.proofs()) == MOST
    assert quick.heard("lina") == [
        "I have 10 files for this already: that is enough, thank you. Show the others to Nadia Ferhaoui."
    ]


def test_two_ways_to_a_file_are_for_the_learner_to_choose(quick: Hands) -> None:
    out = quick.db.programme.outgoing
    item = out.before[0]
    both = (item.choices[0], item.choices[0].model_copy(update={"id": "paper", "label": "On paper"}))
    two = out.model_copy(update={"before": (item.model_copy(update={"choices": both}),)})
    quick.db.programme = quick.db.programme.model_copy(update={"outgoing": two})
    quick.ask("lina", "agreement")
    quick.heard("lina")
    quick.send("lina", "photo-1", photo())
    assert quick.heard("lina") == [
        "Please choose one of the buttons first, then send me the file.",
        "Agreement [I have it] [On paper]",
    ]
    assert quick.rows(select(ProofRow.id)) == []
