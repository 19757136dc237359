"""What may be published stands on one page, and the draft for the press holds nothing that nobody agreed to."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.deadlines import Sort
from bot.store.deadlines import Deadline
from bot.store.testimonies import Testimony as Told
from tests.handlers.conversation.test_testimony import WORDS, agree
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send

NOTE = "/publications/note?school={school}&day=2027-03-06&country=DE&city=Leipzig"


async def test_a_note_quotes_whoever_agreed_and_nobody_who_took_it_back(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina", "noemie")
    await agree(journey, "lina")
    await agree(journey, "noemie", "At school only: its own pages, open days")
    nadia, pascale, yann = [await visit(journey, ref) for ref in ("nadia", "pascale", "yann")]
    number = journey.ask(select(Told.id).order_by(Told.id))[0][0]
    page = await nadia.get("/publications")
    note = NOTE.format(school=_school(page.text))

    assert f"Lina , Leipzig {WORDS} At school, in the press and on the radio · until" in plain(page)
    assert "Under 18: shown nowhere before the parents have signed too." in plain(page)
    assert (await pascale.get("/publications")).status_code == 404
    assert "Lina" not in plain(await yann.get("/publications"))
    assert (await yann.get(note)).status_code == 404
    draft = plain(await nadia.get(note))
    assert "Lycée Valmer : cap sur Leipzig avec Erasmus+ Le 6 mars 2027, des jeunes de l'établissement Lycée Valmer partent pour Leipzig (Allemagne)." in draft  # fmt: skip
    assert "Deutsch Lycée Valmer" in draft, "one learner is no number, and the host reads it in their language"
    assert WORDS not in draft

    assert (await send(yann, f"/publications/{number}", act="signed")).status_code == 404
    assert (await send(nadia, f"/publications/{number}", act="signed")).headers["location"].endswith("said=changed")
    draft = plain(await nadia.get(note))
    assert f"Lina, de retour de Leipzig : « {WORDS} »" in draft
    assert "Haddouche" not in draft
    assert "Noémie" not in draft, "hers is for the school alone"
    await journey.say("lina", "/testimony")
    await journey.press("lina", "Take it back")
    assert WORDS not in plain(await nadia.get(note))


async def test_a_year_of_publications_is_written_once_and_counted(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia, pascale = await visit(journey, "nadia"), await visit(journey, "pascale")

    assert (await send(pascale, "/publications/year")).status_code == 404
    assert (await send(nadia, "/publications/year")).headers["location"] == "/desk/dates?said=changed"
    assert (await send(nadia, "/publications/year")).headers["location"] == "/desk/dates?said=nothing"

    sorts = [sort for (sort,) in journey.ask(select(Deadline.sort))]
    assert {sort: sorts.count(sort) for sort in set(sorts)} == {
        Sort.POST: 12, Sort.RADIO: 1, Sort.ERASMUS_DAYS: 1, Sort.OPEN_DAY: 1, Sort.TALK: 1
    }  # fmt: skip
    assert "Post on the school's own pages: 0/12" in plain(await nadia.get("/publications"))


def _school(page: str) -> str:
    """The number of the school in the address of the first draft."""
    return page.partition("note?school=")[2].partition("&")[0]
