"""Which rooms we enter, and which we leave: the reason stands in the room's own history, where everybody can read it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog

from bot.channels.matrix.arrivals import listed, table
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.client_api import CallError, Refused, TooFast, part
from bot.channels.matrix.key_exchange import KeyExchange
from bot.channels.matrix.rooms import Invitation
from bot.channels.matrix.trust import CHANGED
from bot.i18n import Text, _, best_language, render

log = structlog.get_logger()
ALONE = _("I only talk with one person at a time: open a direct conversation with me alone, and write there.")
ENCRYPTED = _("I only talk in encrypted rooms: open a direct conversation with me, encrypted, and write there.")
UNSIGNED = _(
    "I can only write to devices that you have confirmed yourself: set up « secure backup » in your app's settings, "
    "then open a conversation with me again. In danger, call 112."
)
WHY: dict[str, Text] = {"crowd": ALONE, "plain": ENCRYPTED}


class Membership:
    """`invited` are the invitations that were not yet answered."""

    def __init__(self, channel: MatrixChannel) -> None:
        self.channel = channel
        self.invited: dict[str, Invitation] = {}
        self._entered: set[str] = set()

    def note(self, answer: Mapping[str, Any]) -> None:
        """Take the invitations off a sync; what we are in or out of needs no answer any more."""
        rooms = table(answer, "rooms")
        for room_id, told in table(rooms, "invite").items():
            wish = Invitation.read(self.channel.account.user_id, listed(table(told, "invite_state"), "events"))
            if wish is not None:
                self.invited[room_id] = wish
        for room_id in (*table(rooms, "join"), *table(rooms, "leave")):
            self.invited.pop(room_id, None)

    async def tend(self, exchange: KeyExchange) -> None:
        """Answer invitations, and leave where we must not stay.

        Raises:
            TooFast: the homeserver says to wait; the rest is done the next time.
        """
        for room_id, wish in list(self.invited.items()):
            await self._answer(room_id, wish)
            self.invited.pop(room_id, None)
        us = self.channel.account.user_id
        for room in list(self.channel.rooms.rooms.values()):
            if room.members.get(us) == "join" and (problem := room.problem(us)):
                await self._leave(room.id, WHY.get(problem), aloud=problem == "plain")
        for room_id in list(self._entered & self.channel.rooms.rooms.keys()):
            await self._look(exchange, room_id)
            self._entered.discard(room_id)

    async def _answer(self, room_id: str, wish: Invitation) -> None:
        follows = self.channel.rooms.successors.get(room_id) == wish.by  # an upgrade makes a new room of the old one
        if not ((wish.direct or follows) and wish.encrypted):
            return await self._leave(room_id, ENCRYPTED if wish.direct else ALONE)
        try:
            await self.channel.server.call("POST", f"/rooms/{part(room_id)}/join", {})
            self.channel.rooms.entering[room_id] = wish.by
            self._entered.add(room_id)
        except Refused as refused:  # withdrawn, or a room of a kind we cannot enter
            log.warning("invitation not followed", channel="matrix", state=refused.code)
        return None

    async def _look(self, exchange: KeyExchange, room_id: str) -> None:
        """Whoever invited us must have a device that may read our answers."""
        person = self.channel.rooms.rooms[room_id].other(self.channel.account.user_id)
        trust = await exchange.trust(person) if person else None
        if trust is not None and trust.problem and trust.problem != CHANGED:
            await self._leave(room_id, UNSIGNED)

    async def _leave(self, room_id: str, why: Text | None, *, aloud: bool = False) -> None:
        words = render(why, best_language(None)) if why else ""
        try:
            if aloud and words:  # nothing is encrypted there: nothing personal is said
                path = f"/rooms/{part(room_id)}/send/m.room.message/leaving"
                await self.channel.server.call("PUT", path, {"msgtype": "m.notice", "body": words})
            await self.channel.server.call("POST", f"/rooms/{part(room_id)}/leave", {"reason": words} if words else {})
        except TooFast:
            raise
        except CallError as problem:
            log.warning("room not left", channel="matrix", state=type(problem).__name__)
            return
        self.channel.rooms.drop(room_id)
