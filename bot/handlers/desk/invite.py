"""`/invite`: who has no invitation that still works, and new links to pass on; `/invite NAME` for one learner."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.messages import Offer
from bot.domain.rights import Act
from bot.domain.watched import Invited, State
from bot.handlers.conversation.watching import states_now
from bot.handlers.desk.visibility import NOT_YOURS, Sight, by_name, capped, meant, sight_of, which
from bot.handlers.people.invitations import VALID, fresh
from bot.handlers.say.post import tell
from bot.i18n import _, _n, phrase
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.records import audit, setting
from bot.store.stays import StayRow

MOST = 10
NOBODY = _("Everybody has begun, or has an invitation that still works.")
UNKNOWN = _("I find no learner of that name within your school.")
WHICH = _("Which one?")
WITHOUT = _n(
    "{count} learner has no invitation that still works:\n{lines}",
    "{count} learners have no invitation that still works:\n{lines}",
)
LINE = _("{learner}, leaves {day}")
ALL = _("New invitation")
ONE = _("{learner}: {link}")
LINKS = _n(
    "A new link, for one device, good for {hours} hours. Earlier ones stop working. Pass it on yourself; when it is opened I ask you whether it is them.\n{lines}",
    "New links, each for one device, good for {hours} hours. Earlier ones stop working. Pass each on yourself; when one is opened I ask you whether it is them.\n{lines}",
)
NO_PAGE = _(
    "The web chat is not set up here, so I cannot make links. Your IT person: run « python3 run.py invite » with the reference."
)


def invite(tx: Tx, person: Person, rest: str = "") -> None:
    """Who needs a link; with a name, or from the button, the links themselves."""
    sight = sight_of(tx, person)
    if not any(sight.may(Act.CONFIRM, stay) for stay in sight.stays.values()):
        return tell(tx, person, NOT_YOURS)
    if rest and rest != "all":
        found = meant(sight, rest)
        if len(found) > 1:
            return tell(tx, person, WHICH, None, *which("invite", found))
        if not found or not sight.may(Act.CONFIRM, found[0]):
            return tell(tx, person, UNKNOWN)
        return _links(tx, person, found)
    without = [stay for stay in uninvited(tx, sight.stays.values()) if sight.may(Act.CONFIRM, stay)]
    if not without:
        return tell(tx, person, NOBODY)
    return _links(tx, person, without[:MOST]) if rest else _list(tx, sight, without)


def uninvited(tx: Tx, stays: Iterable[StayRow]) -> list[StayRow]:
    """Who has not begun and has no link that still works, the first to leave first."""
    rows = [stay for stay in stays if stay.enrolled_at is None]
    known = states_now(tx, rows)
    found = [
        row
        for row in rows
        if known[row.id][0] is State.NEVER_STARTED and known[row.id][1].invited in {Invited.NOT, Invited.EXPIRED}
    ]
    return sorted(found, key=lambda stay: (stay.departure, by_name(stay)))


def _list(tx: Tx, sight: Sight, stays: list[StayRow]) -> None:
    lines = [phrase(LINE, learner=each.person.short_name, day={"day": each.departure.isoformat()}) for each in stays]
    values = {"count": len(stays), "lines": {"list_lines": capped(lines, MOST)}}
    tell(tx, sight.person, WITHOUT, values, Offer(ALL, {"do": "command", "word": "invite", "rest": "all"}))


def _links(tx: Tx, person: Person, stays: list[StayRow]) -> None:
    links = [(stay, new_link(tx, person, stay)) for stay in stays]
    if not all(link for _stay, link in links):
        return tell(tx, person, NO_PAGE)
    lines = [phrase(ONE, learner=stay.person.full_name, link=link) for stay, link in links]
    hours = int(VALID.total_seconds() // 3600)
    return tell(tx, person, LINKS, {"count": len(stays), "hours": hours, "lines": {"list_lines": lines}})


def new_link(tx: Tx, person: Person, stay: StayRow) -> str:
    """A link of the web chat for a learner; earlier ones stop working. Empty where there is no web chat."""
    page = web_page(tx)
    return f"{page}/j/{new_code(tx, person, stay)}" if page else ""


def web_page(tx: Tx) -> str:
    """The address of the web chat; empty where there is none."""
    return str((setting(tx.rows, "web_address") or {}).get("url", ""))


def new_code(tx: Tx, person: Person, stay: StayRow) -> str:
    """A new code for a learner, by an adult, written down; earlier ones stop working."""
    audit(tx, f"person {person.id}", "invite", f"stay {stay.id}")
    return fresh(tx, stay.person, trusted=False)
