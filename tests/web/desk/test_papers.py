"""Documents at the desk: of one and of several, within the walls, and what left is written down."""

from __future__ import annotations

import io
import zipfile

import pytest
from pypdf import PdfReader

from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain, send
from tests.web.desk.test_exports import noted


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
