"""What goes between people and Compagnon, whatever the channel."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.i18n import Text, from_json, render, to_json

Action = dict[str, Any]
"""What pressing a button does, as data: `{"do": "answer", …}`. Kept on our side; a button only carries its place."""
IN_WORDS = frozenset({"confirm", "which"})
"""Actions that must be said in words: a tap that goes over the wire unencrypted could be anybody's."""


@dataclass(frozen=True)
class Offer:
    """A button before it is sent: its label is still a template."""

    label: Text
    action: Action
    values: dict[str, Any] = field(default_factory=dict)
    """Values of the label, beside those of the letter."""

    def to_json(self) -> dict[str, Any]:
        return {"label": to_json(self.label), "action": self.action, "values": self.values}

    @staticmethod
    def from_json(kept: dict[str, Any]) -> Offer:
        return Offer(from_json(kept["label"]), kept["action"], kept["values"])


@dataclass(frozen=True)
class Letter:
    """A message before it is sent: text, values and labels wait for the reader's language."""

    text: Text
    values: dict[str, Any] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
    progress: tuple[int, int] | None = None
    marks: tuple[str, ...] = ()
    """What is said of it when it is sent: `again` (perhaps a repeat), `unshown` (its file could not go with it)."""
    file: int | None = None
    """The number of the proof whose file goes with it; it is read, and the right to see it checked, when it is sent."""
    public: bool = False
    """It holds nothing personal: it may be shown in full on an open channel such as e-mail."""
    picture: dict[str, Any] | None = None
    """The facts of a picture that goes with it, where the channel can show one; it is drawn when it is sent."""
    done: tuple[int, ...] = ()
    """The places of what was ticked off in it, each by itself; the other buttons stay."""
    receipts: tuple[dict[str, Any], ...] = ()
    """What stands under the choice that was pressed, or how what it tells of stands now: texts and values."""
    stands: tuple[int, ...] | None = None
    """The places of the buttons that still lead somewhere; None where nothing has changed since it was written."""

    def to_json(self) -> dict[str, Any]:
        return {
            "text": to_json(self.text),
            "values": self.values,
            "offers": [offer.to_json() for offer in self.offers],
            "progress": self.progress,
            "marks": self.marks,
            **({"file": self.file} if self.file is not None else {}),
            **({"public": True} if self.public else {}),
            **({"picture": self.picture} if self.picture is not None else {}),
            **({"done": self.done} if self.done else {}),
            **({"receipts": self.receipts} if self.receipts else {}),
            **({"stands": list(self.stands)} if self.stands is not None else {}),
        }

    @staticmethod
    def from_json(kept: dict[str, Any]) -> Letter:
        progress = kept.get("progress")
        return Letter(
            text=from_json(kept["text"]),
            values=kept["values"],
            offers=tuple(Offer.from_json(offer) for offer in kept["offers"]),
            progress=(progress[0], progress[1]) if progress else None,
            marks=tuple(kept.get("marks", ())),
            file=kept.get("file"),
            public=kept.get("public", False),
            picture=kept.get("picture"),
            done=tuple(kept.get("done", ())),
            receipts=tuple(kept.get("receipts", ())),
            stands=tuple(kept["stands"]) if "stands" in kept else None,
        )

    def answered(self, receipt: Letter) -> Letter:
        """The same message with what is said to the choice that was pressed."""
        return replace(self, receipts=(*self.receipts, {"text": to_json(receipt.text), "values": receipt.values}))


@dataclass(frozen=True)
class Button:
    """A button as a channel shows it. `token` is `<message>.<place>` and means nothing to anybody else."""

    token: str
    label: str

    @property
    def place(self) -> int:
        """Its place in the message as it was first sent: others may have gone since."""
        return int(self.token.rpartition(".")[2])


TICK = "✓ "
"""Before the label of a button that ticks something off; once it has, the message says `✔` and the rest."""


def ticked_off(labels: Sequence[str], places: Sequence[int]) -> str:
    """What stands under a message for the buttons of it that were pressed."""
    return "".join(f"\n✔ {labels[place].removeprefix(TICK)}" for place in places)


def receipts_under(message: dict[str, Any], language: str) -> str:
    """What a message as it is kept says to the choice that was pressed on it, a line each."""
    said = (render(from_json(each["text"]), language, each["values"]) for each in message.get("receipts", ()))
    return "".join(f"\n{line}" for line in said)


