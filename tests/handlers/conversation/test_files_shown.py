"""Who sees a file: whoever ticks its item, at their school, now; on a channel that can show it; and every look is noted."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from bot.domain.messages import Letter
from bot.handlers.say.marks import set_item
from bot.handlers.say.post import NOT_YOURS
from bot.store.db import Tx
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from tests.handlers.conversation.hands import Hands, photo, stay_of
from tests.journeys.driver import cancel
from tests.journeys.people import dismiss

ELSEWHERE = "Files cannot be shown in this chat. Open Compagnon on Telegram or Matrix, and ask for it there."


async def handed(hands: Hands, *pages: bytes) -> None:
    """Lina sends pages of her agreement."""
    hands.ask("lina", "agreement")
    for place, page in enumerate(pages or (photo(),)):
        hands.send("lina", f"page-{place}", page, album="a1")
    await hands.collect()


def looks(hands: Hands) -> list[object]:
    return hands.rows(select(AuditRow.action, AuditRow.target).where(AuditRow.action == "look").order_by(AuditRow.id))


async def test_a_task_with_a_file_has_a_button_to_see_it(quick: Hands) -> None:
    await handed(quick)
    quick.tasks("nadia")
    (said,) = quick.heard("nadia")
    assert said.splitlines()[0] == "There is 1 thing to tick once you have seen it."
    assert said.endswith("Agreement: Lina H. [✓ Agreement · Lina H.] [See the file: Agreement · Lina H.]")


async def test_a_task_that_is_only_shown_has_none(quick: Hands) -> None:
    quick.ask("lina", "agreement")
    quick.press("lina", "state", "have")
    quick.press("lina", "proof", "show")
    quick.tasks("nadia")
    assert quick.heard("nadia")[0].endswith("Agreement: Lina H. [✓ Agreement · Lina H.]")


async def test_each_page_is_a_message_and_each_look_is_noted(quick: Hands) -> None:
    await handed(quick, photo("red", 40), photo("blue", 50))
    quick.look("nadia", 1)
    first, second = quick.carried("nadia")
    assert first is not None
    assert second is not None
    assert [first.text, second.text] == [
        "Agreement · Lina H., sent on 2 March 2026 (1/2).",
        "Agreement · Lina H., sent on 2 March 2026 (2/2).",
    ]
    assert [[button.label for button in each.buttons] for each in (first, second)] == [[], ["✓ Agreement · Lina H."]]
    assert first.file is not None
    assert second.file is not None
    assert [(each.file.name, each.file.mime) for each in (first, second) if each.file] == [
        ("agreement-1.jpg", "image/jpeg"),
        ("agreement-2.jpg", "image/jpeg"),
    ]
    assert [Image.open(io.BytesIO(file.content)).width for file in (first.file, second.file)] == [40, 50]
    assert looks(quick) == [("look", "proof 1"), ("look", "proof 2")]


@pytest.mark.parametrize("ref", ["yann", "pascale", "luc", "lina", "jules", "helene"])
async def test_nobody_else_sees_it(quick: Hands, ref: str) -> None:
    """Another school, finance, the deputy, the learner herself, another learner, the consortium's coordinator."""
    await handed(quick)
    quick.heard(ref)
    quick.look(ref, 1)
    assert (quick.heard(ref), looks(quick)) == ([NOT_YOURS], [])


def test_a_file_that_never_was_tells_nothing(quick: Hands) -> None:
    quick.look("nadia", 4711)
    assert (quick.heard("nadia"), looks(quick)) == ([NOT_YOURS], [])


async def test_the_right_to_see_it_is_checked_again_when_it_is_sent(quick: Hands) -> None:
    await handed(quick)
    quick.look("nadia", 1)
    quick.db.run(dismiss, "nadia")
    assert quick.carried("nadia") == [None]


async def test_of_a_stay_that_falls_through_nothing_is_shown(quick: Hands) -> None:
    await handed(quick)
    quick.look("nadia", 1)
    quick.db.run(lambda tx: cancel(tx, stay_of(tx, "lina").id))
    assert quick.carried("nadia") == [None]
    quick.heard("nadia")
    quick.look("nadia", 1)
    assert quick.heard("nadia") == [NOT_YOURS]


async def test_a_file_that_was_deleted_meanwhile_is_not_sent(quick: Hands) -> None:
    def delete(tx: Tx) -> None:
        tx.rows.delete(tx.rows.get_one(ProofRow, 1))

    await handed(quick)
    quick.look("nadia", 1)
    quick.db.run(delete)
    assert quick.carried("nadia") == [None]


async def test_a_chat_that_shows_no_files_gets_words_only(quick: Hands) -> None:
    await handed(quick)
    quick.look("nadia", 1)
    (sent,) = quick.carried("nadia", "web")
    assert sent is not None
    assert (sent.file, sent.text) == (None, f"Agreement · Lina H., sent on 2 March 2026 (1/1).\n{ELSEWHERE}")


async def test_a_file_whose_key_is_gone_is_said_to_be_lost(quick: Hands, keys_folder: Path) -> None:
    await handed(quick)
    next((keys_folder / "people").iterdir()).unlink()
    quick.look("nadia", 1)
    (sent,) = quick.carried("nadia")
    assert sent is not None
    assert (sent.file, sent.text.splitlines()[1]) == (None, "This file cannot be read any more.")


async def test_what_was_ticked_can_still_be_looked_at_until_its_end(quick: Hands) -> None:
    def tick(tx: Tx) -> None:
        set_item(tx, stay_of(tx, "lina"), "agreement", "done", None, None)

    await handed(quick)
    quick.db.run(tick)
    quick.look("nadia", 1)
    (sent,) = quick.carried("nadia")
    assert sent is not None
    assert sent.file is not None


def test_a_letter_remembers_its_file_and_no_letter_has_one_by_itself() -> None:
    with_file = Letter("See", file=3)
    assert (Letter.from_json(with_file.to_json()), "file" in Letter("See").to_json()) == (with_file, False)


async def test_one_by_one_each_file_has_its_button(quick: Hands) -> None:
    await handed(quick)
    quick.ask("lina", "timetable")
    quick.press("lina", "state", "have")
    quick.press("lina", "proof", "show")
    quick.tasks("nadia")
    by_item = "[✓ Agreement · Lina H.] [✓ Timetable · Lina H.] [See the file: Agreement · Lina H.]"
    assert quick.heard("nadia")[0].endswith(by_item)
