"""The homeserver itself: its address, whether it answers as one, which software it is, and how fast it lets us send.

What only its administrator can change is said in the words to send them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.channels.http import NOT_REACHED
from bot.channels.matrix.client_api import (
    CallError,
    Homeserver,
    NotReached,
    Unanswered,
    accepted,
    bounded,
)
from bot.channels.matrix.sign_in import PAGES, PASSWORD, pages, ways_in
from bot.config.tables import Matrix
from bot.doctor.asking import SECONDS
from bot.doctor.finding import Finding, broken, fine, look
from bot.i18n import Sentence, _, say, sentence_of

ABOUT = _("matrix")
EXAMPLE = "https://matrix.example.org"
BURST = 10
"""Messages that go at once, before `per_second` counts: rc_message of Synapse's configuration."""
USUAL = 0.2
"""Messages a second that Synapse allows where nobody has changed it."""
LONG = 60.0
"""Seconds for a question to everybody, from which on it is worth asking for more."""
LIFTED = 10
"""Messages a second to set once there is no limit: a small homeserver keeps up."""


def address(url: str) -> Iterator[Finding]:
    """What is odd about the address as it is written; nothing where all is well."""
    try:
        parts = urlsplit(url)
    except ValueError:
        yield broken(
            ABOUT,
            say(_("[matrix] homeserver is no address")),
            say(_('write homeserver = "{example}"'), example=EXAMPLE),
        )
        return
    if parts.path or parts.query or parts.fragment or parts.username:
        only = f"{parts.scheme}://{host(url)}"
        yield look(
            ABOUT,
            say(_("[matrix] homeserver holds more than its address")),
            say(_('write homeserver = "{only}"'), only=only),
        )
    if parts.scheme == "http" and not _on_this_machine(parts.hostname or ""):
        told = say(_("everything to {host} goes without encryption, our token too"), host=host(url))
        yield look(
            ABOUT, told, say(_('write https:// instead of http://, as in homeserver = "{example}"'), example=EXAMPLE)
        )


def host(url: str) -> str:
    """Name and port, as they may be shown: an address may hold a password."""
    return url.partition("://")[2].partition("/")[0].rpartition("@")[2]


def _on_this_machine(name: str) -> bool:
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


async def software(url: str) -> str:
    """Which homeserver answers there, such as `Synapse 1.163.0`; empty where it does not say.

    Raises:
        CallError: no homeserver answers there.
    """
    timeout = aiohttp.ClientTimeout(total=SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=True) as session:
        told = await _asked(session, f"{url}/_matrix/client/versions")
        if not isinstance(told.get("versions"), list):
            raise Unanswered("no versions")
        with suppress(CallError):  # answered only where federation has the same address
            server = (await _asked(session, f"{url}/_matrix/federation/v1/version")).get("server")
            if isinstance(server, dict) and server.get("name"):
                return _shown(f"{server['name']} {server.get('version', '')}")
        with suppress(CallError):
            version = (await _asked(session, f"{url}/_synapse/admin/v1/server_version")).get("server_version")
            return _shown(f"Synapse {version or ''}".partition(" (")[0])  # where it was built from a repository
    return ""


async def _asked(session: aiohttp.ClientSession, url: str) -> dict[str, Any]:
    """What is answered there to anybody; `Homeserver.call` knows only what belongs to an account."""
    try:
        async with session.get(url, allow_redirects=False) as reply:
            return accepted(reply.status, await bounded(reply))
    except NOT_REACHED as problem:
        raise NotReached(type(problem).__name__) from None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as problem:
        raise Unanswered(type(problem).__name__) from None


def _shown(told: str) -> str:
    """What a stranger calls itself, fit for a terminal."""
    return "".join(letter for letter in told if letter.isprintable()).strip()[:40]


async def ways(url: str) -> frozenset[str]:
    """The ways to sign in there; nothing where it does not say."""
    server = Homeserver(url)
    try:
        return await ways_in(server)
    except CallError:
        return frozenset()
    finally:
        await server.close()


def no_password(url: str, offered: frozenset[str]) -> Iterator[Finding]:
    """How one becomes a device again where the homeserver takes no password."""
    if not offered or PASSWORD in offered:
        return
    by_pages = _(
        "{host} takes no password: after a loss, sign in at {page}, then python3 run.py matrix repair --login-token"
    )
    by_hand = _(
        "{host} takes no password: after a loss, its administrator gives a token for python3 run.py matrix repair --login-token"
    )
    yield fine(ABOUT, say(by_pages if PAGES in offered else by_hand, host=host(url), page=pages(url)))


def unanswered(problem: CallError, settings: Matrix) -> Finding:
    """Why nothing more can be said."""
    place, domain = host(settings.homeserver or ""), (settings.user_id or "").partition(":")[2]
    if isinstance(problem, NotReached):
        cure = say(
            _("is the network there, and [matrix] homeserver right? Else look at its certificate and its reverse proxy")
        )
        return broken(
            ABOUT,
            say(_("{place} cannot be reached from here ({problem})"), place=place, problem=sentence_of(problem)),
            cure,
        )
    cure = say(
        _("does it run? Is it the address that apps use: m.homeserver in https://{domain}/.well-known/matrix/client"),
        domain=domain,
    )
    return broken(
        ABOUT,
        say(
            _("{place} does not answer as a Matrix homeserver does ({problem})"),
            place=place,
            problem=sentence_of(problem),
        ),
        cure,
    )


def pace(settings: Matrix, learners: int, software_there: str) -> Finding:
    """How long a question to so many takes, and whom to ask for what where that is long."""
    seconds = max(0, learners - BURST) / settings.per_second
    told = say(
        _("at {per_second} messages a second, a question to {learners} learners takes {duration}"),
        per_second=f"{settings.per_second:g}",
        learners=learners,
        duration=_duration(seconds),
    )
    if settings.per_second > USUAL:
        return fine(
            ABOUT,
            say(
                _("{told}, if its administrator has lifted the limit for {user_id}"),
                told=told,
                user_id=settings.user_id,
            ),
        )
    return look(ABOUT, told, _request(settings, software_there)) if seconds > LONG else fine(ABOUT, told)


def _request(settings: Matrix, software_there: str) -> Sentence:
    """What to ask the administrator for. Zero for both is no limit (synapse/rest/admin/users.py)."""
    if software_there.startswith("Synapse"):
        path = f"/_synapse/admin/v1/users/{settings.user_id}/override_ratelimit"
        asked = f'POST {path} {{"messages_per_second": 0, "burst_count": 0}}'
        return say(
            _("ask its administrator for: {asked}; then set [matrix] per_second = {lifted}"), asked=asked, lifted=LIFTED
        )
    return say(
        _(
            "ask the administrator of {host} to lift the limit on messages for {user_id}, or for its figure; "
            "then set [matrix] per_second to that"
        ),
        host=host(settings.homeserver or ""),
        user_id=settings.user_id,
    )


def strangers(settings: Matrix) -> Finding:
    """What no homeserver tells, and only the first to join will show."""
    told = say(
        _("no learner has joined yet: whether people may reach {user_id} is not known"), user_id=settings.user_id
    )
    cure = say(
        _(
            "ask the administrator of {host} whether people of other homeservers may invite it, and whether it may open rooms with them; then python3 run.py invite"
        ),
        host=host(settings.homeserver or ""),
    )
    return look(ABOUT, told, cure)


def _duration(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 2 * 60 else f"{seconds:.0f} s"
