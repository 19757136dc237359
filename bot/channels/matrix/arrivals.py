"""What a sync brings, as rows of the inbox: decrypted, gaps filled, and what cannot be read yet kept until its key comes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import structlog

from bot.channels.arrival import Batch
from bot.channels.matrix.channel import MatrixChannel
from bot.channels.matrix.client_api import CallError, Refused, part
from bot.channels.matrix.key_exchange import KeyExchange
from bot.channels.matrix.reading import REDACTION, redacted, row
from bot.channels.matrix.undecrypted import PATIENCE, Undecrypted

log = structlog.get_logger()
PAGES = 100
"""So many pages of a hundred events are fetched to fill a gap."""
TOLD = ("type", "sender", "event_id", "content", "origin_server_ts", "state_key", "unsigned", "redacts")
"""What of an event is taken as the homeserver says it; that it was encrypted only we can say."""


class Arrivals:
    """`sealed` are the events whose key has not come yet."""

    def __init__(self, channel: MatrixChannel, *, patience: float = PATIENCE) -> None:
        self.channel, self.undecrypted = channel, Undecrypted(patience)
        self._unjudged: set[str] = set()

    async def take(self, exchange: KeyExchange, answer: Mapping[str, Any], since: str) -> Batch:
        """Rows for the inbox. Keys come first, so that they open what came with them.

        Raises:
            CallError: a gap could not be filled; the same sync must be asked for again.
        """
        machine = exchange.machine
        machine.counted(table(answer, "device_one_time_keys_count"), answer.get("device_unused_fallback_key_types"))
        machine.absorb(listed(table(answer, "to_device"), "events"))
        exchange.changed(table(answer, "device_lists"))
        rooms = table(answer, "rooms")
        await self._judge(exchange, writers(rooms) | self.undecrypted.writers())
        batch = self.undecrypted.opened(partial(self._read, exchange), self.channel.rooms.direct)
        for room_id, told in [*table(rooms, "join").items(), *table(rooms, "leave").items()]:
            try:
                left = room_id not in table(rooms, "join")
                batch += (
                    self._left(exchange, room_id, told) if left else await self._joined(exchange, room_id, told, since)
                )
            except CallError:
                raise
            except Exception:  # whatever is wrong with one room hinders no other
                log.exception("room not understood", channel="matrix")
        self.channel.rooms.known = True
        return batch

    async def _judge(self, exchange: KeyExchange, users: set[str]) -> None:
        """Ask which devices are these people's own: what another wrote in their name is not theirs."""
        self._unjudged = set()
        for user_id in users - {self.channel.account.user_id}:
            try:
                await exchange.trust(user_id)
            except CallError as problem:  # their homeserver is away: what they say is taken for theirs
                self._unjudged.add(user_id)
                log.warning("devices not known", channel="matrix", state=type(problem).__name__)

    def _read(self, exchange: KeyExchange, room_id: str, event: Mapping[str, Any]) -> dict[str, Any] | None:
        """What an encrypted event says, if it can be read; and whether a device of its author's own wrote it."""
        opened = exchange.machine.decrypt(room_id, event)
        if opened is not None and opened.get("sender") in self._unjudged:
            del opened["verified"]
        return opened

    async def _joined(self, exchange: KeyExchange, room_id: str, told: Mapping[str, Any], since: str) -> Batch:
        rooms, timeline = self.channel.rooms, table(told, "timeline")
        rooms.take_all(room_id, events(table(told, "state")))
        earlier: list[dict[str, Any]] = []
        if since and timeline.get("limited") is True and isinstance(timeline.get("prev_batch"), str):
            earlier = await self._earlier(room_id, timeline["prev_batch"], since)
        batch: Batch = []
        for event in earlier:
            batch += self._rows(exchange, room_id, event, direct=rooms.direct(room_id))
        for event in events(timeline):
            before = rooms.direct(room_id)
            rooms.take(room_id, event)
            if event.get("type") == "m.room.member":
                exchange.conversations.drop(room_id)
            if since:  # without one it is history of an earlier life
                batch += self._rows(exchange, room_id, event, direct=before or rooms.direct(room_id))
        return batch

    async def _earlier(self, room_id: str, place: str, since: str) -> list[dict[str, Any]]:
        """What happened between the last sync and what this one shows of the room, oldest first."""
        found: list[dict[str, Any]] = []
        query = {"dir": "b", "to": since, "limit": "100"}
        for _page in range(PAGES):
            try:
                page = await self.channel.server.call(
                    "GET", f"/rooms/{part(room_id)}/messages", query=query | {"from": place}
                )
            except Refused:
                return found[::-1]  # we are not in it any more
            chunk = events(page, "chunk")
            found += chunk
            if not chunk or not isinstance(page.get("end"), str):
                return found[::-1]
            place = page["end"]
        log.error("gap not filled", channel="matrix", state=f"{len(found)} events")
        return found[::-1]

    def _rows(self, exchange: KeyExchange, room_id: str, event: dict[str, Any], *, direct: bool) -> Batch:
        if event.get("sender") == self.channel.account.user_id:
            return []
        told = {name: event[name] for name in TOLD if name in event}
        if "state_key" in event:
            return self._moved(room_id, told, direct=direct)
        if event.get("type") == REDACTION:
            self.undecrypted.forget(redacted(event))
        if is_redacted(event):
            return []
        if event.get("type") == "m.room.encrypted":
            opened = self._read(exchange, room_id, event)
            if opened is None:
                self.undecrypted.keep(room_id, told)
                return []
            told = opened
        return [row(room_id, told, direct=direct)]

    def _moved(self, room_id: str, event: dict[str, Any], *, direct: bool) -> Batch:
        """Somebody came or left: of interest where they are gone altogether, or here again."""
        person = event.get("sender")
        if event.get("type") != "m.room.member" or event.get("state_key") != person or not isinstance(person, str):
            return []
        if event.get("content", {}).get("membership") == "leave" and self.channel.rooms.with_person(person):
            return []
        return [row(room_id, event, direct=direct)]

    def _left(self, exchange: KeyExchange, room_id: str, told: Mapping[str, Any]) -> Batch:
        """We are out of a room: thrown out, if it was not we who left."""
        us, direct = self.channel.account.user_id, self.channel.rooms.direct(room_id)
        self.channel.rooms.drop(room_id)
        exchange.conversations.drop(room_id)
        for event in [*events(table(told, "state")), *events(table(told, "timeline"))]:
            by = event.get("sender")
            if (
                event.get("type") == "m.room.member"
                and event.get("state_key") == us
                and isinstance(by, str)
                and by != us
            ):
                known = self.channel.rooms.with_person(by)
                return (
                    []
                    if known
                    else [row(room_id, {name: event[name] for name in TOLD if name in event}, direct=direct)]
                )
        return []


def writers(rooms: Mapping[str, Any]) -> set[str]:
    """Who sent something encrypted, in any room."""
    timelines = (events(table(told, "timeline")) for told in table(rooms, "join").values())
    sent = (event for timeline in timelines for event in timeline if event.get("type") == "m.room.encrypted")
    return {event["sender"] for event in sent if isinstance(event.get("sender"), str)}


def is_redacted(event: Mapping[str, Any]) -> bool:
    """It was taken back before it came to us: there is nothing in it that could be read."""
    return "redacted_because" in table(event, "unsigned")


def table(told: object, name: str) -> dict[str, Any]:
    """A table within another; empty where there is none."""
    found = told.get(name) if isinstance(told, Mapping) else None
    return found if isinstance(found, dict) else {}


def listed(told: Mapping[str, Any], name: str) -> list[Any]:
    found = told.get(name)
    return found if isinstance(found, list) else []


def events(told: Mapping[str, Any], name: str = "events") -> list[dict[str, Any]]:
    """The events of a list; what is none is left out: a homeserver that sends such has other troubles."""
    return [event for event in listed(told, name) if isinstance(event, dict)]
