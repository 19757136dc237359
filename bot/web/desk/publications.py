"""`/publications`: what may be shown of whom and until when, a draft for the press at each departure, the year's calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from bot.domain.deadlines import PUBLISHED, SORTS
from bot.domain.rights import Act
from bot.domain.testimony import SCOPES
from bot.handlers.desk.deadlines import met, plan_publications
from bot.handlers.desk.publicity import (
    Departure,
    departures,
    note_languages,
    press_note,
    quotable,
    sign,
    testimonies,
)
from bot.i18n import own_name
from bot.store.db import Tx
from bot.store.records import audit
from bot.store.testimonies import Testimony
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor


@dataclass(frozen=True)
class Publications:
    """The page, the note, and two forms."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """Departures first: each is a reason to be told of."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            _answers_for(who)
            counted = {sort: (count, aim) for sort, count, aim in met(tx, who.adult, who.clock.today)}
            return {
                "departures": [_departure(who, each) for each in departures(tx, who.adult)],
                "testimonies": [_testimony(who, each) for each in testimonies(tx, who.person)],
                "counted": [(who.says(SORTS[sort]), *counted[sort]) for sort in PUBLISHED if sort in counted],
                "plans": who.may(Act.PLAN, who.adult.school),
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "publications.html", values)

    async def sign(self, request: Request) -> Response:
        """The signature of the parents is there; or it was a slip."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            number = request.path_params["number"]
            if number not in {each.id for each in testimonies(tx, who.person)}:
                raise Missing
            return "changed" if sign(tx, who.person, number, signed=form.get("act") == "signed") else "nothing"

        _who, said = await self.desk.ask(request, act)
        return self.desk.after(request, {"back": "/publications"}, said)

    async def plan(self, request: Request) -> Response:
        """A year of publications, with days to be changed."""
        form = await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> str:
            _answers_for(who)
            if not who.may(Act.PLAN, who.adult.school):
                raise Missing
            titles = {sort: who.says(SORTS[sort]) for sort in PUBLISHED}
            return "changed" if plan_publications(tx, who.person, who.adult.school, titles) else "nothing"

        _who, said = await self.desk.ask(request, act)
        return self.desk.after(request, {**form, "back": "/dates"}, said)

    async def note(self, request: Request) -> Response:
        """The draft of one departure, in the school's language and in that of the place. That it was drafted is noted."""
        wanted = request.query_params

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            _answers_for(who)
            found = next((each for each in departures(tx, who.adult) if _address(each) == dict(wanted)), None)
            if found is None:
                raise Missing
            said = quotable(tx, who.person, found)
            audit(tx, f"person {who.person.id}", "export", "press note", stays=len(found.stays), quoted=len(said))
            languages = note_languages(tx, found)
            return {
                "departure": _departure(who, found),
                "drafts": [(each, own_name(each), press_note(found, said, each)) for each in languages],
                "quoted": len(said),
            }

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "press_note.html", values)


def _answers_for(who: Visitor) -> None:
    if not who.can(Act.CONFIRM):
        raise Missing


def _address(each: Departure) -> dict[str, str]:
    return {"school": str(each.school.id), "day": each.day.isoformat(), "country": each.country, "city": each.city}


def _departure(who: Visitor, each: Departure) -> dict[str, Any]:
    return {
        "query": _address(each),
        "day": who.clock.full_day(each.day),
        "place": f"{each.city}, {who.says('{country}', country={'country': each.country})}",
        "school": each.school.name,
        "learners": len({row.person_id for row in each.stays}),
        "past": each.day < who.clock.today,
    }


def _testimony(who: Visitor, each: Testimony) -> dict[str, Any]:
    until = each.until or date.max
    return {
        "id": each.id,
        "stay": each.stay_id,
        "name": each.person.first_name,
        "place": each.stay.city,
        "words": each.words,
        "scope": who.says(SCOPES[each.scope]) if each.scope else "",
        "until": who.clock.full_day(until),
        "lacks": each.agreed(who.clock.today).lacks_guardians,
        "signed": each.guardians_at is not None,
    }
