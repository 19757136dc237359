"""What became of a mail, read off the answer of the server and off how far we had come.

Until the words are handed over nothing was sent, whatever happens. Reply codes: RFC 5321, 4.2; the finer ones: RFC 3463.
"""

from __future__ import annotations

import re
from enum import Enum

from aiosmtplib import SMTPAuthenticationError, SMTPResponseException

from bot.domain.channel import NotSent, Outcome, Permanent, Unknown

GONE = frozenset({521, 550, 551, 553, 556})
"""Codes of a recipient that is none, where nothing finer says otherwise."""
NO_LOGIN = frozenset({530, 534, 535, 538})
FINER = re.compile(r"\b5\.(\d{1,3})\.(\d{1,3})\b")


class Stage(Enum):
    """How far a mail had come."""

    CONNECT = "connect"
    SENDER = "sender"
    RECIPIENT = "recipient"
    WORDS = "words"


def outcome_of(problem: BaseException, stage: Stage) -> Outcome:
    """The outcome of a try that failed.

    `Permanent("refused")` is our own fault and not the address's: the server will not have these words.
    """
    code = problem.code if isinstance(problem, SMTPResponseException) else 0
    if stage is Stage.WORDS:
        if code // 100 == 4:
            return NotSent()
        return Permanent("refused") if code // 100 == 5 else Unknown()
    if stage is Stage.RECIPIENT and code // 100 == 5 and _minded(problem, code) == "nobody":
        return Permanent("gone")
    return NotSent()


def cause_of(problem: BaseException, stage: Stage) -> str | None:
    """Why nothing gets through, where that is ours to mend: `login`; `server`, which cannot be reached as it should;
    `sender`, for whom it takes no mail.

    None where the server only asks to come back later, or minds one recipient. Servers like to mind the sender only
    once they know the recipient.
    """
    code = problem.code if isinstance(problem, SMTPResponseException) else 0
    if code in NO_LOGIN or (isinstance(problem, SMTPAuthenticationError) and code // 100 == 5):
        return "login"
    if stage is Stage.CONNECT:
        return "server"
    if stage is Stage.WORDS or code // 100 != 5:
        return None
    return "sender" if stage is Stage.SENDER or _minded(problem, code) == "sender" else None


def _minded(problem: BaseException, code: int) -> str:
    """What a refused recipient was refused for: there is `nobody`, the `sender` may not, or their mailbox is `full`."""
    said = problem.message if isinstance(problem, SMTPResponseException) else ""
    finer = FINER.search(said)
    if finer is not None:
        if finer[1] == "7" or finer[0] in {"5.1.7", "5.1.8"}:
            return "sender"
        return "full" if finer[0] == "5.2.2" else "nobody"
    if code == 552:
        return "full"
    return "nobody" if code in GONE and "relay" not in said.casefold() else "sender"
