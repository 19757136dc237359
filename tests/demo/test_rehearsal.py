"""One's own class rehearsed from the desk: what goes into it, what it is kept from, and a day with an open SOS."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update

from bot.commands.run import site
from bot.demo.own_class import invented_script, script_of
from bot.demo.rehearsals import Rehearsals
from bot.demo.rehearsing import STAGE
from bot.demo.world import Script
from bot.domain.person import age_on
from bot.domain.roster.headers import NO_COLUMNS
from bot.store.db import Tx
from bot.store.messages import OutboxRow
from bot.store.people import Person, School
from bot.store.stays import StayRow
from bot.web.chat import WebChannel
from tests.journeys.conftest import Begin, begin, small_programme
from tests.journeys.driver import Journey
from tests.journeys.people import OMBELLE, VALMER
from tests.web.desk.conftest import URL, code_for, plain, seal, send

__all__ = ["begin", "small_programme"]


class Desks:
    """The whole site of a journey, and browsers at its desk."""

    def __init__(self, journey: Journey, folder: Path) -> None:
        self.journey = journey
        self.rehearsals = Rehearsals(folder, path=STAGE, base_url=URL)
        self.site = site(journey.app, WebChannel(), URL, "x", NO_COLUMNS, rehearsals=self.rehearsals)

    async def sign_in(self, ref: str) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.site)
        headers = {"origin": URL, "accept-language": "en"}
        browser = httpx.AsyncClient(transport=transport, base_url=f"{URL}/desk", headers=headers, timeout=60)
        code = await self.journey.db.transact(code_for, ref)
        await browser.get(f"/in/{code}")
        await browser.post(f"/in/{code}")
        return browser


@pytest.fixture
async def desks(begin: Begin, tmp_path: Path) -> AsyncIterator[Desks]:
    """Lina and Noémie travel for one school, Jules for another; Lina has cried for help, for real."""
    journey = begin()
    await journey.gather("lina", "noemie", "jules")
    await journey.say("lina", "SOS")
    here = Desks(journey, tmp_path / "rehearsals")
    yield here
    await here.rehearsals.close()


def with_contacts(tx: Tx) -> None:
    tx.rows.execute(update(Person).where(Person.ref == "noemie").values(ref="2026/17 é"))
    tx.rows.execute(update(Person).values(email="someone@example.org", phone="+33639980099"))
    tx.rows.execute(
        update(StayRow).values(tutor_name="Uwe", tutor_email="uwe@example.org", teacher_phone="+33639980098")
    )


async def test_names_places_and_dates_are_rehearsed_and_nothing_else_of_anybody(desks: Desks) -> None:
    def read(tx: Tx) -> Any:
        with_contacts(tx)
        return script_of(
            tx, list(tx.rows.scalars(select(StayRow).where(StayRow.school.has(ref="valmer")).order_by(StayRow.id)))
        )

    script = await desks.journey.db.transact(read)

    assert [(row.reference, row.city, row.departure.isoformat()) for row in script.rows] == [
        ("lina", "Leipzig", "2027-03-06"),
        ("r3", "Bergen", "2027-03-06"),  # her own reference could stand in no address
    ]
    assert [age_on(row.birth, row.departure) for row in script.rows] == [16, 20]  # of age or not, and no birthday
    assert not re.search("example.org|33639|Uwe", repr((script.rows, script.team)))
    assert {member.ref for member in script.team.people} == {"helene", "nadia", "luc", "cathy", "pascale"}
    assert script.start.isoformat() == "2027-02-20T07:00:00+00:00"


async def test_a_school_without_a_class_rehearses_with_six_of_nobody(desks: Desks) -> None:
    def read(tx: Tx) -> Script:
        return invented_script(tx, tx.rows.scalars(select(School).where(School.ref == OMBELLE)).one())

    script = await desks.journey.db.transact(read)

    assert {(row.school, row.departure.isoformat(), row.minor) for row in script.rows} == {
        (OMBELLE, "2027-03-13", False)
    }
    assert (len(script.rows), script.start.isoformat()) == (6, "2027-02-27T07:00:00+00:00")
    assert {member.ref for member in script.team.people} == {"helene", "yann", "thierry"}


async def test_a_day_with_an_open_sos_is_rehearsed_apart_from_everything(desks: Desks) -> None:
    nadia = await desks.sign_in("nadia")
    count = select(func.count()).select_from(OutboxRow)
    before = desks.journey.ask(count)
    begun = await send(
        nadia, "/rehearsal", **{"class": re.findall(r'value="(\d+ )"', (await nadia.get("/rehearsal")).text)[0]}
    )
    assert begun.headers.get("location") == "/desk/rehearsal/play/", plain(begun)

    # The stage: marked, with the names of the class, and with none of what really happened to them.
    page = await nadia.get("/rehearsal/play/")
    assert "Rehearsal with your own class" in page.text
    assert re.findall(r'<option value="(\w+)"', page.text)[:2] == ["lina", "noemie"]
    phone = await nadia.get("/rehearsal/play/phone/lina/")
    assert "SOS" not in plain(await nadia.get("/rehearsal/play/desk/nadia/"))

    # A cry on the phone, and a day in which nobody takes it.
    said = {"seal": seal(phone), "nonce": "once", "text": "SOS"}
    assert (await nadia.post("/rehearsal/play/phone/lina/say", data=said)).status_code == 303
    assert (await nadia.post("/rehearsal/play/voice", data={"part": "adult", "voice": "nobody"})).status_code == 303
    board = "/desk/rehearsal/play/board/nadia/"
    moved = await nadia.post("/rehearsal/play/leap", data={"where": "day", "back": board})
    assert moved.headers["location"] == board
    shown = await nadia.get("/rehearsal/play/board/nadia/")
    assert plain(shown).startswith("Rehearsal · Nadia Ferhaoui · Sunday 21 February 2027 08:00 Next event")
    assert 'href="/desk/rehearsal/play/board/nadia/cases/1"' in shown.text

    # Others are shown nothing of it, and the installation knows nothing of it.
    luc = await desks.sign_in("luc")
    assert (await luc.get("/rehearsal/play/")).status_code == 404
    assert desks.journey.ask(count) == before
    left = list(desks.rehearsals.folder.iterdir())
    await send(nadia, "/rehearsal", do="end")
    assert (len(left), list(desks.rehearsals.folder.iterdir())) == (1, [])
    assert (await nadia.get("/rehearsal/play/")).status_code == 404


async def test_who_may_rehearse_with_whom(desks: Desks, monkeypatch: pytest.MonkeyPatch) -> None:
    pascale, yann = await desks.sign_in("pascale"), await desks.sign_in("yann")

    assert "Nobody at the moment." in plain(await pascale.get("/rehearsal"))
    assert re.findall(r"<option .*?>(.*?)<", (await yann.get("/rehearsal")).text) == [
        "EPL d&#39;Ombelle (1)",
        "an invented class · EPL d&#39;Ombelle (6)",
    ]
    valmer, ombelle = (desks.journey.ask(select(School.id).where(School.ref == ref))[0][0] for ref in (VALMER, OMBELLE))
    foreign = await send(yann, "/rehearsal", **{"class": f"{valmer} "})
    assert "There is nobody in this class to rehearse with." in plain(foreign)
    monkeypatch.setattr(Rehearsals, "full", True)
    full = await send(yann, "/rehearsal", **{"class": f"{ombelle} "})
    assert "Others are rehearsing just now." in plain(full)
