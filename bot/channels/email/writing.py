"""A message as a mail: plain text, one recipient, nothing in a header that anybody could have smuggled in."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from bot.channels.email.line import Account
from bot.domain.messages import Outgoing

MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
"""What we write to: an address of plain letters, which every server takes."""
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,250}>")
LONGEST_SUBJECT = 120


def message_id(account: Account, secret: str, message: Outgoing) -> str:
    """The same for the same message however often it is tried, and nobody's to guess: a bounce that names it is true."""
    proof = sha256(f"{secret}\n{message.id}\n{message.native}".encode()).hexdigest()[:32]
    return f"<compagnon-{message.id}-{proof}@{account.domain}>"


def written(account: Account, message: Outgoing, number: str, now: datetime) -> bytes:
    """The mail, as it is handed over."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(one_line(account.name) or "Compagnon", addr_spec=account.address)
    mail["To"] = message.native
    mail["Subject"] = one_line(message.heading)[:LONGEST_SUBJECT] or "Compagnon"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = number
    if MESSAGE_ID.fullmatch(message.thread) and message.thread != number:
        mail["In-Reply-To"] = message.thread
        mail["References"] = message.thread
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.urgent:
        mail["Importance"] = "high"
    mail.set_content(_plain(message.text), cte="quoted-printable")
    return bytes(mail)


def one_line(text: str) -> str:
    """A text as it may stand in a header: no line break, no control or direction sign."""
    return " ".join("".join(char if unicodedata.category(char)[0] != "C" else " " for char in text).split())


def _plain(text: str) -> str:
    """Words without control signs; a line break is one line break."""
    kept = (char for char in text.replace("\r\n", "\n").replace("\r", "\n") if char == "\n" or _shown(char))
    return "".join(kept) + "\n"


def _shown(char: str) -> bool:
    return unicodedata.category(char) not in {"Cc", "Cs"}
