"""What a stranger or a colleague may put into an address or a form: it breaks nothing, leads nowhere else, and reads no file."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import pytest

from tests.journeys.conftest import Begin, begin, small_programme
from tests.web.test_every_page import URL, Door

__all__ = ["begin", "small_programme"]
BEYOND = str(2**63), str(2**64 + 1), "9" * 400
"""Numbers that no table has."""
ELSEWHERE = (
    "//evil.example/",
    "https://evil.example/",
    "/\\evil.example",
    "javascript:alert(1)",
    "/ok\r\nx-injected: yes",
)
CLIMBING = (
    "../../../../etc/passwd",
    "..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/etc/passwd",
    "....//etc/passwd",
    "/etc/passwd",
)
ODD = "\x00", "\r\nx-injected: yes", "é" * 300, "' OR 1=1 --", "{{ 7 * 7 }}", "‮", "%"


@pytest.mark.parametrize("who", ["", "nadia"])
async def test_whatever_stands_in_an_address_is_answered_in_order(begin: Begin, who: str) -> None:
    journey = begin()
    await journey.enrol("lina")
    door, wrong = Door(journey), []
    async with door.browser() as browser:
        await door.let_in(browser, who)
        for path in (path for path in door.paths if "{" in path):
            before, _bracket, rest = path.partition("{")
            kind, after = rest.partition("}")[0], rest.partition("}")[2]
            for value in BEYOND if kind.endswith(":int") else ODD:
                for method in ("GET", "POST"):
                    answer = await browser.request(method, f"{before}{quote(value)}{after}")
                    if answer.status_code >= 500 or "x-injected" in answer.headers or "root:" in answer.text:
                        wrong.append((path, value[:20], method, answer.status_code))

    assert wrong == []


@pytest.mark.parametrize("shared", ["/static/", "/desk/static/", "/shared/", "/desk/shared/"])
async def test_no_file_of_the_machine_is_read(begin: Begin, shared: str) -> None:
    door = Door(begin())
    async with door.browser() as browser:
        answers = [await browser.get(f"{shared}{way}") for way in CLIMBING]

    assert [
        answer.status_code for answer in answers if "root:" in answer.text or answer.status_code not in {401, 404}
    ] == []


@pytest.mark.parametrize("back", ELSEWHERE)
async def test_no_form_leads_out_of_the_desk_or_into_a_header(begin: Begin, back: str) -> None:
    journey = begin()
    await journey.enrol("lina")
    door = Door(journey)
    async with door.browser() as browser:
        await door.let_in(browser, "nadia")
        page = await browser.get("/desk/people")
        seal = page.text.partition('name="seal" value="')[2].partition('"')[0]
        answers = [
            await browser.post(
                path, data={"seal": seal, "back": back, "first": "2027-03-01", "last": "2027-03-02", "item": "ehic"}
            )
            for path in ("/desk/learners/1/tick", "/desk/people/2/leave", "/desk/learners/1/write", "/desk/cases/1")
        ]
        case = await browser.get("/desk/in/not-a-code", params={"case": back})

    leads = [urlsplit(answer.headers["location"]) for answer in answers if "location" in answer.headers]
    assert leads, "no form was taken at all"
    assert [
        lead for lead in leads if lead.netloc not in {"", urlsplit(URL).netloc} or not lead.path.startswith("/desk/")
    ] == []
    assert [answer for answer in (*answers, case) if "x-injected" in answer.headers] == []
