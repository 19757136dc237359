"""A person with Telegram on the phone: what they can do, and what they see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.telegram_server import shapes
from tests.telegram_server.chats import Chat
from tests.telegram_server.eyes import Eyes
from tests.telegram_server.posts import Posts
from tests.telegram_server.presses import Presses
from tests.telegram_server.refusals import Json

if TYPE_CHECKING:
    from tests.telegram_server.world import World


class User(Posts, Presses, Eyes):
    """What a person does reaches the bot at once as an update; without a `chat` it is the private one."""

    def __init__(self, world: World, user_id: int, name: str, language: str | None, username: str) -> None:
        self.world = world
        self.id = user_id
        self.name = name
        self.language = language
        self.username = username
        self.deactivated = False
        self.toasts: list[str] = []
        """What answers to presses have flashed on the screen."""
        self.chat = Chat(world, user_id, "private")
        self.chat.person = self
        self._seen = 0

    @property
    def shape(self) -> Json:
        """A User object."""
        shape: Json = {"id": self.id, "is_bot": False, "first_name": self.name}
        if self.username:
            shape["username"] = self.username
        if self.language:
            shape["language_code"] = self.language
        return shape

    def blocks(self) -> None:
        """Stops the bot; it may not write any more."""
        self._bot_becomes("kicked")

    def unblocks(self) -> None:
        """Restarts the bot without writing."""
        self._bot_becomes("member")

    def deactivate(self) -> None:
        """The account is deleted; the bot hears nothing of it."""
        self.deactivated = True

    def _bot_becomes(self, status: str) -> None:
        world, old = self.world, "member" if self.chat.bot_status == "left" else self.chat.bot_status
        self.chat.bot_status = status
        change = shapes.member_change(self.chat.shape, self, world.bot, old, status, world.date())
        world.updates.push("my_chat_member", change)
        world.bell.ring()
