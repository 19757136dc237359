"""The coordinator's desk on the web: the board, learners, cases, a calendar. Every page works without scripts."""

from bot.web.desk.site import DeskSite, home

__all__ = ["DeskSite", "home"]
