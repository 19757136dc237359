"""What all pages of the desk ask for: who looks, within one transaction with what they look at."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from urllib.parse import urlencode

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.domain.programme.written import Written
from bot.domain.rights import Act
from bot.handlers.desk import pairing
from bot.i18n import Text, _
from bot.store.db import Database, Tx
from bot.store.links import hashed
from bot.store.people import Person
from bot.web.common.guard import FIELDS, Seal, from_our_page, read_form
from bot.web.common.templates import root_of
from bot.web.desk.notices import TEMPLATES, cookie_name
from bot.web.desk.visitor import Visitor, find_visitor, seen_as

R = TypeVar("R")
BESIDE = "passing.html"
"""What only time changes of a page outside the part that keeps itself up to date."""
SAID: dict[str, Text] = {
    "done": _("Done. Thank you."),
    "take": _("Thank you. You follow this case."),
    "reached": _("Noted: the young person was reached. Close the case when all is settled."),
    "snooze": _("Noted. Until then I do not ask you about this case; whatever is new comes at once."),
    "merge": _("Both are one case now. Its log on the desk has both."),
    "together": _("Thank you. You follow these cases."),
    "group": _("Thank you. You follow these cases."),
    "apart": _("Done. Thank you."),
    "well": _("Done. Thank you."),
    "unrested": _(
        "The case cannot rest so long: a case for today a day at the most, another a week; one for now, or a cry for help, never."
    ),
    "pass": _("The case is passed on. It comes back to you if nobody takes it."),
    "close": _("The case is closed. Everyone who was alerted is told."),
    "tick": _("Ticked. Thank you."),
    "badge_ended": _("The badge is taken back. The learner is told, with your words."),
    "badge_kept": _("The badge is kept: say why in a sentence, of 300 characters at the most. The learner reads it."),
    "yes": _("Thank you. They can begin."),
    "no": _("This device is refused; a new link is needed."),
    "confirmed": _("Thank you. Those whose words you ticked can begin."),
    "feed_ended": _("Nothing stands under that address any more."),
    "undone": _("Taken back. What was changed since is as it was left."),
    "not_undone": _(
        "Nothing was taken back: it was done already, or something has changed meanwhile. Here is how it stands now."
    ),
    "wrote": _("Passed on. The answer will come to you in your messenger."),
    "unwritten": _("Nothing was sent: this learner cannot be written to now."),
    "leave": _("Noted. Whoever it is about is told, and the ladder passes over them in that time."),
    "slot": _("Noted. They are told that they are on call."),
    "cancelled": _("Cancelled. They are told."),
    "certificate": _("The certificate is noted. What it means for the grant stands here."),
    "certificate_no_show": _("Noted: did not take part. Nothing more is asked, no balance is due."),
    "certificate_backwards": _("The last day is before the first. Nothing was changed."),
    "certificate_future": _(
        "The last day has not come yet: a certificate counts once that day is over. Nothing was changed."
    ),
    "certificate_elsewhen": _("These days are far from the stay: look at the year. Nothing was changed."),
    "days_unreadable": _("These dates cannot be read. Nothing was changed."),
    "days_backwards": _("The end is before the beginning. Nothing was changed."),
    "days_past": _("These days are over. Nothing was changed."),
    "days_long": _("That is too long: leave is a year at the most, a slot a month. Nothing was changed."),
    "changed": _("Done, and noted."),
    "ended": _("Done, and noted. Nothing more is asked, and nobody is alerted; SOS works as always."),
    "dates_refused": _("The dates of the stay do not allow that, or no day was given. Nothing was changed."),
    "imported": _("Done. The roster has been brought in."),
    "stale": _("Something has changed in the meantime. Here is what would be done now; nothing has been applied yet."),
    "elsewhere": _("Noted. Until that day silence is no alert; after it I watch again."),
    "merged": _("Done. Both records are one now."),
    "unsure": _("Nothing was merged: tick that they are one person, if they are."),
    "agreement": _(
        "Not closed yet: as far as I know nobody has spoken with the young person. Reach them, or let a second adult agree: I have asked those who were alerted."
    ),
    "kept": _("Kept as a draft. It counts once it is published."),
    "dropped": _("The draft is gone. What is in force stays as it is."),
    "no_file": _("No file, or none that is text. Nothing was changed."),
    "no_toml": _(
        "This file is no programme: its form is broken. Check it with “programme check”. Nothing was changed."
    ),
    "programme_published": _("Published. It counts from now on."),
    "programme_proposed": _("Proposed. It counts once a second adult agrees; they have been asked."),
    "programme_alone": _("This needs two adults, and nobody else may do it here. Nothing was published."),
    "programme_stale": _("Something has changed in the meantime. Look once more, then publish."),
    "erase_case": _("Not erased: a situation is still being followed. Close it first."),
    **pairing.SAID,
}
"""What is said after a form was sent, by the name that the address of the next page carries."""


class App(Protocol):
    """What the desk asks of the app."""

    db: Database

    @property
    def programme(self) -> ProgrammeOnDisk | None: ...

    def nudge(self) -> None: ...
    async def follow_programme(self) -> None: ...


class ProgrammeOnDisk(Protocol):
    """What the studio asks of the files of the programme."""

    written: Written

    def want(self) -> None: ...


@dataclass(frozen=True)
class Played:
    """A desk that is played, on a clock that is moved: nobody signs in there, the address says whose desk it is."""

    who: Callable[[Tx, Request], Person | None]
    home: Callable[[Request], str]
    """The path of the page around it, with the clock."""
    own: bool
    """With the names of one's own class."""


