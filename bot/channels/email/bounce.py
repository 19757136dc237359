"""Mail that came back: a delivery status notification (RFC 3464), as the mail server pipes it to us.

Anybody can write one. What counts is what it quotes: the id of a mail of ours, which only its recipient's servers know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser

LARGEST = 1_000_000
"""Bytes that are read: a notification with the whole mail quoted is a few thousand."""
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


@dataclass(frozen=True)
class Bounce:
    """Mail that will not arrive."""

    recipients: frozenset[str]
    """The addresses that it did not reach, in small letters."""
    quoted: tuple[str, ...]
    """The ids of the mails that it quotes."""
    status: str
    """Why (RFC 3463): `5.1.1`. Empty where it does not say."""

    @property
    def lasting(self) -> bool:
        """It will not arrive tomorrow either, and nor will the next one."""
        return self.status.startswith("5")


def read_bounce(raw: bytes) -> Bounce | None:
    """What a notification says; None where it is none, or tells of a delay, or that all went well."""
    try:
        mail = BytesParser().parsebytes(raw[:LARGEST])
        parts = list(mail.walk())
        failed = [block for block in _blocks(parts) if _field(block, "Action").casefold() == "failed"]
        recipients = frozenset(name for block in failed for name in _recipients(block))
        statuses = [found[1] for block in failed if (found := STATUS.search(_field(block, "Status")))]
        quoted = tuple(dict.fromkeys(_quoted(mail, parts)))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):  # the parser, on what is no mail
        return None
    return Bounce(recipients, quoted, max(statuses, default="")) if recipients else None


def _blocks(parts: list[Message]) -> Iterator[Message]:
    """The groups of fields of the machine's part: one on the whole, then one a recipient."""
    for part in parts:
        if part.get_content_type() == "message/delivery-status":
            inner = part.get_payload()
            yield from (each for each in inner if isinstance(each, Message)) if isinstance(inner, list) else ()


def _recipients(block: Message) -> Iterator[str]:
    """`rfc822; nadia@example.org`, with or without angle brackets: where it went at last, and where we sent it."""
    for name in ("Original-Recipient", "Final-Recipient"):
        kind, _semicolon, written = _field(block, name).partition(";")
        if kind.strip().casefold() in {"rfc822", "utf-8"} and "@" in written:
            yield written.strip().strip("<>").casefold()


def _quoted(mail: Message, parts: list[Message]) -> Iterator[str]:
    """Ids in the quoted head of the mail, and in what the notification says it answers."""
    for part in parts:
        kind, words, inner = part.get_content_type(), part.get_payload(decode=True), part.get_payload()
        if kind == "text/rfc822-headers" and isinstance(words, bytes):
            yield from _ids(BytesHeaderParser().parsebytes(words), "Message-ID")
        elif kind in {"message/rfc822", "message/global"} and isinstance(inner, list):
            yield from (number for each in inner if isinstance(each, Message) for number in _ids(each, "Message-ID"))
    yield from _ids(mail, "In-Reply-To", "References")


def _ids(head: Message, *names: str) -> Iterator[str]:
    for name in names:
        yield from MESSAGE_ID.findall(_field(head, name))


def _field(head: Message, name: str) -> str:
    return " ".join(str(head.get(name, "")).split())
