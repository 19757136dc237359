"""The page of a case: reached in one press from its alert, who was told how, passed on in words, resting for a while."""

from __future__ import annotations

import re
from pathlib import Path

from sqlalchemy import select

from bot.handlers.case.sent_files import CAME
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.keys import key_ring
from bot.store.messages import InboxRow
from bot.store.people import Person
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from tests.journeys.conftest import Begin
from tests.journeys.scenes import arrival_missing
from tests.web.desk.conftest import URL, Visit, browser, plain, send
from tests.web.desk.test_board import has_a_phone
from tests.web.desk.test_sign_in import named


async def test_an_alert_leads_to_its_case_through_the_door(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.do(named)
    await journey.enrol("lina")
    await journey.until("2027-03-07 13:45")
    alert = next(said for said in journey.heard("nadia") if "Lina H." in said)
    link = re.findall(rf"The case on the desk: {URL}/desk(/a/\S+)", alert)[0]

    async with browser(journey) as stranger:
        asked = await stranger.get(link)
        sent = await stranger.post(link)
        await journey.settle()
        (said,) = journey.heard("nadia")
        way = re.findall(rf"{URL}/desk(/in/[\w-]{{22}}\?case=1)\n", said)[0]
        looked = await stranger.get(way)
        form = re.findall(r'action="/desk(/in/[^"]+)"', looked.text)[0]
        came = await stranger.post(form)
        again = await stranger.get(link)
        forged = [
            await stranger.get(each)
            for each in (link[:-1] + ("1" if link[-1] == "0" else "0"), link.replace(".1.", ".2.", 1), "/a/x")
        ]
        page = plain(await stranger.get("/cases/1"))

    assert (asked.status_code, "Send me the link" in asked.text, "Lina" in asked.text) == (401, True, False)
    assert "It is in the chat where Compagnon writes to you" in plain(sent)
    assert [each.headers["location"] for each in (came, again)] == ["/desk/cases/1"] * 2
    assert [each.status_code for each in forged] == [404] * 3
    assert "Who has been told Nadia Ferhaoui ✓ Web · Alert received." in page


async def test_a_way_in_is_not_sent_again_and_again(begin: Begin) -> None:
    journey = begin()
    await journey.do(named)
    await journey.enrol("lina")
    await journey.until("2027-03-07 13:45")
    link = re.findall(r"/desk(/a/\S+)", " ".join(journey.heard("nadia")))[0]
    async with browser(journey) as stranger:
        assert [(await stranger.post(link)).status_code for _ in range(4)] == [200, 200, 200, 429]


async def test_a_case_is_handed_over_with_words_and_kept_at_rest(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey, "2027-03-07 13:45")
    await journey.do(has_a_phone)
    nadia, luc = await visit(journey, "nadia"), await visit(journey, "luc")
    (number,) = journey.ask(select(Person.id).where(Person.ref == "luc"))[0]
    journey.heard("luc")

    page = await nadia.get("/cases/1")
    passed = await send(nadia, "/cases/1", act="pass", to=str(number), words="Her host has\r\nthe key")
    await journey.settle()
    told = " ".join(journey.heard("luc"))
    rests = [
        (await send(luc, "/cases/1", act="snooze", until=until)).headers["location"]
        for until in ("2027-03-09T09:00", "soon", "2027-03-08T09:00")
    ]
    await journey.settle()

    assert '<a href="tel:+33612345678"><span aria-hidden="true">☎</span> <bdi>Lina Haddouche</bdi>' in page.text
    assert passed.headers["location"] == "/desk/?said=pass"
    assert "Nadia Ferhaoui passes this case to you: « Her host has\nthe key »" in told
    assert rests == [f"/desk/?said={each}" for each in ("unrested", "days_unreadable", "snooze")]
    assert "Until Monday 8 Mar 09:00 I do not ask you about Lina H." in " ".join(journey.heard("luc"))
    assert journey.ask(select(CaseRow.owner_id)) == [(number,)]
    log = plain(await nadia.get("/cases/1"))
    assert "Says to whom it is passed: « Her host has the key »" in log
    assert "Lets the case rest for a while." in log
    await journey.until("2027-03-08 08:50")
    assert "how is it?" not in " ".join(journey.heard("luc"))
    await journey.until("2027-03-08 09:05")
    asked = " ".join(journey.heard("luc"))
    assert "how is it?" in asked
    await journey.press("luc", "Let it rest until tomorrow")
    assert "Until Tuesday 9 Mar" in " ".join(journey.heard("luc"))


async def test_a_cry_for_help_never_rests(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.until("2027-03-10 12:00")
    await journey.say("lina", "SOS")
    nadia = await visit(journey, "nadia")

    refused = await send(nadia, "/cases/1", act="snooze", until="2027-03-10T12:30")

    assert refused.headers["location"] == "/desk/?said=unrested"
    assert "Let it rest" not in (await nadia.get("/cases/1")).text


async def test_what_a_learner_sent_is_seen_and_heard_on_the_page_and_each_look_is_noted(
    begin: Begin, visit: Visit, tmp_path: Path
) -> None:
    journey = begin()
    await arrival_missing(journey, "2027-03-07 13:45")
    keys = journey.db.keys = key_ring(tmp_path / "keys")

    def sent(tx: Tx) -> None:
        case = tx.rows.get_one(CaseRow, 1)
        message = InboxRow(channel="web", native="v", raw={}, received_at=tx.now, person_id=case.stay.person_id)
        message.state = "handled"
        tx.rows.add(message)
        tx.rows.flush()
        tx.rows.add(CaseEvent(case_id=1, at=tx.now, kind=CAME, person_id=None, detail={"inbox": str(message.id)}))
        for mime, content in (("audio/ogg", b"OggS and so on"), ("image/jpeg", b"JFIF"), ("application/pdf", b"%PDF")):
            row = ProofRow(stay_id=case.stay_id, person_id=case.stay.person_id, inbox_id=message.id, item="", step="")
            row.channel, row.native, row.state, row.mime = "web", "", "kept", mime
            row.received_at = row.ends_at = row.due_at = tx.now
            row.content = keys.seal(case.stay.person_id, content)
            tx.rows.add(row)

    journey.received = journey.watch.received = journey.received + 1
    await journey.do(sent)
    nadia, pascale = await visit(journey, "nadia"), await visit(journey, "pascale")
    page = (await nadia.get("/cases/1")).text
    whole, part = await nadia.get("/files/1"), await nadia.get("/files/1", headers={"range": "bytes=5-7"})
    paper = await nadia.get("/files/3")

    assert re.findall(r'<(audio|img)[^>]* src="(/desk/files/[^"]+)"', page) == [
        ("audio", "/desk/files/1"),
        ("img", "/desk/files/2"),
    ]
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "audio/ogg", b"OggS and so on")
    assert (part.status_code, part.headers["content-range"], part.content) == (206, "bytes 5-7/14", b"and")
    assert paper.headers["content-disposition"] == 'attachment; filename="sent-3.pdf"'
    assert (await pascale.get("/files/1")).status_code == 404
    looks = journey.ask(select(AuditRow.target).where(AuditRow.action == "look").order_by(AuditRow.id))
    assert looks == [("proof 1",), ("proof 1",), ("proof 3",)]
