"""`/w/{code}`: what a guest has at hand: whom to call, where they live, and what the school wrote for them."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from bot.domain.stay import conditions
from bot.handlers.say.facts import phone_of, stay_facts
from bot.handlers.say.own_page import whose_welcome
from bot.i18n import render, show
from bot.store.db import Tx
from bot.web.chat.viewer import Desk
from bot.web.visitors.page import Visit, page


class WelcomePage:
    """Looking changes nothing, and there is nothing to press."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    async def look(self, visit: Visit) -> Response | None:
        """The page, in the guest's language."""
        shown = await self.desk.db.transact(_read, visit.code)
        return page(visit.request, "welcome.html", shown["language"], shown) if shown else None


def _read(tx: Tx, code: str) -> dict[str, Any] | None:
    stay = whose_welcome(tx, code)
    if stay is None:
        return None
    held, language = conditions(tx.programme, stay.facts()), stay.person.language
    values = stay_facts(tx, stay) | {"phone": phone_of(stay.school)}
    sections = [each for each in tx.programme.journey(stay.kind).welcome if each.applies(held)]
    return {
        "language": language,
        "online": not stay.facts().travels,
        "values": values,
        "numbers": show(values["numbers"], language).split("\n"),
        "sections": [
            (each.id, render(each.title, language), render(each.text, language, values).split("\n"))
            for each in sections
        ],
    }
