"""Several at once: new invitations with link, QR code and mail; and who of those that opened theirs are really them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from bot.documents.invitations import Way, open_doors, ways
from bot.documents.invitations.sheet import qr
from bot.domain.channel import NAMES
from bot.domain.rights import Act
from bot.handlers.conversation.watching import states_now
from bot.handlers.desk.invite import new_code, web_page
from bot.handlers.people.confirm import confirm, may_confirm_them
from bot.handlers.people.invitations import VALID, too_young
from bot.i18n import Text, _, render
from bot.store.db import Tx
from bot.store.people import HOME_ZONE, Address, Person
from bot.store.stays import StayRow, current_stay
from bot.web.common.guard import row_number
from bot.web.desk.labels import INVITED
from bot.web.desk.page import Desk
from bot.web.desk.pending import claims
from bot.web.desk.visitor import Missing, Visitor, stay_within, stays_within

MOST = 60
"""Invitations that one page makes; each is a card with a code."""
LISTED = 300
"""Learners on one page; the others come as these are invited or confirmed, or by `?stays=`."""
SUBJECT = _("Your invitation to Compagnon")
MAIL = _(
    "Hello {name},\n\nthis link is yours alone, and works once, until {until}:\n{link}\n\nOpen it on your own phone. When it asks for a check, say the two words that you see there to me."
)
MAIL_ADULT = _(
    "Hello {name},\n\nthis link opens Compagnon for you, where alerts about your learners come. It is yours alone, and works once, until {until}:\n{link}"
)
BEGUN = _("has begun: a new link is for another device")


@dataclass(frozen=True)
class Invitee:
    """A learner who may be invited."""

    stay: int
    name: str
    group: str
    note: str
    wanted: bool


@dataclass(frozen=True)
class Opening:
    """One way in, as its card shows it."""

    name: str
    link: str
    code: Markup
    send: str
    """What is to be sent there."""


@dataclass(frozen=True)
class Card:
    """A learner's new invitation."""

    person: int
    name: str
    group: str
    ways: tuple[Opening, ...]
    mail: str


