"""The queue of updates: kept until confirmed, read by one at a time."""

from __future__ import annotations

from typing import Any

from tests.telegram_server.bell import Bell
from tests.telegram_server.refusals import OTHER_POLL, WEBHOOK_ACTIVE, Json, conflict

ON_REQUEST_ONLY = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
"""Kinds that only come to a bot that names them."""

FAR = 10
"""An offset further ahead than this is not believed, and reading starts at the oldest update (tdlib does so).

That is what makes a bot whose numbers restarted lower hear anything at all."""


class Updates:
    """What the bot has not confirmed yet, in order."""

    def __init__(self, bell: Bell, first: int = 700_000_001) -> None:
        self.bell = bell
        self.next_id = first
        self.pending: list[Json] = []
        self.past: dict[int, Json] = {}
        """Every update there ever was, to send one again."""
        self.allowed: list[str] = []
        self.wanted = False
        """Whether a bot ever asked for updates."""
        self._reader = 0
        self._readers = 0
        self._ended_by = ""

    @property
    def told(self) -> tuple[int, list[Json], dict[int, Json]]:
        """The next number, what waits, and all there ever was."""
        return self.next_id, self.pending, self.past

    @told.setter
    def told(self, told: tuple[int, list[Json], dict[int, Json]]) -> None:
        self.next_id, self.pending, self.past = told

    def restart(self, at: int) -> None:
        """The next update gets this number, as after a quiet week."""
        self.next_id = at

    def push(self, kind: str, content: Any) -> int | None:
        """Queue an update of a kind; None if the bot did not want this kind."""
        if not self._allows(kind):
            return None
        return self.push_raw({kind: content})

    def push_raw(self, update: Json) -> int:
        """Queue any object; it gets a number unless it has one."""
        update = {"update_id": self.next_id, **update}
        number = update["update_id"]
        if isinstance(number, int):
            self.next_id = max(self.next_id, number + 1)
            self.past[number] = update
        self.pending.append(update)
        self.bell.ring()
        return int(number)

    def again(self, update_id: int) -> None:
        """Queue an old update once more, under its old number, in front."""
        self.pending.insert(0, self.past[update_id])
        self.bell.ring()

    def forget_all(self) -> None:
        self.pending.clear()

    async def read(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """What getUpdates answers: at once if there is something, else when something comes."""
        self.end_poll(OTHER_POLL)
        reader = self._reader
        self._starts_reading()
        self._confirm(offset)
        self._readers += 1
        try:
            await self.bell.until(lambda: bool(self.pending) or self._reader != reader, seconds)
        finally:
            self._readers -= 1
        if self._reader != reader:
            raise conflict(self._ended_by)
        return self.pending[:limit]

    def end_poll(self, why: str = WEBHOOK_ACTIVE) -> None:
        """Whoever reads now is told why there is nothing more to read."""
        self._reader += 1
        self._ended_by = why
        if self._readers:
            self.bell.ring()

    def _starts_reading(self) -> None:
        if not self.wanted:
            self.wanted = True
            self.bell.ring()

    def _allows(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in ON_REQUEST_ONLY

    def _confirm(self, offset: int) -> None:
        before = len(self.pending)
        if offset < 0:
            self.pending = self.pending[offset:]
        elif 0 < offset <= self.next_id + FAR:
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
        if len(self.pending) < before:
            self.bell.ring()
