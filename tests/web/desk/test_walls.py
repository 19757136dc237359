"""School walls: whatever a route names, what belongs to another school is not there."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.deadlines import Sort
from bot.domain.testimony import Scope
from bot.handlers.privacy.erasure_requests import request
from bot.store import testimonies
from bot.store.cases import CaseEvent, CaseRow
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.imports import ImportedStay, RosterImport
from bot.store.keys import key_ring
from bot.store.messages import OutboxRow
from bot.store.people import Address, LeaveTaken, OnCallSlot, Person
from bot.store.proofs import ProofRow
from bot.store.records import AuditRow
from bot.store.sessions import SessionRow
from bot.store.stays import ItemState, StayRow
from bot.web.desk import DeskSite
from tests.handlers.case.test_need_to_know import keep_out
from tests.handlers.conversation.hands import with_files
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.scenes import arrival_missing, check_in_asked
from tests.web.desk.conftest import URL, Visit, plain, send

TABLES = (CaseRow, CaseEvent, ItemState, OutboxRow, LeaveTaken, OnCallSlot, AuditRow, Address)


def file_of(tx: Tx, stay: int) -> int:
    """A file that a learner sent, of an item an adult ticks."""
    row = tx.rows.get_one(StayRow, stay)
    session = tx.rows.scalars(select(SessionRow).where(SessionRow.stay_id == stay)).first()
    assert tx.keys is not None
    assert session is not None
    proof = ProofRow(
        stay_id=stay,
        person_id=row.person_id,
        session_id=session.id,
        item="agreement",
        step="proof",
        channel="web",
        native="",
        state="kept",
        mime="image/jpeg",
        size=4,
        content=tx.keys.seal(row.person_id, b"card"),
        received_at=tx.now,
        ends_at=tx.now,
        due_at=tx.now,
    )
    tx.rows.add(proof)
    tx.rows.flush()
    return proof.id


def claimed(tx: Tx, stay: int) -> int:
    """Another device of theirs that waits for an adult's yes."""
    person = tx.rows.get_one(StayRow, stay).person_id
    address = Address(person_id=person, channel="web", native="new", state="pending", created_at=tx.now, used_at=tx.now)
    tx.rows.add(address)
    tx.rows.flush()
    return address.id


def brought_in(tx: Tx, stay: int, adult: int) -> int:
    """An import that has just changed their class, and may be taken back."""
    kept = RosterImport(person_id=adult, at=tx.now)
    kept.rows.append(ImportedStay(stay_id=stay, before={"CLASS": "1A"}, after={"CLASS": ""}))
    tx.rows.add(kept)
    tx.rows.flush()
    return kept.id


def asked_for(tx: Tx, stay: int) -> int:
    """Their wish to be erased, which an adult decides on."""
    return request(tx, tx.rows.get_one(StayRow, stay).person).id


def planned(tx: Tx, stay: int) -> int:
    """A date of their school."""
    school = tx.rows.get_one(StayRow, stay).school_id
    row = Deadline(school_id=school, sort=Sort.OTHER, title="Parents' evening", day=tx.now.date())
    tx.rows.add(row)
    tx.rows.flush()
    return row.id


def quoted(tx: Tx, stay: int) -> int:
    """Their words for others to read."""
    until = tx.now.date() + timedelta(days=90)
    row = testimonies.Testimony(
        person_id=tx.rows.get_one(StayRow, stay).person_id,
        stay_id=stay,
        words="Go.",
        scope=next(iter(Scope)),
        until=until,
        given_at=tx.now,
    )
    tx.rows.add(row)
    tx.rows.flush()
    return row.id


async def whole(begin: Begin, folder: Path) -> tuple[Journey, list[tuple[str, str]]]:
    """Lina of Valmer with a case, a file and a new device; and every route that names something of hers."""
    journey = begin()
    await arrival_missing(journey, "2027-03-07 13:45", "jules")
    journey.db.keys, journey.db.programme = key_ring(folder), with_files(journey.db.programme)
    stay, case = journey.stay("lina"), journey.ask(select(CaseRow.id))[0][0]
    file, address = await journey.db.transact(file_of, stay), await journey.db.transact(claimed, stay)
    (nadia,) = journey.ask(select(Person.id).where(Person.ref == "nadia"))[0]
    brought, wish = await journey.db.transact(brought_in, stay, nadia), await journey.db.transact(asked_for, stay)
    numbers = {
        "import": brought,
        "people": nadia,
        "cases": case,
        "learners": stay,
        "files": file,
        "confirm": address,
        "erasures": wish,
        "dates": await journey.db.transact(planned, stay),
        "publications": await journey.db.transact(quoted, stay),
    }
    site = DeskSite(journey.app, base_url=URL, secret="x").application()
    found = []
    for route in site.app.routes:  # type: ignore[attr-defined]
        path = getattr(route, "path", "")
        if "{number:int}" in path:
            number = numbers[path.split("/")[1]]
            path = path.replace("{number:int}", str(number)).replace("{kind}", "agreement")
            found += [(each, path) for each in route.methods - {"HEAD"}]
    return journey, found


FORMS = {
    "cases": {"act": "take"},
    "tick": {"item": "agreement"},
    "badge": {"words": "A mistake."},
    "certificate": {"outcome": "dates", "first": "2027-03-08", "last": "2027-03-26"},
    "confirm": {"yes": "1"},
    "change": {"what": "withdrawn"},
    "words": {"session": "1", "step": "note", "why": "case"},
    "leave": {"first": "2027-04-10", "last": "2027-04-20"},
    "slot": {"since": "2027-04-10T18:00", "until": "2027-04-12T08:00"},
    "conversation": {"why": "case"},
    "elsewhere": {"until": "2027-04-10", "how": "By phone"},
    "edit": {"first_name": "Zoé"},
    "undo": {"version": "0"},
    "invite": {"back": "/"},
    "merge": {"gone": "noemie", "version": "0"},
    "write": {"words": "Hello", "form": "one"},
    "erasures": {"act": "decline"},
    "dates": {"state": "done"},
    "publications": {"act": "signed"},
}
"""What a form of each route holds, by a word of its path."""


