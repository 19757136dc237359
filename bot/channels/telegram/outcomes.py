"""What became of a message, read off the error: nothing, nothing ever, or nobody knows.

The descriptions are those of the Bot API server (github.com/tdlib/telegram-bot-api, `Client.cpp`); they are
compared in lower case and by what is stable in them.
"""

from __future__ import annotations

from telegram.error import BadRequest, ChatMigrated, Conflict, EndPointNotFound, Forbidden, InvalidToken, TelegramError

from bot.channels.telegram.answers import NotReached, TooFast
from bot.domain.channel import NotSent, Outcome, Permanent, Unknown

FORBIDDEN = (
    ("blocked", "blocked"),
    ("deactivated", "deactivated"),
    ("can't initiate", "never started"),
    ("can't send messages to bots", "a bot"),
)
GONE = ("chat not found", "peer_id_invalid", "user not found", "user_id_invalid", "chat_id_invalid", "chat_id is empty")
OUT_OF_REACH = (
    "message is not modified",
    "message to edit not found",
    "message can't be edited",
    "message_id_invalid",
    "message to be edited not found",
    "message identifier is not specified",
)
"""An edit that has nothing left to do: it reads like that already, or the message is no more."""


def outcome_of(problem: Exception) -> Outcome:
    """The outcome of a send that failed.

    `Permanent("refused")` is our own fault and not the address's: Telegram will not have these words.
    """
    match problem:
        case TooFast():
            return NotSent(problem.wait)
        case NotReached() | Conflict():
            return NotSent()
        case _ if refuses_token(problem):
            return NotSent()
        case ChatMigrated():
            return Permanent("migrated")
        case Forbidden():
            return Permanent(_first(FORBIDDEN, problem) or "forbidden")
        case BadRequest():
            return _bad(problem)
    return Unknown()


def refuses_token(problem: Exception) -> bool:
    """401 or 404: the token is not, or no longer, a bot's. Nobody at the other end is to blame."""
    return isinstance(problem, InvalidToken | EndPointNotFound)


def nothing_to_edit(problem: Exception) -> bool:
    """Whether an edit failed because there is nothing left to do."""
    return isinstance(problem, BadRequest) and any(each in problem.message.casefold() for each in OUT_OF_REACH)


def has_no_text(problem: Exception) -> bool:
    """Whether an edit failed because that message is a file with a caption."""
    return isinstance(problem, BadRequest) and "no text in the message" in problem.message.casefold()


def _bad(problem: BadRequest) -> Outcome:
    told = problem.message.casefold()
    if any(each in told for each in GONE):
        return Permanent("gone")
    if "upgraded to a supergroup" in told:
        return Permanent("migrated")
    return Permanent("deactivated" if "deactivated" in told else "refused")


def _first(table: tuple[tuple[str, str], ...], problem: TelegramError) -> str:
    told = problem.message.casefold()
    return next((reason for part, reason in table if part in told), "")
