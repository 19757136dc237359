"""How fast a platform lets us send: so many at once, then so many a second; and when it told us to wait.

Telegram speaks of about 30 messages a second for a bot and one a second in a chat, and promises no exact figure
(core.telegram.org/bots/faq, "My bot is hitting limits"). So a wait that it names is kept exactly, and after one we go
at half the speed, back to the whole within a minute.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

FORGOTTEN = 10_000
"""So many chats are remembered: the ones that rested longest are at their full allowance again anyway."""
ONE = 1 - 1e-9
"""One message; what a sum of fractions falls short of it by is no reason to wait."""
RECOVERY = 60.0
"""Seconds until the whole speed is reached again."""
LEAST = 0.5
"""Messages a second that are tried however often we were told to wait."""


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

    def ready(self, now: float, number: int = 1) -> float:
        """The instant from which so many more may go; or as many as may ever go at once."""
        missing = min(number, max(1, self.most)) - self.refill(now)
        return now if missing <= 1 - ONE else max(now, self.since) + missing / self.rate


class Pace:
    """The allowance of one bot. Alerts do not wait for it, but they use it up: what is less urgent goes after them."""

    def __init__(self, *, rate: float, burst: float, chat_rate: float, chat_burst: float, slots: int) -> None:
        self.slots = slots
        """So many messages may be on their way at once."""
        self._whole = rate
        self._all = Bucket(rate, burst, burst, 0.0)
        self._chat_rate, self._chat_burst = chat_rate, chat_burst
        self._chats: OrderedDict[str, Bucket] = OrderedDict()
        self._stopped = self._stopped_alerts = 0.0
        self._told: dict[str, float] = {}
        """Chats of which we were told to wait, and until when."""

    def ready(self, now: float, number: int = 1, *, urgent: bool = False) -> float:
        """The instant from which the bot may send so many more messages to anybody."""
        if urgent:
            return max(now, self._stopped_alerts)
        return max(self._refilled(now).ready(now, number), self._stopped)

    def waits(self, now: float, chat: str = "", *, urgent: bool = False) -> float:
        """How long the platform still wants us to be silent: in general, or in a chat."""
        return max(0.0, (self._stopped_alerts if urgent else self._stopped) - now, self._told.get(chat, now) - now)

    def allowance(self, now: float) -> int:
        """How many messages may go to anybody at this instant."""
        return 0 if self._stopped > now else max(0, int(self._refilled(now).left + 1 - ONE))

    def spare(self, number: int, now: float) -> bool:
        """Take so many for what is nice to have, if no message would miss them: half of the burst is left after them,
        or is there again within a second. No chat waits longer for them.
        """
        bucket = self._refilled(now)
        enough = bucket.left - number + bucket.rate >= bucket.most / 2 and self._stopped <= now
        bucket.left -= number if enough else 0
        return enough

    def chat_ready(self, chat: str, now: float) -> float:
        """The instant from which this chat may get one more."""
        bucket = self._chats.get(chat)
        return bucket.ready(now) if bucket else now

    def take(self, chat: str, now: float) -> None:
        """One message goes to a chat."""
        self._refilled(now).left -= 1
        bucket = self._chats.pop(chat, None) or Bucket(self._chat_rate, self._chat_burst, self._chat_burst, now)
        bucket.refill(now)
        bucket.left -= 1
        self._chats[chat] = bucket
        while len(self._chats) > FORGOTTEN:
            self._chats.popitem(last=False)

    def stop(self, now: float, seconds: float, *, chat: str = "", urgent: bool = False) -> None:
        """The platform said to wait. Where it said so of a message to one chat, that chat alone rests, unless another is
        resting: then it means us all. Alerts to other chats are still tried, until one of them is told to wait too.
        """
        until = now + seconds
        if chat:
            others = [each for each, rests in self._told.items() if rests > now and each != chat]
            self._told = {each: self._told[each] for each in others} | {chat: max(self._told.get(chat, now), until)}
            if not others:
                return
        if self._stopped <= now:  # the answers to what was on its way together say one thing, not many
            self._all.rate = max(LEAST, self._refilled(now).rate / 2)
        self._stopped = max(self._stopped, until)
        self._all.left, self._all.since = min(self._all.left, 0.0), self._stopped  # nothing is saved up meanwhile
        if urgent:
            self._stopped_alerts = max(self._stopped_alerts, until)

    def _refilled(self, now: float) -> Bucket:
        """The bot's bucket as it is now. Its speed comes back little by little."""
        passed = max(0.0, now - self._all.since)
        self._all.refill(now)
        self._all.rate = min(self._whole, self._all.rate + passed * self._whole / RECOVERY)
        return self._all
