"""What is put beside a message so that a tap answers it: a chip for each choice, or a poll. The text alone suffices."""

from __future__ import annotations

from bot.channels.matrix.chips import REACTION, annotation, chips, transaction
from bot.channels.matrix.exchange import Exchange
from bot.channels.matrix.polls import START, is_poll, poll
from bot.channels.matrix.posting import Posting
from bot.domain.messages import Outgoing


class Offers:
    """`chips` and `polls` are as the school wants it; where there is a poll there are no chips."""

    def __init__(self, posting: Posting) -> None:
        self.posting = posting
        self.chips, self.polls = True, False

    def size(self, message: Outgoing) -> int:
        """How many events it takes; none where there is nothing to tap."""
        if message.edit_of or not message.buttons or not message.id:
            return 0
        if self.polls and is_poll(message):
            return 1
        if message.in_words:
            return 0
        return len(chips([button.label for button in message.buttons])) if self.chips else 0

    async def put(self, exchange: Exchange, message: Outgoing, event: str) -> None:
        """Put it beside the event that shows the choices.

        Raises:
            CallError, NoReader: it could not be done, or only in part.
        """
        room = self.posting.rooms.with_person(message.native)
        if room is None:
            return
        if self.polls and is_poll(message):
            async with self.posting.turn(message.native):
                name = transaction(message, event, 0)
                await self.posting.event(exchange, room, message.native, START, poll(message), name)
            return
        for number, symbol in enumerate(chips([button.label for button in message.buttons]), 1):
            name = transaction(message, event, number)
            await self.posting.plain(room, message.native, REACTION, annotation(event, symbol), name)
