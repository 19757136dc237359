"""The web chat: a private page behind a one-time link. Nothing to install, neither account nor phone number."""

from bot.channels.web import WebChannel
from bot.web.chat.site import WebChat
from bot.web.chat.viewer import COOKIE, Desk, Resolver, by_cookie

__all__ = ["COOKIE", "Desk", "Resolver", "WebChannel", "WebChat", "by_cookie"]
