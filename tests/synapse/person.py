"""What a human does with a Matrix client, whichever library it is built on."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, Self
from urllib.parse import quote
from uuid import uuid4

from tests.synapse.administration import Account, Refused, call
from tests.synapse.attachments import decrypted, encrypted
from tests.synapse.homeserver import Homeserver
from tests.synapse.timeline import Message, Timeline

JSON = dict[str, Any]
PATIENCE = 20.0
BREATH = 0.05
"""Seconds in which what is sent to somebody one by one comes together: a question and the chips under it."""
ENCRYPTION = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}


class Person(ABC):
    """One device of one person. It receives only while it waits (`until`, `hears`): otherwise the phone is asleep."""

    def __init__(self, homeserver: Homeserver, account: Account) -> None:
        self.homeserver = homeserver
        self.account = account
        self.user_id = account.user_id
        self.token = ""
        self.device = ""
        self.timeline = Timeline(account.user_id)
        self._heard: set[str] = set()

    @abstractmethod
    async def __aenter__(self) -> Self:
        """Log in as a new device."""

    @abstractmethod
    async def __aexit__(self, *_: object) -> None:
        """Put the phone away. The device remains, and gets keys."""

    @abstractmethod
    async def pull(self, seconds: float) -> None:
        """Take what is new, or wait for it, at most so long."""

    @abstractmethod
    async def sends(self, room: str, kind: str, content: JSON) -> str:
        """Send an event as the room wants it, that is encrypted; answers its id. `Refused` is not retried."""

    async def until(self, holds: Callable[[], object], seconds: float = PATIENCE) -> None:
        """Receive until `holds()`, which may be true of something that the homeserver does not tell us."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while not holds():
            if loop.time() >= end:
                raise AssertionError(f"Waited in vain; {self.user_id} sees:\n{self.transcript()}")
            await self.pull(min(1.0, end - loop.time()))
            await asyncio.sleep(0 if holds() else BREATH)

    async def hears(self, number: int = 1, seconds: float = PATIENCE) -> list[Message]:
        """The next messages from others, in their order. One that cannot be read has no text."""
        await self.until(lambda: len(self._unheard()) >= number, seconds)
        found = self._unheard()[:number]
        self._heard |= {message.event for message in found}
        return found

    async def shown(self, event: str) -> Message:
        """A message, also one of our own, once it has come back from the homeserver."""
        await self.until(lambda: event in self.timeline.messages)
        return self.timeline.messages[event]

    def _unheard(self) -> list[Message]:
        every = sorted(self.timeline.messages.values(), key=lambda message: message.when)
        return [one for one in every if one.sender != self.user_id and one.event not in self._heard]

    async def open_direct(
        self, other: str, *, is_encrypted: bool = True, also: tuple[str, ...] = (), preset: str = "trusted_private_chat"
    ) -> str:
        """Open a direct room and invite; answers its id. `also` makes it a room of more than two.

        As in Element both have all power in it; with the preset `private_chat` only who opened it.
        """
        asked: JSON = {"preset": preset, "is_direct": True, "invite": [other, *also]}
        asked["initial_state"] = [ENCRYPTION] * is_encrypted
        room = str((await self.asks("POST", "createRoom", asked))["room_id"])
        path = f"user/{quote(self.user_id)}/account_data/m.direct"
        try:
            direct = await self.asks("GET", path)
        except Refused:
            direct = {}
        await self.asks("PUT", path, {**direct, other: [*direct.get(other, []), room]})
        await self.until(lambda: other in self.timeline.members[room])
        return room

    async def says(self, room: str, text: str, **more: Any) -> str:
        """A plain text."""
        return await self.sends(room, "m.room.message", {"msgtype": "m.text", "body": text, **more})

    async def replies(self, message: Message, text: str) -> str:
        """A reply, outside any thread."""
        return await self.says(message.room, text, **{"m.relates_to": {"m.in_reply_to": {"event_id": message.event}}})

    async def says_in_thread(self, message: Message, text: str) -> str:
        """A text in the thread that begins at `message`, or in which it stands."""
        root = message.thread or message.event
        relation = {"rel_type": "m.thread", "event_id": root, "is_falling_back": True,
                    "m.in_reply_to": {"event_id": message.event}}  # fmt: skip
        return await self.says(message.room, text, **{"m.relates_to": relation})

    async def edits(self, room: str, event: str, text: str) -> str:
        """Other words for an earlier text."""
        new = {"msgtype": "m.text", "body": text}
        return await self.says(
            room, f"* {text}", **{"m.new_content": new, "m.relates_to": {"rel_type": "m.replace", "event_id": event}}
        )

    async def reacts(self, message: Message, symbol: str) -> str:
        """Tap a chip; reactions are not encrypted in today's clients. Answers what `untaps` needs."""
        relation = {"rel_type": "m.annotation", "event_id": message.event, "key": symbol}
        path = f"rooms/{quote(message.room)}/send/m.reaction/{uuid4()}"
        return str((await self.asks("PUT", path, {"m.relates_to": relation}))["event_id"])

    async def untaps(self, room: str, event: str) -> str:
        """Take a reaction, or a text, back; answers the id of the event that says so."""
        path = f"rooms/{quote(room)}/redact/{quote(event)}/{uuid4()}"
        return str((await self.asks("PUT", path, {}))["event_id"])

    async def votes(self, poll: Message, *answers: str) -> str:
        """Choose in a poll, as apps of today do (MSC3381); without an answer the earlier choice is taken back."""
        kind = "org.matrix.msc3381.poll.response"
        relation = {"rel_type": "m.reference", "event_id": poll.event}
        return await self.sends(poll.room, kind, {"m.relates_to": relation, kind: {"answers": list(answers)}})

    async def sends_image(
        self, room: str, image: bytes, name: str = "photo.png", mimetype: str = "image/png", caption: str = ""
    ) -> str:
        """An encrypted attachment."""
        return await self.sends_file(room, image, name, mimetype, "m.image", caption)

    async def sends_file(
        self, room: str, body: bytes, name: str, mimetype: str, msgtype: str = "m.file", caption: str = ""
    ) -> str:
        """The same for any file."""
        file, info = await encrypted(self.homeserver.url, self.token, body), {"mimetype": mimetype, "size": len(body)}
        content = {"msgtype": msgtype, "body": caption or name, "filename": name, "file": file, "info": info}
        return await self.sends(room, "m.room.message", content)

    async def saves(self, message: Message) -> bytes:
        """The bytes of an encrypted attachment that came."""
        return await decrypted(self.homeserver.url, self.token, message.content["file"])

    async def reads(self, message: Message) -> None:
        """Show the others that everything up to this message was read."""
        await self.asks("POST", f"rooms/{quote(message.room)}/receipt/m.read/{quote(message.event)}", {})

    async def types(self, room: str, *, stops: bool = False) -> None:
        """Be seen typing."""
        path = f"rooms/{quote(room)}/typing/{quote(self.user_id)}"
        await self.asks("PUT", path, {"typing": not stops, **({} if stops else {"timeout": 30_000})})

    async def joins(self, room: str) -> None:
        """Accept an invitation."""
        await self.asks("POST", f"join/{quote(room)}", {})
        await self.until(lambda: self.timeline.members[room].get(self.user_id) == "join")

    async def invites(self, room: str, user_id: str) -> None:
        """Ask somebody in."""
        await self.asks("POST", f"rooms/{quote(room)}/invite", {"user_id": user_id})

    async def leaves(self, room: str) -> None:
        """Go, for good."""
        await self.asks("POST", f"rooms/{quote(room)}/leave", {})

    async def asks(self, method: str, path: str, body: JSON | None = None) -> JSON:
        """A plain request as this device: `path` is what follows /_matrix/client/v3/."""
        return await call(self.homeserver.url, method, f"/_matrix/client/v3/{path}", self.token, body)

    def transcript(self) -> str:
        """What the screen shows."""
        lines = (
            f"{one.sender}: {one.text!r} {' '.join(one.chips)} {f'[{one.shield}]' if one.shield else ''}".rstrip()
            for one in self.timeline.messages.values()
        )
        return "\n".join(lines) or "(nothing)"
