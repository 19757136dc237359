"""Numbers that are given once: of messages, people, chats, files."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Numbers:
    """What `itertools.count` is, and can be kept for another process: from Python 3.14 on that one cannot."""

    following: int = 1
    step: int = 1

    def next(self) -> int:
        """A number that nobody has."""
        given = self.following
        self.following += self.step
        return given
