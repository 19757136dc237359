"""Pressing buttons: those that are shown, and those a slow phone still shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.telegram_server.chats import Chat
from tests.telegram_server.refusals import Json
from tests.telegram_server.shown import Shown

if TYPE_CHECKING:
    from tests.telegram_server.people import User
    from tests.telegram_server.world import World


class Presses:
    """Each method answers the id of the press, which stays in `spinning` until the bot has answered it."""

    world: World
    chat: Chat

    def presses(self, label: str | int, message: Shown | None = None, chat: Chat | None = None) -> str:
        """Presses a button by its label or its place, counted from 1.

        Without a message it is the newest one that shows such a button.
        """
        chat = chat or (message.chat if message else self.chat)
        for shown in [message] if message else reversed(chat.messages):
            place = _place(label, shown.buttons)
            if place is not None:
                return self._press(shown, shown.data[place])
        raise LookupError(f"no button {label!r}; on offer: {_offer(chat)}")

    def presses_old(self, message: Shown, label: str) -> str:
        """Presses a button that an earlier version of the message had."""
        for version in reversed(message.versions):
            if label in version.buttons:
                return self._press(message, version.data[version.buttons.index(label)])
        raise LookupError(f"{message!r} never had a button {label!r}, but {[v.buttons for v in message.versions]}")

    @property
    def spinning(self) -> list[str]:
        """The presses whose button still shows the little clock."""
        return [query for query, user in self.world.spinning.items() if user is self]

    def _press(self, shown: Shown, data: str) -> str:
        if not data:
            raise LookupError(f"{shown!r}: this button opens a link")
        query, person = self.world.next_query_id(), self._who
        self.world.spinning[query] = person
        self.world.updates.push(
            "callback_query",
            {
                "id": query,
                "from": person.shape,
                "message": _accessible(shown),
                "chat_instance": str(-shown.chat.id),
                "data": data,
            },
        )
        self.world.bell.ring()
        return query

    @property
    def _who(self) -> User:
        person = self.chat.person
        assert person is not None
        return person


def _place(label: str | int, buttons: list[str]) -> int | None:
    if isinstance(label, int):
        return label - 1 if 1 <= label <= len(buttons) else None
    return buttons.index(label) if label in buttons else None


def _offer(chat: Chat) -> str:
    """The buttons there are, newest message first."""
    rows = [" ".join(f"[{label}]" for label in shown.buttons) for shown in reversed(chat.messages) if shown.buttons]
    return "; ".join(rows) or "no buttons at all"


def _accessible(shown: Shown) -> Json:
    """The message of a press; of a deleted one only its place is left."""
    if shown.deleted:
        return {"chat": shown.chat.shape, "message_id": shown.id, "date": 0}
    return shown.message
