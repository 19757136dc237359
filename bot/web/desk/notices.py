"""Everything that can stand in the way at the desk, said plainly, with what to do about it; and the templates it is said with."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.handlers.case.matters import CONTACTS
from bot.i18n import _
from bot.web.common.templates import Notice, Templates, language_of

TEMPLATES = Templates(Path(__file__).parent, contacts=CONTACTS)
COOKIE = "compagnon-desk"


def cookie_name(base_url: str) -> str:
    """Over https the browser itself holds us to a cookie of this host alone."""
    return f"__Host-{COOKIE}" if base_url.startswith("https://") else COOKIE


STRANGER = Notice(
    401,
    _("Please ask for a link"),
    _("Write /desk to Compagnon, in the chat where it writes to you. It answers with a link for this browser, good for ten minutes."),
)  # fmt: skip
USED = Notice(410, _("This link has already been used"), _("Each link opens one browser, once. Write /desk for a new one. If somebody else used it, tell your colleagues."))  # fmt: skip
EXPIRED = Notice(410, _("This link is too old"), _("A link to the desk is good for ten minutes. Write /desk for a new one."))  # fmt: skip
UNKNOWN = Notice(404, _("This link is not right"), _("Perhaps a piece is missing, or a newer link has taken its place. Write /desk for a new one."))  # fmt: skip
COOKIES = Notice(400, _("This browser keeps nothing"), _("Without cookies you could not be recognised afterwards. Allow cookies for this page, then open your link again: it has not been used."))  # fmt: skip
PATIENCE = Notice(429, _("Too many attempts"), _("Wait ten minutes, then write /desk for a new link."))
ON_ITS_WAY = Notice(200, _("A link is on its way"), _("It is in the chat where Compagnon writes to you, good for ten minutes, and leads to this case."))  # fmt: skip
OUT = Notice(200, _("You have signed out"), _("Nothing of the desk is left in this browser. To come back, write /desk."))  # fmt: skip
GONE = Notice(404, _("There is nothing here"), _("It does not exist any more, or it belongs to another school."), back=True)  # fmt: skip
FOREIGN = Notice(403, _("Nothing was sent"), _("This page is no longer up to date. Open the board again, then do it once more."), back=True)  # fmt: skip
BROKEN = Notice(500, _("Something broke on our side"), _("Nothing was changed. Please try again in a moment; alerts still come by chat."), back=True)  # fmt: skip
ASKED = {400: FOREIGN, 403: FOREIGN, 404: GONE, 413: FOREIGN}


def notice(request: Request, what: Notice, language: str = "") -> Response:
    """Say what is in the way, in the browser's language where we know nobody."""
    return TEMPLATES.page(request, "notice.html", language or language_of(request), {"notice": what}, what.status)
