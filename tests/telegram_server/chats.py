"""Chats: private ones, groups and channels, and what stands in them."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.telegram_server import refusals
from tests.telegram_server.refusals import Json, bad_request, forbidden
from tests.telegram_server.shown import Shown, line

if TYPE_CHECKING:
    from tests.telegram_server.people import User
    from tests.telegram_server.world import World


class Chat:
    """A conversation. `history` is everything in order, `messages` what the bot wrote."""

    def __init__(self, world: World, chat_id: int, kind: str, title: str = "") -> None:
        self.world = world
        self.id = chat_id
        self.kind = kind
        self.title = title
        self.person: User | None = None
        self.bot_status = "left"
        self.moved_to: int | None = None
        self.history: list[Shown] = []
        self.actions: list[str] = []
        """Every "is typing…" the bot has shown here."""

    @property
    def messages(self) -> list[Shown]:
        """What the bot wrote and did not delete."""
        return [shown for shown in self.history if shown.from_bot and not shown.deleted]

    @property
    def shape(self) -> Json:
        if self.person is None:
            return {"id": self.id, "type": self.kind, "title": self.title}
        person = {key: value for key, value in self.person.shape.items() if key in {"first_name", "username"}}
        return {"id": self.id, "type": self.kind, **person}

    def may_write(self) -> None:
        """Raises what Telegram says if the bot may not write here."""
        if self.moved_to is not None:
            raise bad_request(refusals.UPGRADED, migrate_to_chat_id=self.moved_to)
        if self.person is None:
            if self.bot_status in {"left", "kicked"}:
                raise forbidden(refusals.KICKED if self.bot_status == "kicked" else refusals.NOT_A_MEMBER)
            return
        if self.person.deactivated:
            raise forbidden(refusals.DEACTIVATED)
        if self.bot_status == "kicked":
            raise forbidden(refusals.BLOCKED)
        if self.bot_status == "left":
            raise forbidden(refusals.NEVER_WROTE)

    def find(self, message_id: int) -> Shown | None:
        for shown in reversed(self.history):
            if shown.id == message_id:
                return None if shown.deleted else shown
        return None

    def add(self, message: Json, by: User | None, file: bytes | None = None) -> Shown:
        """A new message, of a person or (without one) of the bot."""
        message = {"message_id": self.world.next_message_id(), "date": self.world.date(), "chat": self.shape, **message}
        name = "Bot" if by is None else by.name
        shown = Shown(self, message["message_id"], name, by is None, message, time.monotonic(), file)
        self.history.append(shown)
        self.world.changed(shown)
        return shown

    def transcript(self) -> str:
        """What was said, to read: edits follow the message with an arrow."""
        return "\n".join(_said(shown) for shown in self.history)


def _said(shown: Shown) -> str:
    texts = " → ".join(line(version) for version in shown.versions)
    kind = "" if shown.file is None else f"({len(shown.file)} bytes) "
    return f"{shown.by}: {kind}{texts}{' (deleted)' if shown.deleted else ''}"
