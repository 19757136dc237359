"""A message in a chat, as the people in it see it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.telegram_server.refusals import Json

if TYPE_CHECKING:
    from tests.telegram_server.chats import Chat


@dataclass(frozen=True)
class Version:
    """A text with its buttons, as it once stood there. `data` has an entry per button, "" if it opens a link."""

    text: str
    buttons: tuple[str, ...] = ()
    data: tuple[str, ...] = ()


@dataclass(eq=False)
class Shown:
    """One message. Two are never equal: look at `text` and `buttons`."""

    chat: Chat
    id: int
    by: str
    from_bot: bool
    message: Json
    """The Message object, as the Bot API gives it."""
    at: float
    file: bytes | None = None
    deleted: bool = False
    versions: list[Version] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.versions.append(version_of(self.message))

    @property
    def text(self) -> str:
        return self.versions[-1].text

    @property
    def buttons(self) -> list[str]:
        return list(self.versions[-1].buttons)

    @property
    def data(self) -> list[str]:
        return list(self.versions[-1].data)

    @property
    def reply_to(self) -> int | None:
        """The id of the message this one answers."""
        answered = self.message.get("reply_to_message")
        return None if answered is None else int(answered["message_id"])

    def becomes(self, message: Json) -> None:
        """It was edited."""
        self.message = message
        self.versions.append(version_of(message))

    def __str__(self) -> str:
        return line(self.versions[-1])

    def __repr__(self) -> str:
        return f"<{self.id} {self.by}: {self}>"


def version_of(message: Json) -> Version:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    return Version(
        str(message.get("text", message.get("caption", ""))),
        tuple(button["text"] for button in buttons),
        tuple(button.get("callback_data", "") for button in buttons),
    )


def line(version: Version) -> str:
    """A version in one line: the text, then its buttons in brackets."""
    return " ".join([version.text, *(f"[{label}]" for label in version.buttons)]).strip()