def form_of(path: str) -> dict[str, str]:
    return next(form for word, form in FORMS.items() if word in path.split("/"))


async def test_another_school_finds_nothing_and_changes_nothing(begin: Begin, visit: Visit, tmp_path: Path) -> None:
    journey, routes = await whole(begin, tmp_path)
    yann = await visit(journey, "yann")
    assert len(routes) == 34
    before = [journey.ask(select(table)) for table in TABLES]

    codes = {
        (way, path): (await yann.get(path) if way == "GET" else await send(yann, path, **form_of(path))).status_code
        for way, path in routes
    }
    pages = [
        plain(await yann.get(path))
        for path in ("/", "/cases", "/calendar?month=2027-03", "/?school=Lycée Valmer", "/people")
    ]

    assert set(codes.values()) == {404}
    assert [journey.ask(select(table)) for table in TABLES[:6]] == before[:6]
    assert [page for page in pages if "Lina" in page] == []
    assert "Jules" in pages[0]
    assert ("Yann" in pages[4], "Nadia" in pages[4], "Valmer" in pages[4]) == (True, False, False)


@pytest.mark.parametrize("ref", ["nadia", "helene"])
async def test_the_coordinator_and_the_consortium_find_it(begin: Begin, visit: Visit, tmp_path: Path, ref: str) -> None:
    journey, routes = await whole(begin, tmp_path)
    visitor = await visit(journey, ref)

    codes = {path: (await visitor.get(path)).status_code for way, path in routes if way == "GET"}
    files = {path: code for path, code in codes.items() if path.startswith("/files/")}

    assert {code for path, code in codes.items() if path not in files} == {200}
    assert set(files.values()) == {200 if ref == "nadia" else 404}  # whoever ticks the item looks at its file


async def test_a_file_is_shown_as_it_is_kept_nowhere_and_noted(begin: Begin, visit: Visit, tmp_path: Path) -> None:
    journey, routes = await whole(begin, tmp_path)
    (path,) = [path for _way, path in routes if path.startswith("/files/")]

    answer = await (await visit(journey, "nadia")).get(path)

    number = path.rpartition("/")[2]
    assert answer.content == b"card"
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"] == f'inline; filename="agreement-{number}.jpg"'
    assert answer.headers["cache-control"] == "no-store"
    assert journey.ask(select(AuditRow.target).where(AuditRow.action == "look")) == [(f"proof {number}",)]


async def test_own_words_are_shown_for_a_reason_and_never_else(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await check_in_asked(journey)
    await answer_words(journey)
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")
    session = journey.ask(
        select(SessionRow.id).where(SessionRow.touchpoint == "check_in").order_by(SessionRow.id.desc())
    )
    field = {"session": str(session[0][0]), "step": "note"}

    page = plain(await nadia.get(f"/learners/{stay}"))
    without = await send(nadia, f"/learners/{stay}/words", **field, why="")
    read = await send(nadia, f"/learners/{stay}/words", **field, why="talk")

    assert ("I saw a whale" in page, "Own words: read…" in page) == (False, True)
    assert (without.status_code, read.status_code, "I saw a whale" in plain(read)) == (404, 200, True)
    noted = journey.ask(select(AuditRow.actor, AuditRow.detail).where(AuditRow.action == "read words"))
    assert [detail for _actor, detail in noted] == [{"why": "talk"}]


async def answer_words(journey: Journey) -> None:
    await answer_check_in_but_note(journey)
    await journey.say("lina", "I saw a whale")


async def answer_check_in_but_note(journey: Journey) -> None:
    for choice in ("so_so", "good", "interesting", "fine", "fine", "none", "no"):
        await journey.press("lina", choice)


@pytest.mark.parametrize(
    ("ref", "path"), list(product(["cathy", "luc", "helene", "yann"], ["/", "/cases", "/calendar", "/people"]))
)
async def test_everybody_has_a_board(begin: Begin, visit: Visit, ref: str, path: str) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    assert (await (await visit(journey, ref)).get(path)).status_code == 200


async def test_whom_a_learner_keeps_out_sees_their_papers_and_nothing_of_how_they_are(
    begin: Begin, visit: Visit, tmp_path: Path
) -> None:
    journey, routes = await whole(begin, tmp_path)
    await journey.db.transact(keep_out, "nadia", "lina")
    nadia = await visit(journey, "nadia")
    learner = f"/learners/{journey.stay('lina')}"
    papers = ("/tick", "/certificate")
    nobody = ("/people/", "/dates/")
    posts = [
        path for way, path in routes if way == "POST" and not path.startswith(nobody) and not path.endswith(papers)
    ]

    page, board = plain(await nadia.get(learner)), plain(await nadia.get("/"))
    codes = {path: (await send(nadia, path, **form_of(path))).status_code for path in posts}

    hidden = ("No sign of life", "Last sign of life", "Silent", "Write to", "Take it", "Lina Haddouche – Today")
    assert [word for word in hidden if word in page] == []
    assert "Agreement" in page or "European" in page
    assert [word for word in ("No answer to: the arrival",) if word in board] == []
    assert set(codes.values()) == {404}
