"""Signing in: by the password where the homeserver takes one, else by a token that its own pages give; `GET /login` says which.

Where accounts live in a service of their own (Matrix Authentication Service), a new identity is allowed on a page of that
service: the person is shown its address, allows it, and the same call is made once more.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.channels.matrix.client_api import CLIENT, CallError, Homeserver, Refused
from bot.i18n import Sentence, _, say

PASSWORD, TOKEN, PAGES = "m.login.password", "m.login.token", "m.login.sso"
RESET = ("m.oauth", "org.matrix.cross_signing_reset")
"""How a homeserver names the page on which its owner allows a new identity; its address stands beside it."""
LANDING = "http://127.0.0.1/"
"""Where the pages lead back to: nothing answers there, what counts stands in the address."""
Confirm = Callable[[Sentence], Awaitable[None]]
"""Tells the person what to do in a browser, and comes back once they say that it is done."""


@dataclass(frozen=True)
class Account:
    """Our account, as the configuration names it. `login_token` is good once, for two minutes."""

    homeserver: str
    user_id: str
    password: str = field(repr=False)
    device_name: str = "Compagnon"
    pickle_key: str = field(default="", repr=False)
    login_token: str = field(default="", repr=False)


class CannotSignIn(CallError):
    """There is no way in with what we have; the message says what to do."""


async def ways_in(server: Homeserver) -> frozenset[str]:
    """The ways to sign in that the homeserver offers.

    Raises:
        CallError: it does not say.
    """
    flows = (await server.call("GET", "/login")).get("flows")
    return frozenset(str(each.get("type")) for each in flows if isinstance(each, dict)) if isinstance(flows, list) else frozenset()  # fmt: skip


def pages(homeserver: str) -> str:
    """Where its own pages for signing in begin; at their end stands the token."""
    return f"{homeserver.rstrip('/')}{CLIENT}/login/sso/redirect?redirectUrl={quote(LANDING, safe='')}"


async def credentials(server: Homeserver, account: Account) -> dict[str, object]:
    """What to sign in with.

    Raises:
        CannotSignIn: something is missing; it says what, and where to get it.
        CallError: the homeserver does not say which ways there are.
    """
    if account.login_token:
        return {"type": TOKEN, "token": account.login_token}
    ways = await ways_in(server)
    if PASSWORD in ways and account.password:
        return by_password(account)
    if PASSWORD in ways:
        raise CannotSignIn(say(_("The password is missing: write it to the file data/secrets/matrix__password.")))
    if PAGES in ways:
        raise CannotSignIn(
            say(
                _(
                    "This homeserver takes no password from us. Open {page} in a browser and sign in there as {account}. The browser ends on a page that does not exist: copy what stands behind loginToken= in its address, and within two minutes run the same command with --login-token and what you copied."
                ),
                page=pages(account.homeserver),
                account=account.user_id,
            )
        )
    raise CannotSignIn(
        say(
            _(
                "This homeserver lets nobody sign in by a password or by its own pages. Ask its administrator for a token to log in with (m.login.token), and run the same command with --login-token and the token."
            )
        )
    )


def by_password(account: Account) -> dict[str, object]:
    who = {"type": "m.id.user", "user": account.user_id}
    return {"type": PASSWORD, "identifier": who, "password": account.password}


async def prove(server: Homeserver, path: str, body: Mapping[str, Any], account: Account, confirm: Confirm) -> None:
    """Make a call for which the homeserver may want to know once more who we are.

    Raises:
        CannotSignIn, CallError: it was not made.
    """
    try:
        await server.call("POST", path, body)
        return
    except Refused as refused:
        if refused.status != 401 or "session" not in refused.answer:
            raise
        asked = refused.answer
    session, stages = str(asked["session"]), _first_stages(asked)
    if account.password and (PASSWORD in stages or not stages):
        await server.call("POST", path, {**body, "auth": by_password(account) | {"session": session}})
        return
    page = _page(server, asked, stages, session)
    text = _("The homeserver wants you to allow this. Open {page} in a browser, sign in as {account}, and allow it.")
    await confirm(say(text, page=page, account=account.user_id))
    await server.call("POST", path, {**body, "auth": {"session": session}})


def _first_stages(asked: Mapping[str, Any]) -> list[str]:
    """The first step of each way to say who we are."""
    flows = asked.get("flows")
    found = [each.get("stages") for each in flows if isinstance(each, dict)] if isinstance(flows, list) else []
    return [str(stages[0]) for stages in found if isinstance(stages, list) and stages]


def _page(server: Homeserver, asked: Mapping[str, Any], stages: list[str], session: str) -> str:
    params = asked.get("params")
    for name in RESET:
        named = params.get(name) if isinstance(params, dict) else None
        if isinstance(named, dict) and str(named.get("url", "")).startswith(("https://", "http://")):
            return str(named["url"])
    stage = stages[0] if stages else PAGES
    return f"{server.url}{CLIENT}/auth/{quote(stage, safe='')}/fallback/web?session={quote(session, safe='')}"
