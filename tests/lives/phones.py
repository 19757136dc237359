"""Where everybody is reached: each channel as its platform behaves, on the simulated clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from bot.demo.world import QuietChannel
from bot.domain.channel import NotSent, Outcome, Permanent, Sent
from bot.domain.messages import Incoming, Outgoing, Sort

CHANNELS = ("telegram", "matrix", "web")
"""Where people write; e-mail is the second path of alerts, and nobody answers there."""


class Phones(QuietChannel):
    """One channel. It carries what is no text too, edits what it showed, may be down, or blocked by one person."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name, self.repeatable = name, name == "web"
        self.blocked: set[str] = set()
        self.down = False
        self.courtesies: list[str] = []
        """To whom a word was said that is written down nowhere: addresses that nobody stands behind."""

    async def send(self, message: Outgoing) -> Outcome:
        if self.down:
            return NotSent(timedelta(minutes=5))
        if message.native in self.blocked:
            return Permanent("blocked")
        if not message.edit_of:
            await super().send(message)
        return Sent(message.edit_of or ("" if self.name == "web" else str(message.id)))

    async def say(self, native: str, text: str) -> None:
        self.courtesies.append(native)

    def read(self, native: str, raw: dict[str, Any]) -> Incoming:
        written = datetime.fromisoformat(raw["written"]) if "written" in raw else None
        if "sort" in raw:
            return Incoming(self.name, raw["address"], native, sort=Sort(raw["sort"]), at=written)
        return replace(super().read(native, raw), at=written)
