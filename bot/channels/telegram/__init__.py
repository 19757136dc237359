"""Telegram: one bot, private chats. Updates are stored before they are acknowledged; what is sent has one of four ends."""

from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.commands import Menu, keep_commands
from bot.channels.telegram.keys import key_of
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.receipt import Receipt
from bot.channels.telegram.webhook import Webhook, set_webhook, webhook_route

__all__ = [
    "Menu",
    "Polling",
    "Receipt",
    "TelegramChannel",
    "Webhook",
    "keep_commands",
    "key_of",
    "set_webhook",
    "webhook_route",
]
