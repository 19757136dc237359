"""Several learners at once: what would be done is shown first, and then done for each as for one alone."""

from __future__ import annotations

import re

from sqlalchemy import select

from bot.store.records import AuditRow
from bot.store.stays import ItemState, StayRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, send
from tests.web.desk.test_board import crowd


def hidden(page: str, name: str) -> str:
    return str(re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', page)[-1])


async def three(begin: Begin) -> tuple[Journey, str]:
    """Two who can be written to, and one who has no address."""
    journey = begin()
    await journey.enrol("lina", "noemie")
    await journey.do(crowd, 1)
    stays = [journey.stay(ref) for ref in ("lina", "noemie", "more-0")]
    return journey, "&".join(f"stay={stay}" for stay in stays)


async def test_words_go_to_each_alone_and_to_whom_they_cannot_is_said(begin: Begin, visit: Visit) -> None:
    journey, stays = await three(begin)
    nadia = await visit(journey, "nadia")
    page = await nadia.get(f"/together?{stays}&do=write")
    fields = {name: hidden(page.text, name) for name in ("do", "stays", "version", "form")}
    for ref in ("lina", "noemie"):
        journey.heard(ref)

    first = await send(nadia, "/together", words="The bus leaves at 7.", **fields)
    await send(nadia, "/together", words="The bus leaves at 7.", **fields)
    await journey.settle()

    assert "2 learners are concerned" in plain(page)
    assert "Alex Number 0 cannot be written to now" in plain(page)
    assert "Done for 2 learners." in plain(first)
    for ref in ("lina", "noemie"):
        (said,) = journey.heard(ref)
        assert "The bus leaves at 7." in said


async def test_dates_and_ends_are_foreseen_and_what_changed_meanwhile_is_shown_instead(
    begin: Begin, visit: Visit
) -> None:
    journey, stays = await three(begin)
    nadia = await visit(journey, "nadia")
    page = await nadia.get(f"/together?{stays}&do=move&what=extension&day=2027-04-02")
    refused = plain(await nadia.get(f"/together?{stays}&do=move&what=extension&day=2020-01-01"))
    fields = {name: hidden(page.text, name) for name in ("do", "stays", "version", "what", "day")}
    stale = await send(nadia, "/together", **{**fields, "day": "2027-04-03"})
    before = journey.ask(select(StayRow.back))
    done = await send(nadia, "/together", **fields)

    assert "3 learners are concerned" in plain(page)
    assert "0 learners are concerned" in refused
    assert "nothing has been applied yet" in plain(stale)
    assert "2027-04-02" not in str(before)
    assert "Done for 3 learners." in plain(done)
    assert {str(back) for (back,) in journey.ask(select(StayRow.back).where(StayRow.class_name.is_not(None)))} >= {
        "2027-04-02"
    }
    gone = await nadia.get(f"/together?{stays}&do=end&what=withdrawn")
    fields = {name: hidden(gone.text, name) for name in ("do", "stays", "version", "what")}
    assert "Done for 3 learners." in plain(await send(nadia, "/together", **fields))
    assert journey.ask(select(AuditRow.id).where(AuditRow.action == "change")) != []


async def test_one_item_is_ticked_for_those_whose_it_is(begin: Begin, visit: Visit) -> None:
    journey, stays = await three(begin)
    nadia = await visit(journey, "nadia")
    page = await nadia.get(f"/together?{stays}&do=tick&item=ehic")
    fields = {name: hidden(page.text, name) for name in ("do", "stays", "version", "item")}
    await send(nadia, "/together", **fields)
    again = plain(await nadia.get(f"/together?{stays}&do=tick&item=ehic"))

    ticked = journey.ask(select(ItemState.item).where(ItemState.state == "done"))
    assert len(ticked) == len(re.findall("✓", plain(page).partition("concerned")[2].partition("left out")[0]))
    assert "ticked already" in again


async def test_another_school_and_an_office_can_do_nothing(begin: Begin, visit: Visit) -> None:
    journey, stays = await three(begin)
    for ref, words in (("yann", "Nobody is ticked."), ("pascale", "not yours to do")):
        visitor = await visit(journey, ref)
        page = plain(await visitor.get(f"/together?{stays}&do=write"))
        assert words in page
        tried = await send(visitor, "/together", do="end", stays="1 2 3", version="0", what="withdrawn")
        assert "Done for" not in plain(tried)
    assert [ended for (ended,) in journey.ask(select(StayRow.ended))] == [None] * len(journey.ask(select(StayRow.id)))


async def test_what_is_chosen_to_be_invited_goes_to_the_page_of_invitations(begin: Begin, visit: Visit) -> None:
    journey, stays = await three(begin)
    nadia = await visit(journey, "nadia")
    went = await nadia.get(f"/together?{stays}&do=invite")
    listed = plain(await nadia.get("/together?of=list&class=&show="))

    assert went.headers["location"] == f"/desk/invitations?stays={stays.replace('stay=', '').replace('&', '+')}"
    assert "Lina Haddouche" in listed
