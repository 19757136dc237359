"""What is done beside the rest and waited for by nobody."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.arrival import Errands


async def test_so_much_of_a_kind_at_once_and_one_that_fails_ends_nobody() -> None:
    errands, done = Errands("here", {"word": 2}), []

    async def say(word: str) -> None:
        done.append(word)
        if word == "bad":
            raise ValueError(word)

    async with errands.open():
        for word in ("one", "bad", "too many"):
            errands.start("word", say(word))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        errands.start("word", say("later"))
    errands.start("word", say("nobody keeps us going"))

    assert done == ["one", "bad", "later"]


async def test_what_was_never_begun_is_closed_and_its_place_is_free() -> None:
    errands, done = Errands("here", {"word": 1}), []

    async def say(word: str) -> None:
        done.append(word)

    async def stopped() -> None:
        async with errands.open():
            errands.start("word", say("never begun"))
            raise KeyError

    with pytest.raises(ExceptionGroup):
        await stopped()
    async with errands.open():
        errands.start("word", say("begun"))

    assert done == ["begun"]
