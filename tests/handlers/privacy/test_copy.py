"""Everybody may take a copy of what is held about them, to read and for other programs; nothing of others is in it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select
from starlette.applications import Starlette

from bot.documents.personal_copy import zipped
from bot.domain.messages import Letter
from bot.handlers.privacy.copy import copy_of
from bot.handlers.say.own_page import own_page
from bot.handlers.say.post import post
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.keys import key_ring
from bot.store.messages import Lane, OutboxRow
from bot.store.records import AuditRow
from bot.web.visitors import Visitors
from tests.handlers.privacy.people import URL, at_home, keep_a_file, person
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.families import SONIA, family


def send_a_file(tx: Tx) -> None:
    keep_a_file(tx, person(tx, "lina"), b"%PDF-lina")


def name_a_classmate(tx: Tx) -> None:
    post(tx, person(tx, "lina").id, Letter("You share a room with Noémie Abadie."), Lane.ANSWER)
    case = tx.rows.scalars(select(CaseRow)).first()
    assert case is not None
    tx.rows.add(CaseEvent(case_id=case.id, at=tx.now, kind="note", detail={"words": "An adult's own note."}))


async def copied(journey: Journey, ref: str) -> tuple[dict[str, Any], str, dict[str, bytes]]:
    """The data, the page, and the files."""
    content = zipped(await journey.do(lambda tx: copy_of(tx, person(tx, ref), by="operator")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    return json.loads(files.pop("data.json")), files.pop("data.html").decode(), files


async def test_a_copy_is_whole_and_says_nothing_of_others(begin: Begin, tmp_path: Path) -> None:
    journey = await family(begin, "lina", "noemie", agree=(SONIA,))
    journey.db.keys = key_ring(tmp_path / "keys")
    await journey.say("lina", "SOS")
    await journey.do(send_a_file)
    await journey.do(name_a_classmate)

    data, page, files = await copied(journey, "lina")

    assert list(data["data"]) == [
        "identity", "contact", "family", "stay", "papers", "answers", "messages", "cases", "team"
    ]  # fmt: skip
    assert data["data"]["identity"]["people"] == [
        {
            "ref": "lina", "first_name": "Lina", "last_name": "Haddouche", "birth": "2011-06-19", "language": "en",
            "school": "Lycée Valmer",
        }
    ]  # fmt: skip
    assert data["data"]["cases"]["cases"][0]["topic"] == "sos"
    assert [each["shown"] for each in data["data"]["messages"]["inbox"] if "shown" in each][-1] == "SOS"
    assert files == {"files/report-1.pdf": b"%PDF-lina"}
    assert "You share a room with …." in page
    for whole in (page, json.dumps(data, ensure_ascii=False)):
        assert "SOS" in whole
        assert "Noémie" not in whole
        assert "own note" not in whole
        assert "+33600000001" not in whole, "a guardian's number is the guardian's"


async def test_what_a_team_was_told_is_about_others(begin: Begin) -> None:
    journey = await family(begin, "lina")
    await journey.say("lina", "SOS")

    data, page, _files = await copied(journey, "nadia")

    assert "Haddouche" not in page + json.dumps(data)
    assert {"team", "messages"} <= set(data["data"])


async def test_who_took_a_copy_is_noted(begin: Begin) -> None:
    journey = await family(begin, "lina")
    await journey.do(at_home)
    link = await journey.do(lambda tx: own_page(tx, person(tx, "lina")))

    site = Starlette(routes=Visitors(journey.app, URL).routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=site), base_url=URL) as browser:
        answer = await browser.post(f"{link}/copy", headers={"origin": URL})
        forged = await browser.post(f"{link}0/copy", headers={"origin": URL})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
    assert answer.headers["content-disposition"] == 'attachment; filename="compagnon-lina-20270301.zip"'
    assert zipfile.ZipFile(io.BytesIO(answer.content)).namelist() == ["data.html", "data.json"]
    assert forged.status_code == 404
    noted = await journey.do(lambda tx: [(row.actor, row.target) for row in _exports(tx)])
    lina = await journey.do(lambda tx: person(tx, "lina").id)
    assert noted == [(f"person {lina}", f"person {lina}")]


def _exports(tx: Tx) -> list[AuditRow]:
    return list(tx.rows.scalars(select(AuditRow).where(AuditRow.action == "export")))


async def test_words_in_a_copy_are_no_markup(begin: Begin) -> None:
    journey = await family(begin, "lina")
    await journey.say("lina", "<script>alert(1)</script>")

    _data, page, _files = await copied(journey, "lina")

    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_a_long_conversation_is_all_there(begin: Begin) -> None:
    journey = await family(begin, "lina")
    await journey.say("lina", "/help")

    data, _page, _files = await copied(journey, "lina")

    sent = await journey.do(lambda tx: len(list(tx.rows.scalars(_to(tx, "lina")))))
    assert len(data["data"]["messages"]["outbox"]) == sent


def _to(tx: Tx, ref: str) -> Any:
    return select(OutboxRow.id).where(OutboxRow.person_id == person(tx, ref).id)
