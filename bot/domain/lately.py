"""What was done not long ago, so that it is not done again."""

from __future__ import annotations

from collections import OrderedDict

REMEMBERED = 10_000


class Lately:
    """Instants are seconds of any one clock."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._done: OrderedDict[str, float] = OrderedDict()

    def first(self, key: str, now: float) -> bool:
        """Whether it was not done lately; from now on it was."""
        if now - self._done.get(key, -self.seconds - now) < self.seconds:
            return False
        self._done[key] = now
        self._done.move_to_end(key)
        while len(self._done) > REMEMBERED:
            self._done.popitem(last=False)
        return True

    def forget(self, key: str) -> None:
        self._done.pop(key, None)