@dataclass(frozen=True)
class Desk:
    """What every page needs: the app, the seal of its forms, and the address people see."""

    app: App
    seal: Seal
    base_url: str
    played: Played | None = None
    rehearses: bool = False
    """One's own class can be rehearsed with."""

    def token(self, request: Request) -> str:
        return request.cookies.get(cookie_name(self.base_url), "")

    async def ask(self, request: Request, read: Callable[[Tx, Visitor], R]) -> tuple[Visitor, R]:
        """Read or do something for whoever is looking, in one transaction.

        Raises:
            Nobody: this browser is not signed in.
            Missing: it is not there, or not theirs.
        """
        token, by_itself = self.token(request), "seen" in request.query_params

        def within(tx: Tx) -> tuple[Visitor, R]:
            if self.played is not None:
                who = seen_as(tx, self.played.who(tx, request))
            else:
                who = find_visitor(tx, token, by_itself=by_itself)
            return who, read(tx, who)

        return await (self.app.db.read(within) if by_itself else self.app.db.transact(within))

    def page(self, request: Request, who: Visitor, name: str, values: Mapping[str, Any]) -> HTMLResponse:
        """A whole page for a visitor."""
        return TEMPLATES.page(request, name, who.language, {**self.frame(request, who), **values})

    def live(self, request: Request, who: Visitor, name: str, part: str, values: Mapping[str, Any]) -> Response:
        """A page with a part that keeps itself up to date: it asks again, and gets that part alone, if it changed. Whoever
        knows a `version` of what is shown without reading it all names it; else it is made of what is shown.
        """
        frame = {**self.frame(request, who), **TEMPLATES.links(request), **values}
        inside = TEMPLATES.filled(part, who.language, frame)
        version = values.get("version") or hashlib.sha256(inside.encode()).hexdigest()[:16]
        inside = f'<input type="hidden" name="seen" id="seen" value="{version}" autocomplete="off">{inside}'
        if "seen" in request.query_params:
            if request.query_params["seen"] == version:
                return Response(status_code=204)
            return HTMLResponse(inside + TEMPLATES.filled(BESIDE, who.language, frame))
        return self.page(request, who, name, {**values, "inside": inside})

    def frame(self, request: Request, who: Visitor) -> dict[str, Any]:
        """What the frame of every page asks for."""
        query = {name: value for name, value in request.query_params.items() if name not in {"seen", "said"}}
        here = request.url.path.removeprefix(root_of(request)) or "/"
        asked = urlencode(query)
        return {
            "who": who,
            "acts": Act,
            "token": self.seal.of(hashed(self.token(request))),
            "here": here,
            "back": f"{here}?{asked}" if asked else here,
            "query": query,
            "played": self.played.home(request) if self.played else None,
            "own_class": self.played is not None and self.played.own,
            "path": request.url.path,
            "rehearses": self.rehearses,
            "said": SAID.get(request.query_params.get("said", ""), ""),
        }

    async def form(self, request: Request, fields: int = FIELDS) -> dict[str, str]:
        """What a form of a page of ours holds, which has so many fields at the most.

        Raises:
            HTTPException: it comes from elsewhere (403) or is no form (400, 413).
        """
        form = await read_form(request, fields)
        self.check(request, form)
        return form

    def check(self, request: Request, form: Mapping[str, str]) -> None:
        """A form must be one of ours.

        Raises:
            HTTPException: it comes from elsewhere (403).
        """
        sealed = self.seal.fits(hashed(self.token(request)), form.get("seal", ""))
        if not sealed or not from_our_page(request.headers, self.base_url):
            raise HTTPException(403)

    def after(self, request: Request, form: Mapping[str, str], said: str) -> Response:
        """Back to the page the form was on, which says what came of it. It never leads out of the desk."""
        back = form.get("back", "/")
        path, _mark, query = (back if back.startswith("/") and "\\" not in back else "/").partition("?")
        query = f"{query}&said={said}" if query else f"said={said}"
        return RedirectResponse(f"{root_of(request)}{path}?{query}", 303)
