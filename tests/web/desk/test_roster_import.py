"""A roster at the desk: shown before it is applied, applied once, and never beyond the walls."""

from __future__ import annotations

import re
from datetime import date

import httpx
from sqlalchemy import select

from bot.domain.roster.fields import Field, label
from bot.domain.roster.headers import known_fields
from bot.domain.roster.table import table_from
from bot.handlers.people.invitations import claim, invite
from bot.handlers.people.known_people import known_stay
from bot.store.db import Tx
from bot.store.people import Person, by_ref
from bot.store.records import AuditRow
from bot.store.stays import StayRow, current_stay
from tests.domain.roster.conftest import GOOD
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.web.desk.conftest import Visit, plain, seal

HEADER = (Field.REFERENCE, *GOOD)
NEW = {Field.REFERENCE: "V9", Field.FIRST_NAME: "Zoé"}
LINA = {Field.REFERENCE: "lina", Field.CITY: "Oslo"}
JULES = {Field.REFERENCE: "jules"}


def csv(*rows: dict[Field, str]) -> bytes:
    """A roster as a spreadsheet writes it."""
    lines = [[label(field) for field in HEADER]]
    lines += [[str((GOOD | row).get(field, "")) for field in HEADER] for row in rows]
    return "\n".join(";".join(line) for line in lines).encode()


async def upload(visitor: httpx.AsyncClient, content: bytes, name: str = "roster.csv") -> httpx.Response:
    fields = {"seal": seal(await visitor.get("/import"))}
    return await visitor.post("/import", data=fields, files={"file": (name, content)}, follow_redirects=True)


async def apply(visitor: httpx.AsyncClient, page: httpx.Response, **fields: str) -> httpx.Response:
    version = re.findall(r'name="version" value="([^"]+)"', page.text)[0]
    form = {"seal": seal(page), "version": version, **fields}
    return await visitor.post(f"/import/{page.url.path.rpartition('/')[2]}", data=form, follow_redirects=True)


def refs(journey: Journey) -> set[str]:
    return {ref for (ref,) in journey.ask(select(Person.ref))}


def imports(journey: Journey) -> list[dict[str, int]]:
    return [detail for (detail,) in journey.ask(select(AuditRow.detail).where(AuditRow.action == "import"))]


def renamed(tx: Tx) -> None:
    """A colleague changes something meanwhile."""
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    lina.last_name, lina.birth = "Other", date(2008, 6, 19)


