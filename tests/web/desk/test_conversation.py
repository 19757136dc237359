"""The conversation of a learner on the desk: as they see it, and no more than the reader may know."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from bot.domain.level import Level
from bot.handlers.case import relay
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.desk import conversation
from bot.store.db import Tx
from bot.store.messages import InboxRow
from bot.store.people import by_ref
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from bot.web.chat.history import Bubble
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrival_missing, check_in_asked
from tests.web.desk.conftest import Visit, plain, send
from tests.web.desk.test_walls import answer_check_in_but_note

OWN, UNREAD, ASKED, TO_NADIA, NOT_WELL = (
    "I saw a whale",
    "Blue doors hum along seven",
    "Where is my ticket?",
    "Only between us",
    "Six weeks are long",
)


@scene
async def talked(journey: Journey) -> None:
    """Lina has answered, asked, written into the void, kept Luc out, written to Nadia alone, and cried to the ladder."""
    await check_in_asked(journey)
    await journey.say("lina", f"{UNREAD} while a question stands")
    await journey.do(wrote_to, "lina", "Your ticket is on its way")
    await journey.settle()
    await journey.say("lina", TO_NADIA)
    await answer_check_in_but_note(journey)
    await journey.say("lina", OWN)
    await journey.say("lina", UNREAD)
    await journey.say("lina", f"/question {ASKED}")
    await journey.say("lina", "/except")
    await journey.press("lina", "Luc Perrichon")


def wrote_to(tx: Tx, ref: str, words: str) -> None:
    nadia, learner = by_ref(tx.rows, "nadia"), by_ref(tx.rows, ref)
    assert nadia is not None
    assert learner is not None
    stay = tx.rows.scalars(select(StayRow).where(StayRow.person_id == learner.id)).one()
    relay.write(tx, nadia, stay, words)


def cried(tx: Tx, stay: int, said: str) -> None:
    """What they wrote is what a case is about, of which the head of the school is not told."""
    [row] = [each for each in tx.rows.scalars(select(InboxRow)) if each.shown == said]
    open_case = open_matter(tx, tx.rows.get_one(StayRow, stay), Matter(Level.FOLLOW_UP, "distress", inbox=row.id))
    open_case.closed_at, open_case.reason = tx.now, "over"


async def test_what_they_know_adults_read_stands_there_and_own_words_for_a_reason(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await talked(journey)
    nadia, cathy = await visit(journey, "nadia"), await visit(journey, "cathy")
    path = f"/learners/{journey.stay('lina')}/conversation"

    looked, learner = await nadia.get(path), await nadia.get(path.removesuffix("/conversation"))
    words, refused = await send(nadia, path, why="case"), await send(nadia, path, why="curious")
    for_cathy = plain(await send(cathy, path, why="talk"))

    said = [OWN, UNREAD, ASKED, TO_NADIA, "Luc Perrichon"]
    assert f'href="/desk{path}#latest"' in learner.text
    assert [each for each in said if each in looked.text] == []
    assert looked.text.count("<em>own words</em>") == 3
    assert "✔ 😐 So-so" in looked.text
    assert [each for each in said if each in plain(words)] == [OWN, ASKED, TO_NADIA]
    assert [each for each in said if each in for_cathy] == [OWN, ASKED]
    assert ("Your ticket is on its way" in plain(words), "Your ticket is on its way" in for_cathy) == (True, False)
    assert refused.status_code == 404
    noted = journey.ask(select(AuditRow.action, AuditRow.detail).where(AuditRow.target == f"stay {journey.stay('lina')}", AuditRow.action.like("read%")))  # fmt: skip
    assert noted == [("read answers", {})] * 2 + [("read words", {"why": "case"}), ("read words", {"why": "talk"})]
    assert (await (await visit(journey, "luc")).get(path)).status_code == 404


async def test_a_cry_is_read_by_those_only_who_may_know_of_it(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await check_in_asked(journey)
    await answer_check_in_but_note(journey)
    await journey.say("lina", NOT_WELL)
    stay = journey.stay("lina")
    await journey.do(cried, stay, NOT_WELL)
    path, (number,) = (
        f"/learners/{stay}/conversation",
        journey.ask(select(SessionRow.id).order_by(SessionRow.id.desc()))[0],
    )
    form = {"session": str(number), "step": "note", "why": "case"}
    nadia, cathy = await visit(journey, "nadia"), await visit(journey, "cathy")

    pages = [(await send(each, path, why="case")).text for each in (nadia, cathy)]
    answers = [(await send(each, f"/learners/{stay}/words", **form)).status_code for each in (nadia, cathy)]

    assert [NOT_WELL in page for page in pages] == [True, False]
    assert "<em>own words</em>" not in pages[1]
    assert answers == [200, 404]


def said_on(page: str) -> list[tuple[str, str]]:
    """Who said what, without what was said to a choice: that stands with the press where both are on one page."""
    return re.findall(r'<li class="(them|me)[^>]*>.*?<p class="bubble"[^>]*>(.*?)</p>', page, re.DOTALL)


async def test_it_is_paged_and_the_latest_page_comes_first(
    begin: Begin, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    journey = begin()
    await talked(journey)
    monkeypatch.setattr(conversation, "PAGE", 5)
    nadia, path = await visit(journey, "nadia"), f"/learners/{journey.stay('lina')}/conversation"

    pages, asked = [], path
    while asked:
        page = await nadia.get(asked)
        pages.append(said_on(page.text))
        found = re.findall(rf'href="/desk({path}\?before=\d+)#latest"', page.text)
        asked = found[0] if found else ""
    monkeypatch.setattr(conversation, "PAGE", 500)
    whole = said_on((await nadia.get(path)).text)

    assert len(pages) > 3
    assert [line for page in reversed(pages) for line in page] == whole
    assert (await nadia.get(f"{path}?before=x")).status_code == 200


def test_what_is_said_begins_where_its_language_does() -> None:
    def dir_of(language: str) -> str:
        return Bubble("o1", "them", datetime(2027, 3, 1, tzinfo=UTC), "", "🆘 …", language).dir

    assert [dir_of(each) for each in ("ar", "fr", "")] == ["rtl", "ltr", "auto"]


async def test_the_history_tells_what_happened_when_it_did(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    await journey.say("lina", "SOS")
    await journey.until("2027-03-07 14:00")
    await journey.press("lina", "yes")
    page = await (await visit(journey, "nadia")).get(f"/learners/{journey.stay('lina')}")

    past = page.text[page.text.index("What has happened") :]
    lines = [" ".join(re.sub(r"<[^>]+>", " ", each).split()) for each in re.findall(r"<li>(.*?)</li>", past, re.DOTALL)]

    assert lines[:4] == [
        "14:00 in Leipzig ● Arrival · answered",
        "13:45 in Leipzig ▲ The case becomes graver: Right now.",
        "09:30 in Leipzig ▲ Case opened: Today",
        "Sat 6 Mar 20:00 in Leipzig ○ Arrival · asked",
    ]