@dataclass(frozen=True)
class Inviting:
    """Both pages."""

    desk: Desk

    async def ask(self, request: Request) -> Response:
        """Who gets one? `?stays=12+15` ticks these; else those who need one."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            if not who.can(Act.CONFIRM):
                raise Missing
            return {"invitees": _invitees(tx, who, _numbers(request.query_params.get("stays", ""))), "most": MOST}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "invitations.html", values)

    async def make(self, request: Request) -> Response:
        """New links, shown once."""
        form = await self.desk.form(request, 2 * LISTED)
        named = (row_number(name[5:]) for name in form if name.startswith("stay."))
        wanted = [number for number in named if number is not None]

        def act(tx: Tx, who: Visitor) -> dict[str, Any]:
            rows = [stay_within(tx, who, number, Act.CONFIRM) for number in wanted[:MOST]]
            return _made(tx, who, rows, len(wanted) - len(rows))

        who, values = await self.desk.ask(request, act)
        return self.desk.page(request, who, "invited_cards.html", values)

    async def one(self, request: Request) -> Response:
        """A new link for one learner, shown once."""
        await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> dict[str, Any]:
            return _made(tx, who, [stay_within(tx, who, request.path_params["number"], Act.CONFIRM)], 0)

        who, values = await self.desk.ask(request, act)
        return self.desk.page(request, who, "invited_cards.html", values)

    async def waiting(self, request: Request) -> Response:
        """Who has opened their invitation, each with the two words they see."""

        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            if not who.can(Act.CONFIRM):
                raise Missing
            return {"claims": claims(tx, who)[:LISTED]}

        who, values = await self.desk.ask(request, read)
        return self.desk.page(request, who, "confirm.html", values)

    async def confirm(self, request: Request) -> Response:
        """Those that were ticked are really them. One that somebody else has answered meanwhile is left alone."""
        form = await self.desk.form(request, 2 * LISTED)

        def act(tx: Tx, who: Visitor) -> int:
            return sum(_confirmed(tx, who, name, words) for name, words in form.items() if name.startswith("yes."))

        _who, done = await self.desk.ask(request, act)
        self.desk.app.nudge()
        return self.desk.after(request, {"back": "/confirm"}, "confirmed" if done else "nothing")


def _confirmed(tx: Tx, who: Visitor, name: str, words: str) -> bool:
    number = row_number(name[4:])
    address = tx.rows.get(Address, number) if number is not None else None
    if address is None or not may_confirm_them(tx, who.person, address.person):
        raise Missing
    return address.state == "pending" and words == address.check_words and confirm(tx, who.person, address.id, yes=True)


def _numbers(written: str) -> frozenset[int]:
    named = (row_number(each) for each in written.replace("+", " ").split())
    return frozenset(number for number in named if number is not None)


def _invitees(tx: Tx, who: Visitor, wanted: frozenset[int]) -> list[Invitee]:
    today = who.clock.today
    rows = [row for row in stays_within(tx, who) if who.may_with(Act.CONFIRM, row) and row.back >= today]
    if wanted:
        rows = [row for row in rows if row.id in wanted]
    rows.sort(key=lambda row: (row.class_name, row.person.last_name, row.person.first_name, row.id))
    known = states_now(tx, rows)
    found: list[Invitee] = []
    left = 0 if wanted else MOST
    for row in rows:
        begun, invited = row.enrolled_at is not None, known[row.id][1].invited
        needs = not begun and invited.value in {"not", "expired"}
        note = who.says(BEGUN) if begun else who.says(INVITED[invited])
        ticked = row.id in wanted or (needs and left > 0)
        left -= ticked
        found.append(Invitee(row.id, row.person.full_name, row.class_name, note, ticked))
    found.sort(key=lambda each: not each.wanted)
    return sorted(found[:LISTED], key=lambda each: (each.group, each.name, each.stay))


def _made(tx: Tx, who: Visitor, rows: Sequence[StayRow], left: int) -> dict[str, Any]:
    """The page of new cards: one for each stay that is not called off."""
    page = web_page(tx)
    cards = [_card(tx, who, row) for row in rows if not row.cancelled] if page else []
    return {"cards": cards, "hours": int(VALID.total_seconds() // 3600), "page": page, "left": left}


def _card(tx: Tx, who: Visitor, row: StayRow) -> Card:
    code = new_code(tx, who.person, row)
    return card_of(tx, who, row.person, code, telegram=not too_young(tx, row.person), group=row.class_name)


def card_of(tx: Tx, who: Visitor, person: Person, code: str, *, telegram: bool, group: str = "") -> Card:
    """The card of a code: every way in, and a mail where an address is known."""
    found = ways(open_doors(tx), code, telegram=telegram)
    openings = tuple(Opening(_named(who, way), way.link, Markup(qr(way.link)), way.code) for way in found)
    return Card(person.id, person.full_name, group, openings, _mail(tx, person, found))


def _named(who: Visitor, way: Way) -> str:
    return who.says(_("Web page")) if way.channel == "web" else NAMES[way.channel]


def _mail(tx: Tx, person: Person, found: Sequence[Way]) -> str:
    """A mail that the adult's own programme sends, in the reader's language; empty where no address is known."""
    if not person.email:
        return ""
    until = {"moment": (tx.now + VALID).isoformat(), "zone": person.school.zone if person.school else HOME_ZONE}
    values = {"name": person.first_name, "until": until, "link": found[-1].link}
    learner = current_stay(tx.rows, person.id) is not None
    words: list[tuple[str, Text]] = [("subject", SUBJECT), ("body", MAIL if learner else MAIL_ADULT)]
    said = "&".join(f"{name}={quote(render(text, person.language, values), safe='')}" for name, text in words)
    return f"mailto:{quote(person.email, safe='@')}?{said}"
