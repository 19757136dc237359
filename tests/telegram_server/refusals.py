"""What the Bot API says when it does not do what was asked, in its own words."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

BLOCKED = "Forbidden: bot was blocked by the user"
NEVER_WROTE = "Forbidden: bot can't initiate conversation with a user"
DEACTIVATED = "Forbidden: user is deactivated"
KICKED = "Forbidden: bot was kicked from the group chat"
NOT_A_MEMBER = "Forbidden: bot is not a member of the group chat"
NO_CHAT = "Bad Request: chat not found"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
NOTHING_TO_EDIT = "Bad Request: message to edit not found"
NOTHING_TO_DELETE = "Bad Request: message to delete not found"
NOTHING_TO_REPLY_TO = "Bad Request: message to be replied not found"
NOT_EDITABLE = "Bad Request: message can't be edited"
NO_TEXT_TO_EDIT = "Bad Request: there is no text in the message to edit"
NO_CAPTION_TO_EDIT = "Bad Request: there is no caption in the message to edit"
OLD_QUERY = "Bad Request: query is too old and response timeout expired or query ID is invalid"
EMPTY_TEXT = "Bad Request: message text is empty"
LONG_TEXT = "Bad Request: message is too long"
LONG_CAPTION = "Bad Request: message caption is too long"
BUTTON_DATA = "Bad Request: BUTTON_DATA_INVALID"
OTHER_POLL = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class Refused(Exception):
    """A request that the Bot API answers with an error."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            answer["parameters"] = self.parameters
        return answer


class Violation(Refused):
    """A request that no bot should ever make. `what` says it plainer than the Bot API does."""

    def __init__(self, what: str, description: str = "") -> None:
        super().__init__(400, description or f"Bad Request: {what}")
        self.what = what


def bad_request(description: str, **parameters: int) -> Refused:
    return Refused(400, description, **parameters)


def forbidden(description: str) -> Refused:
    return Refused(403, description)


def conflict(description: str) -> Refused:
    return Refused(409, description)


def too_many(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
