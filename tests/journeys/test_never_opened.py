"""Somebody to whom nothing was ever sent has never opened their link: nothing was lost that had reached them before."""

from __future__ import annotations

from sqlalchemy import delete

from bot.store.db import Tx
from bot.store.people import Address, by_ref
from tests.journeys.conftest import Begin
from tests.journeys.scenes import forget
from tests.journeys.words import UNOPENED


def never_opened(tx: Tx) -> None:
    person = by_ref(tx.rows, "lina")
    assert person is not None
    tx.rows.execute(delete(Address).where(Address.person_id == person.id))


async def test_the_alert_says_so_and_offers_an_invitation(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    forget(journey)
    await journey.do(never_opened)
    await journey.until("2027-03-06 20:30")

    told = [text for text in journey.heard("nadia") if "[" in text and UNOPENED in text]
    assert [("[New invitation]" in text, "no longer" in text) for text in told[:1]] == [(True, False)]
