"""The balance at the desk: what is entered on a page and in the chat is the same, and finance sees papers and nothing else."""

from __future__ import annotations

import csv
import io

import httpx

from tests.handlers.desk.test_balance import AFTER, DATES, DIFFERS, PAPERS, TOO_SHORT, kept, seen
from tests.journeys.conftest import Begin
from tests.journeys.desks import ask
from tests.web.desk.conftest import Visit, plain, send


def taken(answer: httpx.Response) -> list[str]:
    """What an export says of the one learner in it, behind who they are."""
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert [row[0] for row in rows] == ["Reference", "lina"]
    return rows[1][8:]


async def test_the_certificate_is_printed_entered_and_compared_and_finance_sees_what_waits(
    begin: Begin, visit: Visit
) -> None:
    journey = begin(AFTER, full=True)
    await journey.gather("lina", "jules")
    nadia, pascale, yann = [await visit(journey, ref) for ref in ("nadia", "pascale", "yann")]
    lina = f"/learners/{journey.stay('lina')}"

    async def enter(who: httpx.AsyncClient, first: str, last: str) -> tuple[int, str]:
        answer = await send(who, f"{lina}/certificate", outcome="dates", first=first, last=last, back=lina)
        return answer.status_code, answer.headers.get("location", "").partition("?said=")[2]

    waits = plain(await pascale.get("/balance"))
    form = await pascale.get(f"{lina}/certificate?lang=fr")

    assert f"Waiting 1 Learner Certificate Waits for Language test Lina Haddouche not entered yet Certificate of attendance Lina Haddouche {DATES} Coordinator" in waits  # fmt: skip
    assert "Jules" not in waits
    assert 'lang="fr"' in form.text
    assert "Lycée Valmer" in plain(form)
    assert "vendredi 26 mars 2027" in plain(form)
    assert (await yann.get(f"{lina}/certificate")).status_code == 404
    assert [
        await enter(pascale, "2027-03-08", "2027-03-26"),
        await enter(yann, "2027-03-08", "2027-03-26"),
        await enter(nadia, "2027-03-26", "2027-03-08"),
        await enter(nadia, "2027-03-08", "2027-04-26"),
        await enter(nadia, "2026-03-08", "2026-03-26"),
        await enter(nadia, "x", ""),
    ] == [
        (303, "nothing"),
        (404, ""),
        (303, "certificate_backwards"),
        (303, "certificate_future"),
        (303, "certificate_elsewhen"),
        (303, "days_unreadable"),
    ]
    assert kept(journey) == []

    assert await enter(nadia, "2027-03-08", "2027-03-14") == (303, "certificate")
    await journey.do(seen, "lina", *PAPERS)

    assert kept(journey) == [("done", "partly 2027-03-08 2027-03-14")]
    assert f"completed in part, 8 Mar – 14 Mar 7 of 19 days agreed ⚠ {DIFFERS} ⚠ {TOO_SHORT}" in plain(await nadia.get("/balance"))  # fmt: skip
    assert DIFFERS in plain(await nadia.get(lina))
    assert "settle this before you pay" in (await ask(journey, "pascale", "/balance"))[0]
    assert taken(await send(pascale, "/exports", what="balance", **{"as": "csv"})) == [
        "Settle this first", "", "completed in part", "2027-03-08", "2027-03-14", "7", "19", f"{DIFFERS} {TOO_SHORT}", ""
    ]  # fmt: skip
    assert taken(await send(pascale, "/exports", what="allowance", **{"as": "csv"})) == [
        "0", "0", "0", "2027-03-08", "2027-03-14"
    ]  # fmt: skip


async def test_a_tick_does_not_settle_dates_and_nobody_pays_for_a_stay_that_is_not_over(
    begin: Begin, visit: Visit
) -> None:
    journey = begin("2027-03-20 09:00", full=True)
    await journey.gather("lina")
    nadia = await visit(journey, "nadia")
    lina = f"/learners/{journey.stay('lina')}"

    ticked = await send(nadia, f"{lina}/tick", item="duration_check")
    early = await send(nadia, f"{lina}/certificate", outcome="no_show")

    assert ticked.headers["location"] == "/desk/?said=nothing"
    assert early.status_code == 404
    assert kept(journey) == []
    assert "No stay is over yet." in plain(await nadia.get("/balance"))
