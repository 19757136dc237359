"""A parent agrees by e-mail without any chat, and can stop it: a page each, with one button."""

from __future__ import annotations

from starlette.responses import Response

from bot.handlers.people.invitations import Claimed
from bot.handlers.people.parent_by_email import Invited, agree_by_email, invited, may_stop, stop_by_link
from bot.web.chat.notices import EXPIRED, USED, notice
from bot.web.chat.viewer import Desk
from bot.web.visitors.page import Visit, page


class FamilyPages:
    """`/f/{code}` and `/f/stop/{code}`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def look(self, visit: Visit) -> Response | None:
        """What would be agreed to, and who sees what. No name of a learner stands here: anybody may hold a link."""
        found = await self.desk.db.transact(invited, visit.code)
        return self._consent(visit, found)

    async def agree(self, visit: Visit) -> Response | None:
        """The button: the link is used up, the address confirmed, the consent on record."""
        found = await self.desk.db.transact(agree_by_email, visit.code)
        self.desk.nudge()
        if found is None or found.state is not Claimed.CONFIRMED:
            return self._consent(visit, found)
        return page(visit.request, "agreed.html", found.language, {"values": found.values})

    def _consent(self, visit: Visit, found: Invited | None) -> Response | None:
        if found is None:
            return None
        if found.state in {Claimed.USED, Claimed.EXPIRED}:
            return notice(visit.request, USED if found.state is Claimed.USED else EXPIRED, found.language)
        shown = {"values": found.values, "code": visit.code, "by_email": bool(found.values["email"])}
        return page(visit.request, "consent.html", found.language, shown)

    async def look_at_stop(self, visit: Visit) -> Response | None:
        """One button: no more messages."""
        language = await self.desk.db.transact(may_stop, visit.code)
        return None if language is None else page(visit.request, "stop.html", language, {"code": visit.code})

    async def stop(self, visit: Visit) -> Response | None:
        """Nothing more is sent from now on."""
        language = await self.desk.db.transact(stop_by_link, visit.code)
        self.desk.nudge()
        return None if language is None else page(visit.request, "stopped.html", language, {})
