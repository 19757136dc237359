"""The links on the desk and in the chat: what is for the team is not shown to learners, what is dead to nobody."""

from __future__ import annotations

from datetime import date

from bot.handlers.desk.links import keep_answers
from tests.journeys.conftest import Begin
from tests.web.desk.conftest import Visit, plain


async def test_links_by_what_they_are_for_without_those_that_are_dead(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.gather("lina")
    pascale = await visit(journey, "pascale")
    before = plain(await pascale.get("/links"))
    await journey.do(lambda tx: keep_answers(tx, {"https://europass.europa.eu": "gone", "https://3018.fr": ""}, date(2027, 3, 1)))  # fmt: skip
    after = plain(await pascale.get("/links"))
    heard = {}
    for ref in ("lina", "nadia"):
        journey.heard(ref)
        await journey.say(ref, "/links")
        [heard[ref]] = journey.heard(ref)

    assert "python3 run.py links --check" in before
    assert "does not answer" not in before
    assert "All were last asked whether they answer on 1 Mar 2027." in after
    assert "Europass ✕ does not answer {link_europass}" in after
    assert "nobody has looked yet" in after
    assert [("3018" in said, "Europass" in said, "EPALE" in said) for said in heard.values()] == [
        (True, False, False),
        (True, False, True),
    ]
    assert "EPALE: https://epale.ec.europa.eu/en" in heard["nadia"].splitlines()
