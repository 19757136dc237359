"""How fast a platform lets us send: so many at once, then so many a second; and when it told us to wait.

Telegram speaks of about 30 messages a second for a bot and one a second in a chat, and promises no exact figure
(core.telegram.org/bots/faq, "My bot is hitting limits"). A wait that it does name is kept exactly.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FORGOTTEN = 10_000
"""So many chats are remembered: the ones that rested longest are at their full allowance again anyway."""


@dataclass
class Bucket:
    """An allowance that fills up again by `rate` a second, up to `most`. Instants are seconds of any one clock."""

    rate: float
    most: float
    left: float
    since: float

    def refill(self, now: float) -> float:
        self.left = min(self.most, self.left + max(0.0, now - self.since) * self.rate)
        self.since = max(self.since, now)
        return self.left

    def ready(self, now: float) -> float:
        """The instant from which one more may go."""
        return now if self.refill(now) >= 1 else now + (1 - self.left) / self.rate


class Pace:
    """The allowance of one bot. Alerts do not wait for it, but they use it up: what is less urgent goes after them."""

    def __init__(self, *, rate: float, burst: float, chat_rate: float, chat_burst: float, slots: int) -> None:
        self.slots = slots
        """So many messages may be on their way at once."""
        self._all = Bucket(rate, burst, burst, 0.0)
        self._chat_rate, self._chat_burst = chat_rate, chat_burst
        self._chats: OrderedDict[str, Bucket] = OrderedDict()
        self._stopped = self._stopped_alerts = 0.0

    def ready(self, now: float, *, urgent: bool = False) -> float:
        """The instant from which the bot may send one more message to anybody."""
        if urgent:
            return max(now, self._stopped_alerts)
        return max(self._all.ready(now), self._stopped)

    def chat_ready(self, chat: str, now: float) -> float:
        """The instant from which this chat may get one more."""
        bucket = self._chats.get(chat)
        return bucket.ready(now) if bucket else now

    def take(self, chat: str, now: float) -> None:
        """One message goes to a chat."""
        self._all.refill(now)
        self._all.left -= 1
        bucket = self._chats.pop(chat, None) or Bucket(self._chat_rate, self._chat_burst, self._chat_burst, now)
        bucket.refill(now)
        bucket.left -= 1
        self._chats[chat] = bucket
        while len(self._chats) > FORGOTTEN:
            self._chats.popitem(last=False)

    def stop(self, until: float, *, urgent: bool = False) -> None:
        """The platform said to wait. Alerts to other chats are still tried, until one of them is told to wait too."""
        self._stopped = max(self._stopped, until)
        if urgent:
            self._stopped_alerts = max(self._stopped_alerts, until)
