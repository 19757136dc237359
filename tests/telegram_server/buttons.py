"""What the Bot API demands of the buttons under a message."""

from __future__ import annotations

from typing import Any

from tests.telegram_server import refusals
from tests.telegram_server.refusals import Json, Violation

BUTTON_KINDS = frozenset(
    [
        "callback_data",
        "url",
        "web_app",
        "login_url",
        "switch_inline_query",
        "switch_inline_query_current_chat",
        "switch_inline_query_chosen_chat",
        "copy_text",
        "callback_game",
        "pay",
    ]
)
MOST_BUTTONS = 100


def check_buttons(parameters: Json) -> None:
    """Raises a Violation for the first thing that is wrong."""
    markup = parameters["reply_markup"]
    if not isinstance(markup, dict):
        raise Violation("reply_markup is no object", "Bad Request: object expected as reply markup")
    rows = markup.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise Violation("inline_keyboard is no array of rows", "Bad Request: can't parse inline keyboard")
    buttons = [button for row in rows for button in row]
    if len(buttons) > MOST_BUTTONS:
        raise Violation(f"{len(buttons)} buttons", "Bad Request: reply markup is too long")
    for button in buttons:
        _button(button)


def _button(button: Any) -> None:
    if not isinstance(button, dict):
        raise Violation("a button is no object", "Bad Request: can't parse inline keyboard button")
    if not str(button.get("text", "")).strip():
        raise Violation("a button has no text", "Bad Request: BUTTON_TEXT_INVALID")
    if len(button.keys() & BUTTON_KINDS) != 1:
        raise Violation(
            f"the button {button['text']!r} does not do exactly one thing",
            "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        )
    if "callback_data" in button and not 1 <= len(str(button["callback_data"]).encode()) <= 64:
        raise Violation(f"callback_data of {button['text']!r} is not 1 to 64 bytes", refusals.BUTTON_DATA)
