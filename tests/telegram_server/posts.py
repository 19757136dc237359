"""What a person can put into a chat."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.telegram_server import shapes
from tests.telegram_server.chats import Chat
from tests.telegram_server.refusals import Json
from tests.telegram_server.rules import check_payload
from tests.telegram_server.shown import Shown, version_of

if TYPE_CHECKING:
    from tests.telegram_server.people import User
    from tests.telegram_server.world import World


class Posts:
    """Each method answers the message as it now stands in the chat."""

    world: World
    chat: Chat
    name: str

    def says(self, text: str, chat: Chat | None = None) -> Shown:
        return self._posts(shapes.text_fields(text), chat)

    def starts(self, code: str = "") -> Shown:
        """Opens the bot by its link and taps START; who had blocked it unblocks it by that."""
        text = f"/start {check_payload(code)}" if code else "/start"
        if self.chat.bot_status == "kicked":
            self._person.unblocks()
        return self.says(text)

    def replies(self, to_message: Shown, text: str) -> Shown:
        answered = {key: value for key, value in to_message.message.items() if key != "reply_to_message"}
        return self._posts({**shapes.text_fields(text), "reply_to_message": answered}, to_message.chat)

    def edits(self, message: Shown, new_text: str) -> Shown:
        """Changes a text, or the caption of a file."""
        name = "text" if "text" in message.message else "caption"
        kept = {key: value for key, value in message.message.items() if key not in {"entities", "caption_entities"}}
        message.becomes({**kept, **shapes.text_fields(new_text, name), "edit_date": self.world.date()})
        self._tells("edited_message", message)
        return message

    def forwards(self, text: str, from_name: str, chat: Chat | None = None) -> Shown:
        """Passes on what somebody else wrote, whose name is all there is to see."""
        origin = {"type": "hidden_user", "sender_user_name": from_name, "date": self.world.date() - 60}
        return self._posts({**shapes.text_fields(text), "forward_origin": origin}, chat)

    def sends_photo(
        self, content: bytes, sizes: int = 3, caption: str = "", chat: Chat | None = None, album: str = ""
    ) -> Shown:
        """A picture: the largest size is the content itself, smaller ones are what it begins with."""
        store = self.world.files.store
        parts = [content[: max(1, len(content) * part // (sizes + 1))] for part in range(1, sizes)] + [content]
        fields: Json = {"photo": shapes.photo_sizes([store(part, "photos", ".jpg") for part in parts])}
        if caption:
            fields |= shapes.text_fields(caption, "caption")
        if album:
            fields["media_group_id"] = album
        return self._posts(fields, chat, content)

    def sends_album(self, contents: list[bytes], caption: str = "", chat: Chat | None = None) -> list[Shown]:
        """Several pictures at once: an update each, with the same media_group_id; the caption stands at the first."""
        album = self.world.next_query_id()
        captions = [caption] + [""] * len(contents)
        return [
            self.sends_photo(content, caption=text, chat=chat, album=album)
            for content, text in zip(contents, captions, strict=False)
        ]

    def sends_document(
        self, content: bytes, file_name: str, mime_type: str, caption: str = "", chat: Chat | None = None
    ) -> Shown:
        ending = re.search(r"\.\w+$", file_name)
        stored = self.world.files.store(content, "documents", ending[0] if ending else "")
        fields: Json = {"document": {**stored.shape, "file_name": file_name, "mime_type": mime_type}}
        if caption:
            fields |= shapes.text_fields(caption, "caption")
        return self._posts(fields, chat, content)

    def sends_sticker(self, chat: Chat | None = None) -> Shown:
        stored = self.world.files.store(b"RIFF....WEBP", "stickers", ".webp")
        return self._posts({"sticker": shapes.sticker(stored)}, chat, stored.content)

    def sends_voice(self, seconds: int = 3, content: bytes = b"OggS", chat: Chat | None = None) -> Shown:
        stored = self.world.files.store(content, "voice", ".oga")
        return self._posts({"voice": {**stored.shape, "duration": seconds, "mime_type": "audio/ogg"}}, chat, content)

    def sends_location(self, latitude: float = 48.8566, longitude: float = 2.3522, chat: Chat | None = None) -> Shown:
        return self._posts({"location": {"latitude": latitude, "longitude": longitude}}, chat)

    def sends_contact(self, phone: str, name: str, chat: Chat | None = None) -> Shown:
        """A contact of the phone book; one's own card carries one's user id."""
        card: dict[str, Any] = {"phone_number": phone, "first_name": name}
        if name == self.name:
            card["user_id"] = self._person.id
        return self._posts({"contact": card}, chat)

    def types_inline(self, query: str) -> None:
        """Types @bot and a query in some other chat."""
        asked = {"id": self.world.next_query_id(), "from": self._person.shape, "query": query, "offset": ""}
        self.world.updates.push("inline_query", {**asked, "chat_type": "private"})

    @property
    def _person(self) -> User:
        person = self.chat.person
        assert person is not None
        return person

    def _posts(self, fields: Json, chat: Chat | None, file: bytes | None = None) -> Shown:
        chat = self.chat if chat is None else chat
        if chat is self.chat:
            if chat.bot_status == "kicked":
                raise RuntimeError(f"{self.name} has blocked the bot: unblocks() or starts() comes first")
            chat.bot_status = "member"
        shown = chat.add({"from": self._person.shape, **fields}, self._person, file)
        self._tells("message", shown)
        return shown

    def _tells(self, kind: str, shown: Shown) -> None:
        if self._bot_hears(shown):
            self.world.updates.push(kind, shown.message)
        self.world.changed(shown)

    def _bot_hears(self, shown: Shown) -> bool:
        if shown.chat is self.chat:
            return True
        if shown.chat.bot_status in {"left", "kicked"}:
            return False
        answers_bot = shown.message.get("reply_to_message", {}).get("from", {}).get("id") == self.world.bot_id
        text = version_of(shown.message).text
        return not self.world.privacy or answers_bot or text.startswith("/") or f"@{self.world.username}" in text
