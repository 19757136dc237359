"""What adults tick: grouped by item, ticked off where the list stands, never sent again."""

from __future__ import annotations

from sqlalchemy import select

from bot.handlers.say.marks import set_item
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import ItemState, StayRow
from tests.journeys.on_telegram import Telegraph

CARD = "European Health Insurance Card (EHIC)"


def declared(tx: Tx, *refs: str) -> None:
    """They say that they have their card."""
    wanted = select(StayRow).join(Person, Person.id == StayRow.person_id).where(Person.ref.in_(refs))
    for stay in tx.rows.scalars(wanted):
        set_item(tx, stay, "ehic", "declared", None, None)


def done(bot: Telegraph) -> list[str]:
    return [
        item for (item,) in bot.ask(select(ItemState.item).where(ItemState.state == "done").order_by(ItemState.item))
    ]


async def test_an_item_is_one_line_and_one_press_for_all_its_learners(bot: Telegraph) -> None:
    await bot.join("nadia")
    await bot.do(declared, "lina", "noemie")
    await bot.say("nadia", "/tasks")
    shown = bot.phones["nadia"].chat.messages[-1]

    assert shown.text.splitlines()[-1] == f"{CARD}: Lina H. and Noémie A."
    await bot.press("nadia", f"✓ {CARD}: 2 learners")

    assert done(bot) == ["ehic", "ehic"]
    assert bot.phones["nadia"].chat.messages[-1] is shown, "no list is sent again"
    assert shown.text.splitlines()[-1] == f"✔ {CARD}: 2 learners"
    assert f"✓ {CARD}: 2 learners" not in shown.buttons
    assert "One by one…" in shown.buttons


async def test_a_list_is_ticked_off_in_its_place(bot: Telegraph) -> None:
    """What stands lower keeps its button; the button that has gone, pressed once more from an old copy, does nothing."""
    await bot.join("nadia")
    await bot.do(declared, "lina", "noemie")
    await bot.say("nadia", "/tasks")
    await bot.press("nadia", "One by one…")
    shown = bot.phones["nadia"].chat.messages[-1]
    before, first, second = list(shown.buttons), shown.buttons[0], shown.buttons[-1]
    await bot.press("nadia", first)
    bot.phones["nadia"].presses_old(shown, first)
    await bot.settle()
    await bot.press("nadia", second)

    assert done(bot) == ["ehic", "visa_long_in"]
    assert bot.phones["nadia"].chat.messages[-1] is shown, "no list is sent again"
    assert shown.text.splitlines()[1:] == [f"✔ {first.removeprefix('✓ ')}", f"✔ {second.removeprefix('✓ ')}"]
    assert shown.buttons == before[1:-1]
