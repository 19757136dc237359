"""An adult by form: added, changed, their roles given and ended, and invited. What follows is shown before it is done."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import Any

from babel import Locale
from starlette.requests import Request
from starlette.responses import Response

from bot.domain.person import DUTIES, STAFF, Role
from bot.domain.rights import Act
from bot.handlers.desk.invite import web_page
from bot.handlers.people.adults import Follows, Written, held_at, read, rehearse, write
from bot.handlers.people.invitations import VALID, fresh
from bot.handlers.people.roster_preview import SHARED
from bot.handlers.people.team_words import PLAIN
from bot.i18n import LANGUAGES, _, _n, dated, listed, render, told
from bot.store.db import Tx
from bot.store.people import Person, School
from bot.store.records import audit
from bot.web.common.guard import row_number
from bot.web.desk.inviting import card_of
from bot.web.desk.page import Desk
from bot.web.desk.people import ROLES
from bot.web.desk.visitor import Missing, Visitor

FREED = _n(
    "A case goes back to the first rung and is alerted anew: {learners}.",
    "{count} cases go back to the first rung and are alerted anew: {learners}.",
)
THIN = _("Fewer than two adults of this school can take a case then.")
MOST_FIELDS = 40
FOR_ALL = "all"
"""In an address: the consortium as a whole, instead of the number of a school."""
EVERY_SCHOOL = _("All schools")


@dataclass(frozen=True)
class AdultForm:
    """Its pages."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """An empty form, or that of an adult, for one school."""

        def see(tx: Tx, who: Visitor) -> dict[str, Any]:
            person, school = _asked(tx, who, request, request.query_params.get("school", ""))
            return _shown(tx, who, person, _now(person, school))

        who, values = await self.desk.ask(request, see)
        return self.desk.page(request, who, "adult_form.html", values)

    async def send(self, request: Request) -> Response:
        """It is done; or, where something follows from it or is wrong, shown once more first."""
        form = await self.desk.form(request, MOST_FIELDS)

        def act(tx: Tx, who: Visitor, *, sure: bool) -> dict[str, Any] | None:
            person, school = _asked(tx, who, request, form.get("school", ""))
            now = _now(person, school)
            was, sent = _was(form), _sent(form, person, school)
            together = _merged(sent, was, now) if person else sent
            if person is not None and not _names_them(who, person, school):
                together.plain = now.plain
            read(tx, who.adult, person, together)
            changed = person is not None and (was.plain, was.roles) != (now.plain, now.roles)
            if together.faults or changed:
                return _shown(tx, who, person, together, others=changed)
            if sure:
                write(tx, who.person, person, together)
                return None
            follows = rehearse(tx, who.person, person, together)
            return _shown(tx, who, person, together, follows=follows) if follows.anything else None

        # What is rehearsed is undone, and what is undone is forgotten with its transaction: it is done in one of its own.
        who, found = await self.desk.ask(request, partial(act, sure=form.get("sure") == "1"))
        if found is None and form.get("sure") != "1":
            who, found = await self.desk.ask(request, partial(act, sure=True))
        if found is None:
            self.desk.app.nudge()
            return self.desk.after(request, {"back": "/people"}, "changed")
        answer = self.desk.page(request, who, "adult_form.html", found)
        answer.status_code = 422
        return answer

    async def invite(self, request: Request) -> Response:
        """A link for their alerts, shown once. Whoever opens it is taken for them: it is handed over in person."""
        await self.desk.form(request)

        def make(tx: Tx, who: Visitor) -> dict[str, Any]:
            person = tx.rows.get(Person, request.path_params["number"])
            if person is None or not any(who.may(Act.MANAGE, place) for place in person.adult.schools):
                raise Missing
            if STAFF.isdisjoint(held.role for held in person.roles):
                raise Missing
            page = web_page(tx)
            cards = []
            if page:
                audit(tx, f"person {who.adult.person}", "invite", f"person {person.id}")
                cards = [card_of(tx, who, person, fresh(tx, person, trusted=False), telegram=True)]
            return {"cards": cards, "hours": int(VALID.total_seconds() // 3600), "page": page, "left": 0}

        who, values = await self.desk.ask(request, make)
        return self.desk.page(request, who, "invited_cards.html", {**values, "adult": True})


def _asked(tx: Tx, who: Visitor, request: Request, written: str) -> tuple[Person | None, int | None]:
    """Whom the form is about, and at which school.

    Raises:
        Missing: that is not theirs to change.
    """
    number = request.path_params.get("number")
    person = tx.rows.get(Person, number) if number else None
    home = person.school_id if person else who.adult.school
    named = row_number(written)
    school = None if written == FOR_ALL else home if named is None else named
    if not who.may(Act.MANAGE, school) or (school is not None and tx.rows.get(School, school) is None):
        raise Missing
    if number and (person is None or (STAFF.isdisjoint(held.role for held in person.roles))):
        raise Missing
    if person is not None and school not in person.adult.schools and written != FOR_ALL:
        raise Missing
    return person, school


def _now(person: Person | None, school: int | None) -> Written:
    """What is known, as its form sends it."""
    if person is None:
        return Written(school, dict.fromkeys(PLAIN, ""), frozenset())
    return Written(
        school, {name: getattr(person, name) or "" for name in PLAIN}, held_at(person, school), person.language
    )


def _offered(who: Visitor, person: Person | None, school: int | None) -> list[Role]:
    """The roles a form gives and ends: of somebody of a school, for every school, the duties alone."""
    if _for_all(person, school):
        return [role for role in ROLES if role in DUTIES]
    return [role for role in ROLES if role is not Role.CONSORTIUM or who.may(Act.MANAGE, None)]


def _for_all(person: Person | None, school: int | None) -> bool:
    return person is not None and school is None and person.school_id is not None


def _sent(form: dict[str, str], person: Person | None, school: int | None) -> Written:
    known = DUTIES if _for_all(person, school) else STAFF
    roles = frozenset(role for role in known if form.get(f"role.{role.value}") == "1")
    language = form.get("language", "")
    plain = {name: " ".join(form.get(name, "").split())[:300] for name in PLAIN}
    return Written(school, plain, roles, language if language in LANGUAGES else "en")


def _was(form: dict[str, str]) -> Written:
    """What stood in the form when it was opened.

    Raises:
        Missing: no page of ours sends that.
    """
    try:
        kept = json.loads(form.get("was", "{}"))
        roles = frozenset(Role(name) for name in kept.get("roles", []))
        return Written(None, {name: str(kept.get(name, "")) for name in PLAIN}, roles)
    except (ValueError, AttributeError, TypeError):
        raise Missing from None


def _merged(sent: Written, was: Written, now: Written) -> Written:
    """What two people wrote: what this one left alone is as it is now."""
    plain = {name: now.plain[name] if sent.plain[name] == was.plain[name] else sent.plain[name] for name in PLAIN}
    return Written(sent.school, plain, now.roles ^ (sent.roles ^ was.roles), now.language)


def _names_them(who: Visitor, person: Person, school: int | None) -> bool:
    """Whether name, address and phone may be changed from a school: of who is at home elsewhere only the roles here."""
    return person.school_id == school or who.may(Act.MANAGE, person.school_id)


def _shown(
    tx: Tx,
    who: Visitor,
    person: Person | None,
    values: Written,
    *,
    others: bool = False,
    follows: Follows | None = None,
) -> dict[str, Any]:
    now, locale = _now(person, values.school), Locale.parse(dated(who.language).replace("-", "_"))
    school = tx.rows.get(School, values.school) if values.school else None
    home = person is None or _names_them(who, person, values.school)
    for_all = _for_all(person, values.school)
    return {
        "person": person,
        "school": values.school or (FOR_ALL if for_all else ""),
        "place": school.name if school else who.says(EVERY_SCHOOL) if for_all else "",
        "duties": FOR_ALL if person and person.school_id and not for_all and who.may(Act.MANAGE, None) else "",
        "plain": values.plain,
        "home": home,
        "roles": [(role.value, who.says(ROLES[role]), role in values.roles) for role in _offered(who, person, values.school)],
        "languages": [(code, str(locale.languages.get(code, code)), code == (values.language or who.language)) for code in LANGUAGES],
        "was": json.dumps({**now.plain, "roles": sorted(role.value for role in now.roles)}),
        "faults": {name: told(says, who.language) for name, says in values.faults.items()},
        "others": others,
        "follows": _follows(who, follows, values) if follows else [],
    }  # fmt: skip


def _follows(who: Visitor, found: Follows, values: Written) -> list[str]:
    lines = []
    if found.freed:
        lines.append(render(FREED, who.language, {"count": len(found.freed), "learners": listed(found.freed)}))
    lines += [who.says(SHARED, email=values.plain["email"], name=name) for name in found.sharing]
    return [*lines, who.says(THIN)] if found.thin else lines
