"""A channel that shows nothing: the play reads what people were sent from the database."""

from __future__ import annotations

from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Outgoing


class QuietChannel(Channel):
    """Takes the place of the web chat where there is no browser."""

    name = "web"
    repeatable = True

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []

    async def send(self, message: Outgoing) -> Outcome:
        self.sent.append(message)
        return Sent()

    def take(self) -> list[Outgoing]:
        """What was sent since the last look."""
        taken, self.sent = self.sent, []
        return taken
