"""Groups, the bot's coming and going, and their upgrade to supergroups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.telegram_server import shapes
from tests.telegram_server.chats import Chat

if TYPE_CHECKING:
    from tests.telegram_server.people import User


class Group(Chat):
    """A group. Anyone may talk in it: who is a member is not played."""

    def add_bot(self, by: User) -> None:
        """Somebody adds the bot: two updates, as from Telegram."""
        self._bot_becomes("member", by)
        shown = self.add({"from": by.shape, "new_chat_members": [self.world.bot]}, by)
        self.world.updates.push("message", shown.message)

    def remove_bot(self, by: User) -> None:
        """Somebody throws the bot out."""
        self._bot_becomes("kicked", by)

    def migrate(self, by: User) -> Group:
        """The group becomes a supergroup with another id; the old id answers where it went."""
        new = self.world.keep(Group(self.world, self.world.next_supergroup_id(), "supergroup", self.title))
        new.bot_status = self.bot_status
        left = self.add({"from": by.shape, "migrate_to_chat_id": new.id}, by)
        came = new.add({"from": by.shape, "migrate_from_chat_id": self.id}, by)
        self.moved_to = new.id
        self.world.updates.push("message", left.message)
        self.world.updates.push("message", came.message)
        return new

    def _bot_becomes(self, status: str, by: User) -> None:
        old, self.bot_status = self.bot_status, status
        change = shapes.member_change(self.shape, by, self.world.bot, old, status, self.world.date())
        self.world.updates.push("my_chat_member", change)
