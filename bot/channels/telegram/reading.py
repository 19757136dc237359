"""Taking Telegram's shape off an update. Needs no bot and asks nobody: it is done again whenever a row is read again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from telegram import CallbackQuery, Chat, ChatMemberUpdated, Message, PhotoSize, Update, User
from telegram.constants import ChatType, MessageAttachmentType, MessageType, UpdateType

from bot.domain.channel import Unreadable, storable
from bot.domain.messages import Attached, Incoming, Sort, Unseen
from bot.domain.person import clean_name

NAME = "telegram"
READ = (UpdateType.MESSAGE, UpdateType.EDITED_MESSAGE, UpdateType.CALLBACK_QUERY, UpdateType.MY_CHAT_MEMBER)
"""The updates we ask for; Telegram keeps the others to itself."""
ELSEWHERE = frozenset(kind.value for kind in UpdateType) - {kind.value for kind in READ}
SIGNS = frozenset(
    {"text", "checklist", "giveaway", "giveaway_winners", "gift", "unique_gift", "effect_id", "business_connection_id",
     "reply_to_story", "sender_boost_count", "sender_business_bot", "suggested_post_info"}
)  # fmt: skip
"""What a message a person wrote may bear, beside what is attached to it."""
ATTACHED = frozenset(kind.value for kind in MessageAttachmentType)
ADDRESSED = re.compile(r"\A(/\w+)@\w+")
"""A command as clients complete it: `/sos@our_bot`. In a private chat nobody else can be meant."""
FILES = frozenset({"photo", "document", "live_photo"})
"""What we take. A moving photo comes with its still one."""
UNSEEN: Mapping[str, Unseen] = {
    "voice": Unseen.VOICE, "audio": Unseen.VOICE, "video": Unseen.VIDEO, "video_note": Unseen.VIDEO,
    "location": Unseen.PLACE, "venue": Unseen.PLACE,
}  # fmt: skip
SAID = ATTACHED | {"text", "caption"}
HAPPENED = frozenset(kind.value for kind in MessageType) - SAID - SIGNS
"""What messages bear that nobody wrote: something was pinned, a setting changed. Beside words it counts for nothing."""


def read(native: str, raw: dict[str, Any]) -> Incoming:
    """What a person sent.

    Raises:
        Unreadable: it has no shape that we know.
    """
    if nobody_wrote(raw):
        return _elsewhere(native)
    try:
        return _sorted(native, Update.de_json(raw, None))
    except Unreadable:
        raise
    except Exception:  # the library raises whatever its constructors happen to: TypeError, KeyError, AttributeError
        raise Unreadable("no update of the Bot API") from None


def private_chat(raw: dict[str, Any]) -> str:
    """The private chat an update belongs to, whatever else is wrong with it; empty where there is none."""
    for part in raw.values():
        chat = part.get("chat") if isinstance(part, dict) else None
        if isinstance(chat, dict) and chat.get("type") == "private" and type(chat.get("id")) is int:
            return str(chat["id"])
    return ""


def nobody_wrote(raw: dict[str, Any]) -> bool:
    """Whether it is of a kind we never asked for, or a message in which something happened and nothing is said."""
    if not any(kind in raw for kind in READ):
        return any(kind in raw for kind in ELSEWHERE)
    message = raw.get(UpdateType.MESSAGE)
    return isinstance(message, dict) and not message.keys() & SAID and bool(message.keys() & HAPPENED)


def _sorted(native: str, update: Update) -> Incoming:
    if update.callback_query:
        return _pressed(native, update.callback_query)
    if update.my_chat_member:
        return _came_or_left(native, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None:
        raise Unreadable("nothing in it that we know")
    return _wrote(native, message, edited=update.edited_message is not None)


def _elsewhere(native: str) -> Incoming:
    return Incoming(NAME, "", native, sort=Sort.ELSEWHERE)


def _pressed(native: str, query: CallbackQuery) -> Incoming:
    if query.message is None:
        return _elsewhere(native)  # under a message sent through an inline query
    address = _private(query.message.chat, query.from_user)
    if not address:
        return _elsewhere(native)
    if not _words(query.data):
        raise Unreadable("a button that says nothing")
    answered = _number(query.message.message_id, "message")
    spoken = _language(query.from_user)
    return Incoming(NAME, address, native, token=_words(query.data), reply_to=answered, language=spoken)


def _came_or_left(native: str, change: ChatMemberUpdated) -> Incoming:
    address = _private(change.chat, change.from_user)
    sort = {"kicked": Sort.LEFT, "member": Sort.BACK}.get(str(change.new_chat_member.status))
    if not address or sort is None:
        return _elsewhere(native)
    return Incoming(NAME, address, native, sort=sort, language=_language(change.from_user), at=change.date)


def _wrote(native: str, message: Message, *, edited: bool) -> Incoming:
    address = _private(message.chat, message.from_user)
    number = _number(message.message_id, "message")
    if not address:
        return _elsewhere(native)
    language = _language(message.from_user)
    at = (message.edit_date if edited else None) or message.date
    if message.forward_origin is not None or "forward_date" in message.api_kwargs:
        return Incoming(
            NAME, address, native, sort=Sort.FORWARD, message=number, edited=edited, language=language, at=at
        )
    text = ADDRESSED.sub(r"\1", _words(message.text) or _words(message.caption))
    file = _file(message)
    other = any(message[kind] for kind in ATTACHED - FILES) or not (text or file)
    return Incoming(
        NAME, address, native, text, sort=Sort.OTHER if other else Sort.SAID, file=_voice(message) if other else file,
        album=_words(message.media_group_id), message=number, edited=edited,
        reply_to=_answered(message), language=language, account=_account(message.from_user), at=at,
        unseen=next((unseen for kind, unseen in UNSEEN.items() if message[kind]), None),
    )  # fmt: skip


def _private(chat: Chat, sender: User | None) -> str:
    """The address of a private conversation; empty where it is none, or with another bot.

    Raises:
        Unreadable: nobody, or a number that is none.
    """
    if chat.type != ChatType.PRIVATE:
        return ""
    if sender is None:
        raise Unreadable("no sender")
    address = _number(chat.id, "chat")
    if _number(sender.id, "sender") != address or sender.is_bot is not False:
        return ""
    return address


def _number(number: object, of: str) -> str:
    if type(number) is not int or not 0 <= number < 2**53:
        raise Unreadable(f"no number of the {of}")
    return str(number)


def _words(words: object) -> str:
    if words is not None and not isinstance(words, str):
        raise Unreadable("words that are no text")
    return storable(words or "")


def _language(sender: User | None) -> str:
    spoken = sender.language_code if sender else None
    return storable(spoken)[:35] if isinstance(spoken, str) else ""


def _account(sender: User | None) -> str:
    """How somebody is called there: the name they gave themselves, and their handle."""
    if sender is None:
        return ""
    handle = f"@{sender.username}" if isinstance(sender.username, str) and sender.username else ""
    names = (each for each in (sender.first_name, sender.last_name) if isinstance(each, str))
    return clean_name(", ".join(each for each in (" ".join(names), handle) if each), 80)


def _answered(message: Message) -> str:
    """The message of ours that this answers: in a private chat the only bot is us."""
    earlier = message.reply_to_message
    if earlier is None or earlier.from_user is None or earlier.from_user.is_bot is not True:
        return ""
    return _number(earlier.message_id, "message answered")


def _file(message: Message) -> Attached | None:
    if message.photo:
        largest = max(message.photo, key=_pixels)
        return Attached(_name(largest.file_id), "image/jpeg", _size(largest.file_size))
    if message.document:
        file = message.document
        return Attached(_name(file.file_id), _words(file.mime_type)[:127], _size(file.file_size))
    return None


def _voice(message: Message) -> Attached | None:
    """What somebody recorded in the app: an adult may listen to it."""
    said = message.voice
    return Attached(_name(said.file_id), _words(said.mime_type)[:127], _size(said.file_size)) if said else None


def _pixels(photo: PhotoSize) -> int:
    return _size(photo.width) * _size(photo.height)


def _name(native: object) -> str:
    if not isinstance(native, str) or not storable(native):
        raise Unreadable("a file without a name")
    return storable(native)


def _size(told: object) -> int:
    return told if type(told) is int and told > 0 else 0
