"""Writing to a learner from their page, and what the page says of their family."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from bot.handlers.people.guardians import family_of
from bot.handlers.say.consents import say
from bot.store.db import Tx
from bot.store.people import Guardian, by_ref
from bot.store.records import AuditRow
from bot.web.desk.family import masked
from tests.journeys.conftest import Begin
from tests.journeys.scenes import arrival_missing, forget
from tests.web.desk.conftest import Visit, plain, send

WORDS = "Your ticket is here.\r\nSee you at 8."
TOLD = (
    "Nadia Ferhaoui writes to you:\n« Your ticket is here.\nSee you at 8. »\nWhat you write now goes to Nadia Ferhaoui."
)


async def test_words_arrive_once_however_often_the_form_is_sent(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")
    page = await nadia.get(f"/learners/{stay}")
    form = re.findall(r'name="form" value="([^"]+)"', page.text)[0]

    sent = [
        await send(nadia, f"/learners/{stay}/write", words=WORDS, form=form, back=f"/learners/{stay}") for _ in "ab"
    ]
    await journey.settle()

    assert "Nobody but Lina Haddouche reads it (Web); your name stands above it: Nadia Ferhaoui." in plain(page)
    assert [each.headers["location"] for each in sent] == [f"/desk/learners/{stay}?said=wrote"] * 2
    assert journey.heard("lina") == [TOLD]
    assert "Passed on. The answer will come to you in your messenger." in plain(
        await nadia.get(f"/learners/{stay}?said=wrote")
    )
    await send(nadia, f"/learners/{stay}/write", words=WORDS, form="another")
    await journey.settle()
    assert journey.heard("lina") == [TOLD]


async def test_the_answer_comes_to_whoever_wrote_and_the_case_knows(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await arrival_missing(journey)
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")
    forget(journey)

    await send(nadia, f"/learners/{stay}/write", words="Where are you?", form="one")
    await journey.settle()
    await journey.say("lina", "On the train")

    assert "Lina H. answers you:\n« On the train »\nReply to this message to write back." in "".join(
        journey.heard("nadia")
    )
    log = plain(await nadia.get("/cases/1"))
    assert "Nadia Ferhaoui Has written to the young person." in log
    assert "Where are you?" not in log


@pytest.mark.parametrize("words", ["", "  \n", "x" * 1001])
async def test_nothing_and_too_much_is_not_sent(begin: Begin, visit: Visit, words: str) -> None:
    journey = begin()
    await journey.enrol("lina")
    nadia, stay = await visit(journey, "nadia"), journey.stay("lina")

    answer = await send(nadia, f"/learners/{stay}/write", words=words, form="one")

    assert answer.headers["location"] == "/desk/?said=unwritten"
    assert journey.ask(select(AuditRow.id).where(AuditRow.action == "write form")) == []


async def test_who_may_not_write_has_no_form_and_sends_nothing(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    pascale, stay = await visit(journey, "pascale"), journey.stay("lina")

    page = plain(await pascale.get(f"/learners/{stay}"))
    tried = await send(pascale, f"/learners/{stay}/write", words="Hello", form="one")

    assert ("Write to" in page, "Family" in page, tried.status_code) == (False, False, 404)


def with_family(tx: Tx) -> None:
    """Two guardians whom the roster names; one has agreed; a third came later."""
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    for place, (name, email) in enumerate((("Samia Haddouche", "samia@domaine.example"), ("Karim Haddouche", None))):
        tx.rows.add(Guardian(person_id=lina.id, position=place, name=name, email=email))
    tx.rows.flush()
    samia, _karim = family_of(tx, lina)
    say(tx, lina, samia, given=True)
    tx.rows.add(Guardian(person_id=lina.id, position=2, name="Yamina Haddouche", email="y@e.example"))


async def test_the_family_is_told_as_states_and_counts_with_masked_addresses(begin: Begin, visit: Visit) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.db.transact(with_family)

    page = plain(await (await visit(journey, "nadia")).get(f"/learners/{journey.stay('lina')}"))

    family = page[page.index("Status messages") : page.index("Certificate of attendance")]
    assert "Samia Haddouche s…@d… ✔ Agreed, and is told just now" in family
    assert "Karim Haddouche ○ Has not answered 0" in family
    assert "Yamina Haddouche y…@e… ○ Not asked yet 0" in family
    assert "domaine" not in family


def test_an_address_is_masked() -> None:
    assert [masked(each) for each in ("anne@domaine.fr", "", "none")] == ["a…@d…", "", ""]
