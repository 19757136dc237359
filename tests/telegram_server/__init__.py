"""A Telegram Bot API on loopback, with people in front of it who talk and press buttons. See README.md."""

from tests.telegram_server.chats import Chat
from tests.telegram_server.client import bot_for
from tests.telegram_server.faults import Fault, Faults, Kind
from tests.telegram_server.groups import Group
from tests.telegram_server.limits import Limits, TooEarly
from tests.telegram_server.people import User
from tests.telegram_server.requests import Request
from tests.telegram_server.server import TelegramServer
from tests.telegram_server.shown import Shown, Version

__all__ = [
    "Chat",
    "Fault",
    "Faults",
    "Group",
    "Kind",
    "Limits",
    "Request",
    "Shown",
    "TelegramServer",
    "TooEarly",
    "User",
    "Version",
    "bot_for",
]