def numbers(labels: Sequence[str]) -> tuple[int, ...]:
    """The number that stands for each choice, where one types or taps: its place, from 1; or the number that it is, where all of them are: "3" then means three and nothing else."""
    told = tuple(int(label.strip()) for label in labels if re.fullmatch(r"[0-9]{1,2}", label.strip()))
    return told if len(set(told)) == len(labels) else tuple(range(1, len(labels) + 1))


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a message. `mime` is `image/jpeg`, `image/png` or `application/pdf`."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True)
class Picture:
    """A picture that is still to be drawn: its facts, and the language of its words."""

    facts: dict[str, Any]
    language: str


@dataclass(frozen=True)
class Outgoing:
    """A message as a channel sends it, in the reader's language."""

    id: int
    native: str
    """The channel's own id of the recipient."""
    text: str
    buttons: tuple[Button, ...] = ()
    urgent: bool = False
    edit_of: str = ""
    """The channel's own id of an earlier message that is to read like this from now on."""
    file: Enclosure | None = None
    thread: str = ""
    """The channel's own id of the first message on the same case: this one stands under it, where a channel can."""
    in_words: bool = False
    """Its choices are one of `IN_WORDS`."""
    identity: str = ""
    """The key by which the recipient is known, on a channel that knows people by one; empty where it was not looked up."""
    public: bool = False
    """It holds nothing personal: it may be shown in full on an open channel such as e-mail."""
    heading: str = ""
    """What stands above the text where a channel has such a line: the subject of an e-mail. Never anything personal."""
    picture: Picture | None = None
    """Drawn by delivery, just before it is sent: channels only ever see `file`."""


class Sort(StrEnum):
    """What an update is, once its channel's own shape is taken off."""

    SAID = "said"
    """Words, the press of a button, or a file."""
    OTHER = "other"
    """Something nobody can read here: a sticker, a voice, a place, a contact."""
    FORWARD = "forward"
    """Somebody else's words: never taken for the sender's own."""
    SEALED = "sealed"
    """Encrypted, and its key did not reach us: nobody knows what it says."""
    UNSURE = "unsure"
    """Encrypted by a device that its owner has not confirmed as theirs: anybody may have written it."""
    TAPPED = "tapped"
    """One of the numbers under a message of ours: `text` is the number, `reply_to` the message."""
    NODDED = "nodded"
    """Another reaction to a message: a sign of life, and nothing to answer."""
    UNDONE = "undone"
    """The person took back their message or reaction `message`."""
    LEFT = "left"
    """The person blocked us or left."""
    BACK = "back"
    """The person lets us in again."""
    ELSEWHERE = "elsewhere"
    """A group, a channel, an inline query: not a private conversation. It is not answered and nothing of it is kept."""


class Unseen(StrEnum):
    """What people say in ways that nobody can read here."""

    VOICE = "voice"
    VIDEO = "video"
    PLACE = "place"
    PICTURE = "picture"
    DOCUMENT = "document"


@dataclass(frozen=True)
class Attached:
    """A file a person sent, still where the channel keeps it."""

    native: str
    """The channel's own id of the file."""
    mime: str = ""
    size: int = 0
    """In bytes, as the platform says; 0 where it says nothing."""


@dataclass(frozen=True)
class Incoming:
    """Something a person sent, whatever the channel."""

    channel: str
    address: str
    """The channel's own id of the sender."""
    native: str
    """The channel's own id of this update: the same one twice is one."""
    text: str = ""
    token: str = ""
    sort: Sort = Sort.SAID
    file: Attached | None = None
    album: str = ""
    """Files with the same album are one answer."""
    message: str = ""
    """The channel's own id of the message: an edit bears the id of the message it changes."""
    edited: bool = False
    reply_to: str = ""
    """The channel's own id of the message of ours that this answers."""
    thread: str = ""
    """The channel's own id of the message of ours whose thread it stands in, where it replies to none in particular."""
    language: str = ""
    """The sender's language as the platform says it (BCP 47)."""
    account: str = ""
    """How the sender is called there, as the platform says it."""
    at: datetime | None = None
    """When it was written, as the platform says; None where it does not."""
    unseen: Unseen | None = None
    """What it is, where it says something in a way that nobody can read here."""
    person: int = 0
    """Who says that it is them, on a device that several share and a channel that has asked."""


@dataclass(frozen=True)
class Courtesy:
    """A word to an address that nobody stands behind (yet): in its sender's language, with nothing personal in it."""

    channel: str
    address: str
    text: str
