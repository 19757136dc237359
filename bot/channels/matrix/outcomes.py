"""What became of a message, read off the error: nothing, nothing ever, or nobody knows."""

from __future__ import annotations

from bot.channels.matrix.client_api import NotReached, Refused, TooFast, TooLarge
from bot.domain.channel import NotSent, Outcome, Permanent, Unknown

TOKEN = frozenset({"M_UNKNOWN_TOKEN", "M_MISSING_TOKEN", "M_USER_DEACTIVATED", "M_USER_LOCKED", "M_USER_SUSPENDED"})
OUT = frozenset({"M_FORBIDDEN", "M_NOT_FOUND", "M_UNKNOWN"})
"""What a homeserver says of a room in which we are not, or not any more."""


def outcome_of(problem: Exception) -> Outcome:
    """The outcome of a send that failed.

    `Permanent("refused")` is our own fault and not the address's: the homeserver will not have these words.
    """
    match problem:
        case TooFast():
            return NotSent(problem.wait)
        case NotReached():
            return NotSent()
        case Refused(status=413) | Refused(code="M_TOO_LARGE" | "M_BAD_JSON" | "M_NOT_JSON"):
            return Permanent("refused")
        case Refused():
            return NotSent()  # out of the room, or out of the account: the next try finds another way, or waits
    return Unknown()


def unfetched(problem: Exception) -> NotSent | Permanent:
    """The outcome of a file that did not come. Asking again harms nobody: only what will never come is given up.

    Gone is also what the homeserver refuses: it was never there, was deleted, or nobody may have it any more.
    """
    match problem:
        case TooFast():
            return NotSent(problem.wait)
        case TooLarge() | Refused(status=413) | Refused(code="M_TOO_LARGE"):
            return Permanent("too large")
        case Refused() if not refuses_token(problem):
            return Permanent("gone")
    return NotSent()


def refuses_token(problem: Exception) -> bool:
    """Our token, or our account, is not accepted any more. Nobody at the other end is to blame."""
    return isinstance(problem, Refused) and (problem.status == 401 or problem.code in TOKEN)


def is_out(problem: Exception) -> bool:
    """Whether we are not in that room any more."""
    return isinstance(problem, Refused) and problem.status in {403, 404} and problem.code in OUT
