"""Telegram itself, as far as one bot can see it: people, chats, files and what the bot told about itself."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from bot.clock import Clock, SystemClock
from tests.telegram_server import refusals
from tests.telegram_server.bell import Bell
from tests.telegram_server.chats import Chat
from tests.telegram_server.files import Files
from tests.telegram_server.groups import Group
from tests.telegram_server.numbers import Numbers
from tests.telegram_server.people import User
from tests.telegram_server.profile import Profile
from tests.telegram_server.refusals import Json, bad_request
from tests.telegram_server.shapes import text_fields
from tests.telegram_server.shown import Shown
from tests.telegram_server.updates import Updates

C = TypeVar("C", bound=Chat)
KNOWN = (
    "files", "profile", "chats", "users", "spinning",
    "_message_ids", "_user_ids", "_group_ids", "_channel_ids", "_query_ids",
)  # fmt: skip
"""What makes a world this one: all but its bot, and who waits or listens."""


class World:
    """The state. Everything a test does to it is synchronous; the bot's requests come through `door`."""

    def __init__(self, token: str, username: str, clock: Clock | None = None) -> None:
        self.token = token
        self.bot_id = int(token.split(":", maxsplit=1)[0])
        self.username = username
        self.clock = clock or SystemClock()
        self.privacy = False
        """With privacy on, the bot hears in groups only commands, mentions and replies to itself."""
        self.bell = Bell()
        """Rung whenever something happens at all."""
        self.updates = Updates(self.bell)
        self.files = Files()
        self.profile = Profile()
        self.chats: dict[int, Chat] = {}
        self.users: dict[int, User] = {}
        self.spinning: OrderedDict[str, User] = OrderedDict()
        """The presses not yet answered."""
        self.listeners: list[Callable[[Shown], None]] = []
        """Called with every message shown or edited."""
        self._message_ids = Numbers()
        self._user_ids = Numbers(5_000_000_001)
        self._group_ids = Numbers(-4_000_000_001, -1)
        self._channel_ids = Numbers(-1_001_000_000_001, -1)
        self._query_ids = Numbers(4_000_000_000_000_001)

    @property
    def bot(self) -> Json:
        """The bot as a User object."""
        return {"id": self.bot_id, "is_bot": True, "first_name": "Compagnon", "username": self.username}

    def user(self, name: str, language: str | None = "fr", id: int | None = None, username: str = "") -> User:  # noqa: A002
        """Someone new with Telegram, who never wrote to the bot."""
        user = User(self, self._user_ids.next() if id is None else id, name, language, username)
        self.users[user.id] = user
        self.chats[user.chat.id] = user.chat
        return user

    def group(self, title: str) -> Group:
        """A group the bot is not in yet."""
        return self.keep(Group(self, self._group_ids.next(), "group", title))

    def channel(self, title: str = "News") -> Chat:
        """A channel the bot is in."""
        chat = self.keep(Chat(self, self._channel_ids.next(), "channel", title))
        chat.bot_status = "administrator"
        return chat

    def channel_post(self, text: str, channel: Chat | None = None) -> Shown:
        """Something posted in a channel the bot is in."""
        chat = channel or self.channel()
        shown = chat.add({"sender_chat": chat.shape, **text_fields(text)}, None)
        shown.by, shown.from_bot = chat.title, False
        self.updates.push("channel_post", shown.message)
        return shown

    def keep(self, chat: C) -> C:
        self.chats[chat.id] = chat
        return chat

    def push(self, raw_update: Any) -> int:
        """Any update, however malformed; without a number it gets the next."""
        return self.updates.push_raw(raw_update if isinstance(raw_update, dict) else {"message": raw_update})

    def again(self, update_id: int) -> None:
        """An update once more."""
        self.updates.again(update_id)

    def chat(self, chat_id: int | str) -> Chat:
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad_request(refusals.NO_CHAT)
        return chat

    def next_message_id(self) -> int:
        return self._message_ids.next()

    def next_query_id(self) -> str:
        return str(self._query_ids.next())

    def next_supergroup_id(self) -> int:
        return self._channel_ids.next()

    def date(self) -> int:
        """Now, as messages carry it."""
        return int(self.clock.now().timestamp())

    def changed(self, shown: Shown) -> None:
        """Something is to be seen that was not."""
        for listener in self.listeners:
            listener(shown)
        self.bell.ring()

    def expire_presses(self) -> None:
        """All spinners end unanswered; an answer now comes too late."""
        self.spinning.clear()
        self.bell.ring()

    def to_go_on_from(self) -> bytes:
        """What became of it, for another one to go on from: people, chats, all that was said, and what was told the bot."""
        written = io.BytesIO()
        _Writing(self, written).dump(({name: vars(self)[name] for name in KNOWN}, self.updates.told))
        return written.getvalue()

    def go_on_from(self, left: bytes) -> None:
        """Take over what another one left."""
        known, self.updates.told = _Reading(self, io.BytesIO(left)).load()
        vars(self).update(known)

    def transcript(self) -> str:
        """All chats with something in them, to read."""
        return "\n\n".join(chat.transcript() for chat in self.chats.values() if chat.history)


class _Writing(pickle.Pickler):
    """Whatever stands in a world says so, and not which."""

    def __init__(self, world: World, file: io.BytesIO) -> None:
        super().__init__(file)
        self.world = world

    def persistent_id(self, found: object) -> str | None:
        return "world" if found is self.world else None


class _Reading(pickle.Unpickler):
    """It stands in this one now."""

    def __init__(self, world: World, file: io.BytesIO) -> None:
        super().__init__(file)
        self.world = world

    def persistent_load(self, _name: str) -> World:
        return self.world
