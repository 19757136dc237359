"""The campaign of `malformed.py`, small."""

from __future__ import annotations

from tests.attacks.malformed import campaign
from tests.journeys.conftest import bot, small_programme
from tests.journeys.on_telegram import Telegraph

__all__ = ["bot", "small_programme"]


async def test_whatever_comes_in_without_a_shape_ends_nothing_and_a_cry_behind_it_is_heard(bot: Telegraph) -> None:
    figures = await campaign(bot, 340, seed=4)

    assert (figures["updates"], figures["events"], figures["requests"], figures.wrong()) == (300, 68, 66, [])