async def test_what_is_shown_is_applied_once_and_noted(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia = await visit(journey, "nadia")

    page = await upload(nadia, csv(NEW, LINA))
    before = refs(journey)
    done = await apply(nadia, page)
    again = await apply(nadia, page)

    assert "City before: Leipzig → from now on: Oslo" in plain(page)
    assert "Apply 2 changes" in plain(page)
    assert "V9" not in before
    assert refs(journey) == before | {"V9"}
    assert "The roster has been brought in" in plain(done)
    assert "This preview is no longer there" in plain(again)
    assert imports(journey) == [{"new": 1, "further": 0, "changed": 1, "unchanged": 0, "left_out": 0}]


async def test_a_stale_preview_applies_nothing_and_shows_anew(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    page = await upload(nadia, csv(LINA))

    await journey.db.transact(renamed)
    stale = await apply(nadia, page)

    assert "Something has changed in the meantime" in plain(stale)
    assert "before: Other" in plain(stale)
    assert imports(journey) == []
    assert "The roster has been brought in" in plain(await apply(nadia, stale))


async def test_wrong_rows_stop_everything_until_they_are_left_out(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    page = await upload(nadia, csv(NEW, LINA | {Field.BIRTH: "31/02/2009"}))

    refused = await apply(nadia, page)
    assert imports(journey) == []
    done = await apply(nadia, refused, leave_out="1")

    assert 'Row 3, column "Date de naissance"' in plain(page)
    assert "The roster has been brought in" in plain(done)
    assert imports(journey) == [{"new": 1, "further": 0, "changed": 0, "unchanged": 0, "left_out": 1}]


async def test_a_school_brings_in_its_own_and_learns_nothing_of_others(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia = await visit(journey, "nadia")

    taken = await upload(nadia, csv(JULES))
    other = await upload(nadia, csv(NEW | {Field.SCHOOL: "ombelle"}))
    team = await upload(nadia, csv(NEW | {Field.REFERENCE: "luc"}))

    assert "this reference is in use elsewhere" in plain(taken)
    assert "Morel" not in plain(taken)
    assert "There is nothing to apply" in plain(other)
    assert "a member of the team" in plain(team)


async def test_a_draft_is_its_owners_and_others_have_no_roster(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia, cathy, pascale = [await visit(journey, ref) for ref in ("nadia", "cathy", "pascale")]
    page = await upload(nadia, csv(NEW))
    path = f"/import/{page.url.path.rpartition('/')[2]}"

    assert (await cathy.get(path)).headers["location"] == "/desk/import?late=1"
    for way in ("/import", path):
        assert (await pascale.get(way)).status_code == 404
        assert (await pascale.post(way, data={"seal": seal(await pascale.get("/"))})).status_code == 404
    assert (await nadia.post("/import", files={"file": ("a.csv", csv(NEW))})).status_code == 403


async def test_what_is_no_roster_is_refused_kindly(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")

    heavy = await upload(nadia, b"x" * 3_000_000)
    picture = await upload(nadia, b"x", "roster.png")
    many = await upload(nadia, csv(*({**NEW, Field.REFERENCE: f"R{n}"} for n in range(2100))))

    assert (heavy.status_code, "larger than 2 MB" in plain(heavy)) == (413, True)
    assert (picture.status_code, "a roster is a .csv, .xlsx or .ods file" in plain(picture)) == (422, True)
    assert (many.status_code, "2000 at most" in plain(many)) == (422, True)


async def test_the_empty_file_has_every_column_and_is_understood(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather()
    nadia = await visit(journey, "nadia")
    files = {ending: (await nadia.get(f"/import/template/{ending}")).content for ending in ("xlsx", "csv")}
    page = plain(await nadia.get("/import"))

    for ending, content in files.items():
        table = table_from(f"roster.{ending}", content)
        assert known_fields(table.header) == set(Field)
        assert "nothing stands beneath the header" in plain(await upload(nadia, content, f"roster.{ending}"))
    assert "Your school's own word for this person" in page
    assert (await nadia.get("/import/template/pdf")).status_code == 404


async def take_back(visitor: httpx.AsyncClient, page: httpx.Response) -> httpx.Response:
    version = re.findall(r'name="version" value="([^"]+)"', page.text)
    form = {"seal": seal(await visitor.get("/import")), "version": version[0] if version else ""}
    return await visitor.post(page.url.path.removeprefix("/desk"), data=form, follow_redirects=True)


async def test_an_import_is_taken_back_but_not_over_what_was_changed_since(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina", "jules")
    nadia, yann = await visit(journey, "nadia"), await visit(journey, "yann")
    before = journey.db.run(lambda tx: known_stay(tx, current(tx, "lina")))
    await apply(nadia, await upload(nadia, csv(NEW, NEW | {Field.REFERENCE: "V10", Field.FIRST_NAME: "Noa"}, LINA)))
    await journey.do(moved_on)

    page = await nadia.get("/import/undo/1")
    foreign = await yann.get("/import/undo/1")
    done = await take_back(nadia, page)
    again = await take_back(nadia, await nadia.get("/import/undo/1"))

    assert "taken back" in plain(await nadia.get("/import"))
    assert (
        "Changed or used since: this stays as it is. Noa Haddouche Lina Haddouche : Host Removed 1 Zoé Haddouche"
        in plain(page)
    )
    assert foreign.status_code == 404
    assert "Taken back." in plain(done)
    assert "Nadia Ferhaoui has taken this back already." in plain(again)
    assert refs(journey) >= {"V10"}
    assert "V9" not in refs(journey)
    after = journey.db.run(lambda tx: known_stay(tx, current(tx, "lina")))
    assert {field for field in after if after[field] != before.get(field, "")} == {Field.HOST, Field.HOME_COUNTRY}


def current(tx: Tx, ref: str) -> StayRow:
    person = by_ref(tx.rows, ref)
    assert person is not None
    stay = current_stay(tx.rows, person.id)
    assert stay is not None
    return stay


def moved_on(tx: Tx) -> None:
    """Since the import somebody has changed Lina's host, and Noa has opened an invitation."""
    current(tx, "lina").host = "Another host"
    noa = by_ref(tx.rows, "V10")
    assert noa is not None
    claim(tx, invite(tx, noa), "web", "noa")
