"""The first words after a cry are true at that moment, also where another process has changed what they say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.clock import SimulatedClock
from bot.demo.world import QuietChannel
from bot.domain.programme import Programme
from bot.runtime.best_effort import Cards
from bot.store.db import Database, Tx
from bot.store.people import by_ref
from tests.journeys.people import join, settle_in


@pytest.fixture
def another(database_url: str, database: Database, clock: SimulatedClock, programme: Programme) -> Iterator[Database]:
    """A second process on the same database."""
    opened = Database(database_url, clock, programme, durable=False)
    yield opened
    opened.close()


def speak_french(tx: Tx) -> None:
    lina = by_ref(tx.rows, "lina")
    assert lina is not None
    lina.language = "fr"


async def test_what_another_process_has_changed_counts_at_once(database: Database, another: Database) -> None:
    channel = QuietChannel()
    cards = Cards(database, {"web": channel})
    await another.transact(settle_in, ("lina",))
    await another.transact(join, "lina")
    await cards.follow()
    if channel.card_now is None:
        assert database.engine.dialect.name == "sqlite"  # there one process alone may run, which heard of it
        return
    english = await channel.card_now("lina")
    await another.transact(speak_french)

    assert (english or "").startswith("🆘 Immediate danger: call 112 now.")
    assert (await channel.card_now("lina") or "").startswith("🆘 Danger immédiat")
    assert (await channel.card_now("nobody"), dict(channel.cards)) == (None, {})
