"""The objects of updates, in the form the Bot API gives them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.telegram_server.files import Stored
from tests.telegram_server.refusals import Json
from tests.telegram_server.rules import units

if TYPE_CHECKING:
    from tests.telegram_server.people import User

ENTITY_KINDS = {
    "bot_command": re.compile(r"(?<![\w/])/[a-zA-Z0-9_]{1,32}(@\w+)?"),
    "mention": re.compile(r"(?<!\w)@[A-Za-z]\w{3,31}"),
    "url": re.compile(r"https?://\S+"),
    "email": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
}
SIDES = (90, 320, 800, 1280, 2560)
"""The longer side of the sizes Telegram makes of a picture."""


def text_fields(text: str, name: str = "text") -> Json:
    """A text with the entities a client marks in it; `name` is "caption" under a file."""
    entities = entities_in(text)
    fields: Json = {name: text}
    if entities:
        fields["entities" if name == "text" else "caption_entities"] = entities
    return fields


def entities_in(text: str) -> list[Json]:
    return [
        {"type": kind, "offset": units(text[: found.start()]), "length": units(found[0])}
        for kind, pattern in ENTITY_KINDS.items()
        for found in pattern.finditer(text)
    ]


def photo_sizes(stored: list[Stored]) -> list[Json]:
    """Small to large."""
    sides = SIDES[: len(stored)]
    return [{**each.shape, "width": side, "height": side * 3 // 4} for each, side in zip(stored, sides, strict=True)]


def sticker(stored: Stored) -> Json:
    return {
        **stored.shape,
        "type": "regular",
        "width": 512,
        "height": 512,
        "is_animated": False,
        "is_video": False,
        "emoji": "👍",
        "set_name": "Animals",
    }


def member(user: Json, status: str) -> Json:
    """A ChatMember: who is out until a date has one, an administrator has rights."""
    shape: Json = {"user": user, "status": status}
    if status == "kicked":
        shape["until_date"] = 0
    return shape


def member_change(chat: Json, by: User, bot: Json, old: str, new: str, date: int) -> Json:
    """A ChatMemberUpdated about the bot."""
    return {
        "chat": chat,
        "from": by.shape,
        "date": date,
        "old_chat_member": member(bot, old),
        "new_chat_member": member(bot, new),
    }


def full_chat(chat: Json) -> Json:
    """A ChatFullInfo, with what it must have."""
    gifts = ["unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"]
    return {
        **chat,
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(gifts, False),
    }
