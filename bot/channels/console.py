"""The terminal as a channel: a conversation is played where it was written."""

from __future__ import annotations

import sys
from typing import TextIO

from bot.domain.channel import Channel, Outcome, Sent
from bot.domain.messages import Button, Outgoing


class ConsoleChannel(Channel):
    """Prints what one person is sent, with numbered buttons, and remembers the last ones."""

    name = "console"
    repeatable = True

    def __init__(self, native: str, out: TextIO = sys.stdout) -> None:
        self.native = native
        self.out = out
        self.buttons: tuple[Button, ...] = ()

    async def send(self, message: Outgoing) -> Outcome:
        if message.native == self.native:
            print(f"\n  {message.text.replace(chr(10), chr(10) + '  ')}", file=self.out)
            for place, button in enumerate(message.buttons, 1):
                print(f"    {place}  {button.label}", file=self.out)
            self.buttons = message.buttons or self.buttons
        return Sent()
