"""What many journeys begin with is played once a run; the next one that begins so, in whichever process, goes on from a copy
of what it left.
"""

from __future__ import annotations

import functools
import hashlib
import os
import pickle
import shutil
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from bot.domain.messages import Outgoing
from bot.domain.programme import Programme
from tests.in_memory import in_common, leave

if TYPE_CHECKING:
    from tests.journeys.driver import Journey, Stored

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Left:
    """What a beginning left: its database, where its clock stood, and what the driver had counted."""

    database: str
    """The name of its file."""
    now: datetime
    received: int
    looked: dict[str, list[Stored]]
    sent: dict[str, list[Outgoing]]
    """By channel."""
    right: tuple[int, frozenset[int]]
    """What was found right already, when those who were told had the right."""
    answer: Any
    """What the beginning returned: a link, where it made one."""


async def remembered(journey: Journey, name: tuple[Any, ...], play: Callable[[], Awaitable[T]]) -> T:
    """Play it; or, where the same was played before on the same rows, programme, channels and clock, take over what it left."""
    rows = _beginning(journey)
    if rows is None:
        return await play()
    told = repr((journey.clock.now(), [*journey.channels], name))
    assert " at 0x" not in told, "what it is called says all that it depends on"
    kept = beginnings() / digest(rows, words_of(journey.programme), told.encode())
    if not kept.exists():
        answer = await play()
        _leave(journey, kept, answer)
        return answer
    left: Left = pickle.loads(kept.read_bytes())
    _take_over(journey, left)
    return cast(T, left.answer)


def beginnings() -> Path:
    folder = in_common() / "beginnings"
    folder.mkdir(exist_ok=True)
    return folder


def _beginning(journey: Journey) -> bytes | None:
    """The rows of an untouched database; None where something happened already."""
    if not journey.untouched:
        return None
    if Path(f"{journey.path}-wal").exists():  # the test has written something
        _closed(journey, lambda: None)
    return journey.path.read_bytes()


@functools.cache
def words_of(programme: Programme) -> bytes:
    """What a programme says: in another process it is another object."""
    return programme.model_dump_json().encode()


def digest(*parts: bytes) -> str:
    found = hashlib.blake2b(digest_size=20)
    for part in parts:
        found.update(hashlib.blake2b(part).digest())
    return found.hexdigest()


def _leave(journey: Journey, kept: Path, answer: Any) -> None:
    """Nobody finds half of it: two processes may play the same at once, and each leaves a database of its own."""
    mine = kept.with_name(f"{kept.name}-{os.getpid()}.db")
    _closed(journey, lambda: shutil.copy(journey.path, mine))
    looked, sent = journey.looked, {name: channel.sent for name, channel in journey.channels.items()}
    left = Left(mine.name, journey.clock.now(), journey.received, looked, sent, journey.watch.right, answer)
    leave(kept, left)


def _take_over(journey: Journey, left: Left) -> None:
    """Nobody is at the file: it was read as it lies there."""
    journey.received = journey.watch.received = left.received
    journey.looked = left.looked
    for name, channel in journey.channels.items():
        channel.sent = left.sent[name]
    journey.clock.move_to(left.now)
    shutil.copy(beginnings() / left.database, journey.path)
    journey.watch.go_on_from(left.right)


def _closed(journey: Journey, copy: Callable[[], Any]) -> None:
    """With nobody at the file: what was written is then in it."""
    right = journey.watch.right
    journey.close()
    copy()
    journey.open()
    journey.watch.go_on_from(right)


Scene = Callable[Concatenate["Journey", P], Coroutine[Any, Any, T]]


def scene(play: Scene[P, T]) -> Scene[P, T]:
    """A beginning that several tests share."""

    @functools.wraps(play)
    async def begin(journey: Journey, /, *args: P.args, **kwargs: P.kwargs) -> T:
        name = (play.__module__, play.__qualname__, args, tuple(sorted(kwargs.items())))
        return await remembered(journey, name, lambda: play(journey, *args, **kwargs))

    return begin
