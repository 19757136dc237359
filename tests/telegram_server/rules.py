"""What the Bot API demands beyond types: lengths, alphabets; see `buttons` too."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.telegram_server import refusals
from tests.telegram_server.buttons import check_buttons
from tests.telegram_server.refusals import Json, Violation

PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LOOPBACK = re.compile(r"http://(127\.0\.0\.1|localhost)(:\d+)?(/|$)")
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)
PARSE_MODES = frozenset({"HTML", "Markdown", "MarkdownV2"})
LONGEST = {"text": (4096, refusals.LONG_TEXT), "caption": (1024, refusals.LONG_CAPTION)}

Rule = Callable[[Json], None]


def units(text: str) -> int:
    """How Telegram counts: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_rules(method: str, parameters: Json) -> None:
    """Raises a Violation if a parameter that is there breaks its rule."""
    for name in parameters.keys() & RULES.keys():
        RULES[name](parameters)
    for rule in METHOD_RULES.get(method, ()):
        rule(parameters)


def check_length(name: str, text: str) -> None:
    """A text or a caption, without its markup."""
    most, words = LONGEST[name]
    length = units(text.strip())
    if length > most:
        raise Violation(f"{name} has {length} UTF-16 units", words)


def check_payload(code: str) -> str:
    """A deep link's code, as t.me/bot?start=CODE takes it."""
    if not PAYLOAD.fullmatch(code):
        raise ValueError(f"{code!r} cannot stand in a deep link: 1 to 64 of A-Z a-z 0-9 _ -")
    return code


def _text(parameters: Json) -> None:
    if not str(parameters["text"]).strip():
        raise Violation("text is empty", refusals.EMPTY_TEXT)
    if "parse_mode" not in parameters:
        check_length("text", str(parameters["text"]))


def _answer_text(parameters: Json) -> None:
    length = units(str(parameters.get("text", "")))
    if length > 200:
        raise Violation(f"the answer to a press has {length} units, 200 fit", "Bad Request: MESSAGE_TOO_LONG")


def _caption(parameters: Json) -> None:
    if "parse_mode" not in parameters:
        check_length("caption", str(parameters["caption"]))


def _parse_mode(parameters: Json) -> None:
    if parameters["parse_mode"] not in PARSE_MODES:
        raise Violation(f"parse_mode {parameters['parse_mode']!r}", "Bad Request: unsupported parse_mode")


def _commands(parameters: Json) -> None:
    commands = parameters["commands"]
    if len(commands) > 100:
        raise Violation("more than 100 commands", "Bad Request: BOT_COMMANDS_TOO_MUCH")
    for each in commands:
        command, description = str(each.get("command")), str(each.get("description", ""))
        if not COMMAND.fullmatch(command):
            raise Violation(f"command {command!r}", "Bad Request: BOT_COMMAND_INVALID")
        if not 1 <= units(description) <= 256:
            raise Violation(f"description of {command!r}", "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")


def _url(parameters: Json) -> None:
    url = str(parameters.get("url", ""))
    if url and not url.startswith("https://") and not LOOPBACK.match(url):
        raise Violation(f"webhook {url}", "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")


def _secret(parameters: Json) -> None:
    if not SECRET.fullmatch(str(parameters["secret_token"])):
        raise Violation("secret_token", "Bad Request: secret token contains unallowed characters")


def _action(parameters: Json) -> None:
    if parameters["action"] not in ACTIONS:
        raise Violation(f"action {parameters['action']!r}", "Bad Request: wrong parameter action in request")


def _which_message(parameters: Json) -> None:
    if "inline_message_id" in parameters:
        return
    if "chat_id" not in parameters:
        raise Violation("neither chat_id nor inline_message_id", "Bad Request: chat_id is empty")
    if "message_id" not in parameters:
        raise Violation("no message_id", "Bad Request: message identifier is not specified")


def _at_most(name: str, most: int) -> Rule:
    def rule(parameters: Json) -> None:
        if units(str(parameters.get(name, ""))) > most:
            raise Violation(f"{name} is longer than {most}", f"Bad Request: {name} is too long")

    return rule


def _between(name: str, least: int, most: int) -> Rule:
    def rule(parameters: Json) -> None:
        if name in parameters and not (isinstance(parameters[name], int) and least <= parameters[name] <= most):
            raise Violation(f"{name} is {parameters[name]!r}, not {least} to {most}")

    return rule


RULES: dict[str, Rule] = {
    "caption": _caption,
    "parse_mode": _parse_mode,
    "reply_markup": check_buttons,
    "secret_token": _secret,
}
METHOD_RULES: dict[str, tuple[Rule, ...]] = {
    "sendMessage": (_text,),
    "editMessageText": (_text, _which_message),
    "editMessageCaption": (_which_message,),
    "editMessageReplyMarkup": (_which_message,),
    "answerCallbackQuery": (_answer_text,),
    "getUpdates": (_between("limit", 1, 100), _between("timeout", 0, 3600)),
    "setWebhook": (_url, _between("max_connections", 1, 100)),
    "sendChatAction": (_action,),
    "setMyCommands": (_commands,),
    "setMyDescription": (_at_most("description", 512),),
    "setMyShortDescription": (_at_most("short_description", 120),),
    "setMyName": (_at_most("name", 64),),
}
