"""What many journeys begin with is played once; the next one that begins so goes on from a copy of what it left."""

from __future__ import annotations

import functools
import hashlib
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Coroutine, Hashable
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from bot.domain.messages import Outgoing

if TYPE_CHECKING:
    from tests.journeys.driver import Journey
    from tests.journeys.invariants import Watch

P = ParamSpec("P")
T = TypeVar("T")
_FOLDER = tempfile.TemporaryDirectory(prefix="compagnon-journeys-")
_numbers = count()


@dataclass(frozen=True)
class Left:
    """What a beginning left: its database, where its clock stood, and what the driver had counted."""

    path: Path
    now: datetime
    received: int
    looked: dict[str, tuple[int, tuple[str, ...]]]
    sent: tuple[Outgoing, ...]
    watch: Watch
    """What was found right already, when those who were told had the right."""
    answer: Any
    """What the beginning returned: a link, where it made one."""
    programme: Any
    """Kept alive: it is part of the key by its identity."""


_left: dict[Hashable, Left] = {}


async def remembered(journey: Journey, name: Hashable, play: Callable[[], Awaitable[T]]) -> T:
    """Play it; or, where the same was played before on the same rows, programme and clock, take over what it left."""
    beginning = _beginning(journey)
    if beginning is None:
        return await play()
    key = (beginning, id(journey.programme), journey.clock.now(), name)
    if key not in _left:
        answer = await play()
        _left[key] = _leave(journey, answer)
        return answer
    _take_over(journey, _left[key])
    return cast(T, _left[key].answer)


def _beginning(journey: Journey) -> str | None:
    """What tells one untouched database from another; None where something happened already."""
    if not journey.untouched or Path(f"{journey.path}-wal").exists():
        return None
    return hashlib.blake2b(journey.path.read_bytes()).hexdigest()


def _leave(journey: Journey, answer: Any) -> Left:
    path = Path(_FOLDER.name) / f"{next(_numbers)}.db"
    _closed(journey, lambda: shutil.copy(journey.path, path))
    looked, sent = dict(journey.looked), tuple(journey.channel.sent)
    return Left(path, journey.clock.now(), journey.received, looked, sent, journey.watch, answer, journey.programme)


def _take_over(journey: Journey, left: Left) -> None:
    journey.received, journey.looked, journey.channel.sent = left.received, dict(left.looked), list(left.sent)
    journey.clock.move_to(left.now)
    _closed(journey, lambda: shutil.copy(left.path, journey.path))
    journey.watch.go_on_from(left.watch)


def _closed(journey: Journey, copy: Callable[[], Any]) -> None:
    """With nobody at the file: what was written is then in it."""
    watch = journey.watch
    journey.close()
    copy()
    journey.open()
    journey.watch.go_on_from(watch)


Scene = Callable[Concatenate["Journey", P], Coroutine[Any, Any, T]]


def scene(play: Scene[P, T]) -> Scene[P, T]:
    """A beginning that several tests share."""

    @functools.wraps(play)
    async def begin(journey: Journey, /, *args: P.args, **kwargs: P.kwargs) -> T:
        name = (play.__module__, play.__qualname__, args, tuple(sorted(kwargs.items())))
        return await remembered(journey, name, lambda: play(journey, *args, **kwargs))

    return begin
