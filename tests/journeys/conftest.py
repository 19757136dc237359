"""A journey on a database of its own, with the example programme cut down or in full."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from bot.domain.programme import Programme
from tests.journeys.driver import SOON, Journey
from tests.journeys.on_matrix import Encrypted, encrypted
from tests.journeys.on_telegram import Telegraph, telegraph
from tests.journeys.people import small
from tests.synapse.homeserver import Homeserver

Begin = Callable[..., Journey]


@pytest.fixture(scope="session")
def small_programme(programme: Programme) -> Programme:
    """One paper, the arrival, check-ins, the return, the report."""
    return small(programme)


@pytest.fixture
def begin(sqlite_template: Path, tmp_path: Path, programme: Programme, small_programme: Programme) -> Iterator[Begin]:
    """Begin a journey: `begin()`, `begin("2027-01-04 09:00")`, `begin(full=True)`."""
    begun: list[Journey] = []

    def start(local: str = SOON, *, full: bool = False) -> Journey:
        path = Path(shutil.copy(sqlite_template, tmp_path / f"journey-{len(begun)}.db"))
        begun.append(Journey(path, programme if full else small_programme, local))
        return begun[-1]

    yield start
    for journey in begun:
        journey.close()


@pytest.fixture
async def bot(sqlite_template: Path, tmp_path: Path, small_programme: Programme) -> AsyncIterator[Telegraph]:
    """A bot on Telegram, the week before the departures."""
    async with telegraph(sqlite_template, tmp_path, small_programme) as here:
        yield here


@pytest.fixture
async def room(
    homeserver: Homeserver, sqlite_template: Path, tmp_path: Path, small_programme: Programme
) -> AsyncIterator[Encrypted]:
    """A bot on Matrix, on a real homeserver."""
    async with encrypted(homeserver, sqlite_template, tmp_path, small_programme) as here:
        yield here
