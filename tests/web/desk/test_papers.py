"""Documents at the desk: of one and of several, within the walls, and what left is written down."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import httpx
import pytest
from pypdf import PdfReader
from sqlalchemy import select

from bot.documents.papers.printed import shipped
from bot.domain.stay import Kind
from bot.store.db import Tx
from bot.store.stays import StayRow
from tests.documents.papers.test_papers import words
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, seal, send
from tests.web.desk.test_exports import noted


def went_as_staff(tx: Tx, stay: int) -> None:
    """An adult's stay, and it is over."""
    row = tx.rows.get_one(StayRow, stay)
    row.kind, row.start, row.end = Kind.STAFF, date(2027, 2, 1), date(2027, 2, 5)


async def test_papers_are_taken_out_within_the_walls_and_written_down(begin: Begin, visit: Visit) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    journey = begin(full=True)
    await journey.enrol("lina", "jules", "noemie")
    nadia, pascale, yann = [await visit(journey, ref) for ref in ("nadia", "pascale", "yann")]
    lina, jules = journey.stay("lina"), journey.stay("jules")
    both = {"stays": f"{lina} {jules}"}

    asked, hers = plain(await nadia.get(f"/papers?stays={lina}+{jules}&kind=class")), await pascale.get("/papers")
    shown = await nadia.get(f"/learners/{lina}/papers/agreement?lang=de")
    one = await send(nadia, "/papers", kind="attestation", lang="de", **both, **{"as": "pdf"})
    many = await send(nadia, "/papers", kind="agreement", stays=str(lina), **{"as": "zip"})
    sheet = await send(nadia, "/papers", kind="class", **both, **{"as": "html"})
    refused = await send(pascale, "/papers", kind="class", **both, **{"as": "html"})
    unsuited = await send(nadia, "/papers", kind="staff", **both, **{"as": "pdf"})
    other = await send(yann, "/papers", kind="attestation", stays=str(lina), **{"as": "html"})

    assert "Lina Haddouche" in asked
    assert "Jules" not in asked, "he is another school's"
    assert 'value="class"' not in hers.text, "finance has no phone numbers of learners"
    assert ('<article class="paper" lang="de"' in shown.text, "Elektro Winkelmann" in plain(shown)) == (True, True)
    pages = PdfReader(io.BytesIO(one.content)).pages
    assert (len(pages), "Anwesenheitsbescheinigung" in pages[0].extract_text()) == (1, True)
    assert one.headers["content-disposition"] == f'attachment; filename="attestation-{lina}-2027-03-01.pdf"'
    assert zipfile.ZipFile(io.BytesIO(many.content)).namelist() == [f"agreement-{lina}.pdf"]
    assert [name in sheet.text for name in ("Lina Haddouche", "Jules Morel", "Nadia Ferhaoui")] == [True, False, True]
    assert [refused.status_code, unsuited.status_code, other.status_code] == [422, 422, 422]
    assert "This paper suits nobody of those chosen" in plain(unsuited)
    assert noted(journey) == [
        ("paper attestation", {"learners": 1, "ending": "pdf"}),
        ("paper agreement", {"learners": 1, "ending": "zip"}),
        ("paper class", {"learners": 1, "ending": "html"}),
    ]
    assert (await yann.get(f"/learners/{lina}/papers/agreement")).status_code == 404
    assert (await nadia.get(f"/learners/{lina}/papers/staff")).status_code == 404

    await journey.db.transact(went_as_staff, lina)
    certificate = await nadia.get(f"/learners/{lina}/papers/staff?lang=fr")
    assert "rendez-vous de carrière" in plain(certificate)
    assert "Durée 5 jours" in plain(certificate)


async def test_a_template_counts_once_it_was_tried_and_a_school_may_have_its_own(begin: Begin, visit: Visit) -> None:
    pytest.importorskip("typst", reason="the extra `pdf` is not installed")
    journey = begin(full=True)
    await journey.enrol("lina", "jules")
    nadia, helene, pascale = [await visit(journey, ref) for ref in ("nadia", "helene", "pascale")]
    at = "/papers/templates/attestation"
    place = str(journey.ask(select(StayRow.school_id).where(StayRow.id == journey.stay("lina")))[0][0])
    both = {"stays": f"{journey.stay('lina')} {journey.stay('jules')}"}

    def saying(words: str) -> str:
        return shipped("attestation").replace('  #part(it, "who")', f'  {words}\n  #part(it, "who")')

    async def change(who: httpx.AsyncClient, school: str, **fields: str) -> httpx.Response:
        form = {"seal": seal(await who.get("/")), "school": school, **fields}
        return await who.post(at, files={name: (None, value) for name, value in form.items()})

    async def printed() -> str:
        made = await send(helene, "/papers", kind="attestation", lang="fr", **both, **{"as": "zip"})
        archive = zipfile.ZipFile(io.BytesIO(made.content))
        return " ".join(words(archive.read(name)) for name in sorted(archive.namelist()))

    outside = [(await change(nadia, "")).status_code, (await pascale.get("/papers/templates")).status_code]
    broken = await change(helene, "", text=saying("#oops"))
    kept = await change(helene, "", text=saying("Vu par le consortium."))
    own = await change(nadia, place, text=saying("Vu par le lycée."))
    apart = await send(helene, "/papers", kind="attestation", **both, **{"as": "pdf"})
    both_say = await printed()
    preview = await nadia.get(f"{at}/file?school={place}")
    back = await change(nadia, place, shipped="1")
    page = plain(await nadia.get(f"{at}?school={place}"))

    assert outside == [404, 404]
    assert (broken.status_code, "Line 7 of attestation.typ: the word “oops” is not known here." in plain(broken)) == (422, True)  # fmt: skip
    assert [each.headers["location"].rpartition("=")[2] for each in (kept, own, back)] == ["changed"] * 3
    assert apart.headers["content-type"] == "application/zip", "two schools, two templates, two documents"
    assert ("Vu par le lycée." in both_say, "Vu par le consortium." in both_say) == (True, True)
    assert "Vu par le lycée." in words(preview.content)
    assert "as it came in force" in page
    assert (await printed()).count("Vu par le consortium.") == 2
