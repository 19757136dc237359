"""Everything that can stand in the way, each said plainly, with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.i18n import _
from bot.web.chat.bubbles import filled, page
from bot.web.common.templates import Notice

USED = Notice(
    410,
    _("This link has already been used"),
    _("Each link opens one device, once. If it was you, open Compagnon on that device. If not, ask for a new link, and say so."),
)  # fmt: skip
EXPIRED = Notice(
    410,
    _("This link is too old"),
    _("A link is good for three days. Ask the person who sent it for a new one."),
)
UNKNOWN = Notice(
    404,
    _("This link is not right"),
    _("Perhaps a piece is missing: open it again from the message, or copy the whole of it. Otherwise ask for a new one."),
)  # fmt: skip
COOKIES = Notice(
    400,
    _("Your browser keeps nothing"),
    _("Without cookies I could not recognise you afterwards. Allow cookies for this page, then open your link again: it has not been used."),
)  # fmt: skip
PATIENCE = Notice(
    429,
    _("Too many attempts"),
    _("Wait ten minutes, then open your link again. If it still does not work, ask for a new one."),
)
STRANGER = Notice(
    403,
    _("I do not know this device yet"),
    _("Open the link you were given. If it is lost, ask the person who sent it for a new one."),
)
MOVED = Notice(
    403,
    _("Your conversation has moved"),
    _("It goes on where you opened your latest link. If that was not you, tell your coordinator straight away."),
)
REFUSED = Notice(
    403,
    _("This device was not recognised"),
    _("Your coordinator did not recognise this device. Please ask them for a new link."),
)
FLOOD = Notice(
    429,
    _("That is a lot at once"),
    _("Wait a minute, then send it again: it is still in the box. SOS always gets through."),
    back=True,
)
GONE = Notice(
    404, _("There is nothing here"), _("This address leads nowhere. Go back to your conversation."), back=True
)
LONG = Notice(
    413,
    _("Your message is too long"),
    _("I can read {count} characters at most. Shorten it or send it in parts: your text is still in the box."),
    back=True,
)
EMPTY = Notice(422, _("Nothing was sent"), _("Write something first, or press one of the buttons."), back=True)
FOREIGN = Notice(
    403,
    _("Nothing was sent"),
    _("This page is no longer up to date. Open your conversation again, then send it once more."),
    back=True,
)
BROKEN = Notice(
    500,
    _("Something broke on our side"),
    _("Nothing was kept of what you sent. Send it again in a moment. In danger, call {emergency}."),
    back=True,
)
UNHEARD = Notice(
    500,
    _("🆘 Immediate danger: call {emergency} now"),
    _("Your cry for help did not reach your school: something broke on our side. Call, then press SOS again."),
    back=True,
)
ASKED: Mapping[int, Notice] = {403: FOREIGN, 413: LONG, 422: EMPTY, 429: FLOOD}


def notice(
    request: Request, what: Notice, language: str, values: Mapping[str, Any] | None = None, written: str = ""
) -> Response:
    """A page of its own; for a page that sent by itself, the sentences alone. `written` is given back to copy."""
    shown = {"notice": what, "values": values or {}, "written": written}
    if "hx-request" in request.headers:
        return HTMLResponse(filled("line.html", language, shown), what.status)
    return page(request, "notice.html", language, shown, what.status)
