"""Pages for visitors without an account, by link: a parent's consent, the end of it, and the host tutor's questions."""

from bot.web.visitors.site import Visitors

__all__ = ["Visitors"]
