"""Rosters that were read and wait for a yes: in memory only, for half an hour, for whoever brought them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.roster import Roster

KEPT = timedelta(minutes=30)
MOST = 20
"""With more the oldest is forgotten: its owner sends the file again."""


@dataclass(frozen=True)
class Draft:
    """One roster, and whose it is."""

    person: int
    name: str
    roster: Roster
    at: datetime


class Drafts:
    """By token. A person has one: the next replaces it."""

    def __init__(self) -> None:
        self._kept: dict[str, Draft] = {}

    def keep(self, draft: Draft) -> str:
        """Its token."""
        self._kept = {token: each for token, each in self._kept.items() if each.person != draft.person}
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        token = secrets.token_urlsafe(16)
        self._kept[token] = draft
        return token

    def find(self, token: str, person: int, now: datetime) -> Draft | None:
        """What is kept under a token, for whoever brought it."""
        self._kept = {token: each for token, each in self._kept.items() if now - each.at < KEPT}
        found = self._kept.get(token)
        return found if found and found.person == person else None

    def drop(self, token: str) -> None:
        self._kept.pop(token, None)
