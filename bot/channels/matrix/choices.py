"""What is put beside a message where a school asks for it, so that a tap answers it: a chip for each choice, or a poll.

No message waits for them: its choices stand in its own words, and that is all that is sent unless they are asked for.

A chip is a reaction of ours. Reactions are not encrypted (Matrix specification 1.4, m.reaction), so they are numbers,
which tell a server nothing. A poll (MSC3381) is encrypted like its message; today's apps speak it under its unstable
name, which is sent, and both names are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from bot.channels.matrix.key_exchange import KeyExchange
from bot.channels.matrix.layout import presentable, under
from bot.channels.matrix.posting import Posting
from bot.domain.messages import Outgoing, numbers

REACTION = "m.reaction"
TEN = "🔟"
ENCLOSING, VARIANT = "\u20e3", "\ufe0f"
"""What makes a keycap of a digit, and what asks for it in colour; not every keyboard sends the latter."""
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩"


def chips(labels: Sequence[str]) -> tuple[str, ...]:
    """The symbols of the choices, in their order; none where there is one that no symbol stands for."""
    found = numbers(labels)
    return tuple(_keycap(number) for number in found) if found and max(found) <= len(CIRCLED) else ()


def _keycap(number: int) -> str:
    return TEN if number == len(CIRCLED) else f"{number}{VARIANT}{ENCLOSING}"


def tapped(key: object) -> str:
    """The number that a reaction stands for, as it would be typed; empty where it stands for none."""
    bare = key.replace(VARIANT, "").removesuffix(ENCLOSING) if isinstance(key, str) else ""
    if bare in {TEN, "10"}:
        return "10"
    if len(bare) == 1 and bare in CIRCLED:
        return str(CIRCLED.index(bare) + 1)
    return bare if len(bare) == 1 and bare in "0123456789" else ""


def annotation(event: str, symbol: str) -> dict[str, dict[str, str]]:
    """What a reaction to an event says."""
    return {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": symbol}}


def transaction(message: Outgoing, event: str, number: int) -> str:
    """The name under which the homeserver takes a chip once. The event is in it, as the words are in a message's."""
    return f"compagnon-{message.id}-chip-{number}-{sha256(event.encode()).hexdigest()[:16]}"


TEXT = "org.matrix.msc1767.text"
START = "org.matrix.msc3381.poll.start"
UNSTABLE_VOTE, VOTE = "org.matrix.msc3381.poll.response", "m.poll.response"
VOTES = frozenset({UNSTABLE_VOTE, VOTE})
MOST = 20
"""Choices of a poll (MSC3381)."""
LONGEST = 340
"""Characters of a question that Element takes."""


def is_poll(message: Outgoing) -> bool:
    """Whether its choices fit into one."""
    return 2 <= len(message.buttons) <= MOST


def poll(message: Outgoing) -> dict[str, Any]:
    """What its event says. An answer's id is the token of its button, which means nothing to anybody else."""
    asked = presentable(message.text.strip().rpartition("\n")[2][:LONGEST]) or "↑"
    answers = [{"id": button.token, TEXT: presentable(button.label)} for button in message.buttons]
    said: dict[str, Any] = {
        TEXT: "\n".join([asked, *(answer[TEXT] for answer in answers)]),
        START: {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "question": {TEXT: asked, "body": asked, "msgtype": "m.text"},
            "answers": answers,
        },
    }
    return said | ({"m.relates_to": under(message.thread)} if message.thread else {})


def voted(content: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The answers that a vote names, none where it takes an earlier one back; None where it is malformed."""
    within = content.get(UNSTABLE_VOTE)
    named = within.get("answers") if isinstance(within, dict) else content.get("m.selections")
    if not isinstance(named, list) or not all(isinstance(answer, str) for answer in named):
        return None
    return tuple(named)


class Offers:
    """`chips` and `polls` are as the school wants it; where there is a poll there are no chips."""

    def __init__(self, posting: Posting) -> None:
        self.posting = posting
        self.chips, self.polls = False, False

    def size(self, message: Outgoing) -> int:
        """How many events it takes; none where there is nothing to tap."""
        if message.edit_of or not message.buttons or not message.id:
            return 0
        if self.polls and is_poll(message):
            return 1
        if message.in_words:
            return 0
        return len(chips([button.label for button in message.buttons])) if self.chips else 0

    async def put(self, exchange: KeyExchange, message: Outgoing, event: str) -> None:
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
                reader = await self.posting.reader(exchange, message)
                await self.posting.event(exchange, reader, room, START, poll(message), name)
            return
        for number, symbol in enumerate(chips([button.label for button in message.buttons]), 1):
            name = transaction(message, event, number)
            await self.posting.plain(room, message.native, REACTION, annotation(event, symbol), name)
