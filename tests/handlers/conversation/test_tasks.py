"""What adults tick: grouped by item, ticked off where the list stands, never sent again."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.messages import Offer
from bot.handlers.conversation.tasks import SHOWN
from bot.handlers.say.marks import set_item
from bot.handlers.say.post import tell
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


async def test_an_item_is_one_line_and_each_of_its_papers_one_press(bot: Telegraph) -> None:
    """Nobody ticks eight papers with one press: each was to be seen."""
    await bot.join("nadia")
    await bot.do(declared, "lina", "noemie")
    await bot.say("nadia", "/tasks")
    await bot.press("nadia", "3 more")
    shown = bot.phones["nadia"].chat.messages[-1]
    assert f"{CARD}: Lina H. and Noémie A." in shown.text.splitlines()

    await bot.press("nadia", f"{CARD}: 2 learners")
    papers = bot.phones["nadia"].chat.messages[-1]
    assert papers.buttons == [f"✓ {CARD} · Lina H.", f"✓ {CARD} · Noémie A."]
    await bot.press("nadia", papers.buttons[0])
    bot.phones["nadia"].presses_old(papers, f"✓ {CARD} · Lina H.")
    await bot.settle()
    assert done(bot) == ["ehic"]
    await bot.press("nadia", papers.buttons[-1])

    assert done(bot) == ["ehic", "ehic"]
    assert bot.phones["nadia"].chat.messages[-1] is papers, "no list is sent again"
    assert papers.text.splitlines()[-2:] == [f"✔ {CARD} · Lina H.", f"✔ {CARD} · Noémie A."]
    assert papers.buttons == []


async def test_a_button_of_an_older_list_that_ticked_all_shows_them_one_by_one(bot: Telegraph) -> None:
    def as_before(tx: Tx) -> None:
        nadia = tx.rows.scalars(select(Person).where(Person.ref == "nadia")).one()
        stays = list(tx.rows.scalars(select(StayRow.id).join(Person).where(Person.ref.in_(("lina", "noemie")))))
        tell(tx, nadia, "To tick", None, Offer("All", {"do": "tick", "stays": stays, "items": ["ehic"]}))

    await bot.join("nadia")
    await bot.do(declared, "lina", "noemie")
    await bot.do(as_before)
    await bot.press("nadia", "All")

    assert done(bot) == []
    assert bot.phones["nadia"].chat.messages[-1].buttons == [f"✓ {CARD} · Lina H.", f"✓ {CARD} · Noémie A."]


async def test_a_long_list_is_its_most_urgent_part_and_a_button(bot: Telegraph) -> None:
    def many(tx: Tx) -> None:
        lina = tx.rows.scalars(select(StayRow).join(Person).where(Person.ref == "lina")).one()
        for item in ("identity", "ehic", "exit_permit", "housing", "insurance", "parental_consent", "grant_agreement"):
            set_item(tx, lina, item, "declared", None, None)

    await bot.join("nadia")
    await bot.do(many)
    await bot.say("nadia", "/tasks")
    first = bot.phones["nadia"].chat.messages[-1]
    assert len(first.text.splitlines()) == 1 + SHOWN
    await bot.press("nadia", first.buttons[-1])
    rest = bot.phones["nadia"].chat.messages[-1]

    assert first.buttons[-1] == f"{len(rest.text.splitlines()) - 1} more"
    titles = [line.rpartition(":")[0] for line in (*first.text.splitlines()[1:], *rest.text.splitlines()[1:])]
    assert len(titles) == len(set(titles)) >= 7
