"""Where a cry for help is timed: the real bot, four platforms, two learners, and two adults who can take it."""

from __future__ import annotations

import asyncio
import signal
import time
import tomllib
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.clock import SystemClock
from bot.domain.person import Role
from bot.handlers.people.invitations import invite
from bot.store.db import Database, Tx
from bot.store.people import RoleHeld, by_ref
from tests.channels.email.conftest import MailServer
from tests.faults.real_bot import prepare, start
from tests.journeys.people import settle_in
from tests.synapse.homeserver import Homeserver
from tests.synapse.human import Human
from tests.telegram_server import TelegramServer, User
from tests.telegram_server.shown import Shown

CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
[matrix]
homeserver = "{homeserver}"
user_id = "{user}"
password = "{password}"
per_second = 100.0
[email]
host = "127.0.0.1"
port = {port}
tls = "none"
sender = "Compagnon <compagnon@example.org>"
"""
YES = "Yes, let's start"
PAUSE = 2.5
"""Seconds in which all is quiet before the next SOS: the all-clears are out, and the limiter has recovered."""


class Mailbox(MailServer):
    """Notes when a mail was there, and its subject."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[float, str]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        at, told = now(), await super().handle_DATA(server, session, envelope)
        self.seen.append((at, str(self.mails()[-1]["Subject"])))
        return told


def now() -> float:
    return SystemClock().now().timestamp()


MONOTONIC = now() - time.monotonic()
"""What the instants of the Bot API server lack."""


def wall(shown: Shown) -> float:
    return shown.at + MONOTONIC


@dataclass
class Page:
    """The web chat, open in a browser: what its stream brought, and when."""

    seen: list[tuple[float, str]] = field(default_factory=list)

    async def look(self, browser: httpx.AsyncClient) -> None:
        async with browser.stream("GET", "/events") as stream:
            async for line in stream.aiter_lines():
                self.seen.append((now(), line))


def people(tx: Tx) -> None:
    """The usual small school; Luc has a mailbox, and Nadia is on call too."""
    settle_in(tx, ("noemie", "lina"))
    luc, nadia = by_ref(tx.rows, "luc"), by_ref(tx.rows, "nadia")
    assert luc is not None
    assert nadia is not None
    luc.email = "luc@example.org"
    nadia.roles.append(RoleHeld(role=Role.ON_CALL))


@dataclass
class Scene:
    """Everybody in their place."""

    db: Database
    server: TelegramServer
    mail: Mailbox
    page: Page
    noemie: User
    luc: User
    humans: dict[str, Human] = field(default_factory=dict)
    rooms: dict[str, str] = field(default_factory=dict)

    async def code(self, ref: str) -> str:
        """A fresh invitation, handed over in person."""

        def make(tx: Tx) -> str:
            person = by_ref(tx.rows, ref)
            assert person is not None
            return invite(tx, person, trusted=True)

        return await self.db.transact(make)

    async def on_matrix(self, ref: str, human: Human, us: str) -> None:
        """Opens a room with the bot, and sends the code there."""
        self.humans[ref], self.rooms[ref] = human, await human.open_direct(us)
        await human.until(lambda: human.timeline.members[self.rooms[ref]].get(us) == "join", 60)
        await human.says(self.rooms[ref], await self.code(ref))
        await human.hears()

    async def telegram(self, user: User, text: str, since: float) -> float:
        """When the first message of the bot with this text, sent since then, was there."""
        found: list[float] = []

        def there() -> bool:
            found[:] = [
                at for each in user.chat.messages if each.from_bot and (at := wall(each)) > since and text in each.text
            ]
            return bool(found)

        await self.server.until(there, 30)
        return found[0]

    async def matrix(self, ref: str, text: str, since: float) -> float:
        """The same by the homeserver's clock."""
        human, found = self.humans[ref], list[float]()

        def there() -> bool:
            others = [each for each in human.timeline.messages.values() if each.sender != human.user_id]
            found[:] = sorted(
                each.when / 1000 for each in others if each.when / 1000 >= since and text in (each.text or "")
            )
            return bool(found)

        await human.until(there, 30)
        return found[0]


@asynccontextmanager
async def mailing() -> AsyncIterator[Mailbox]:
    """The mail server, on a free port."""
    here = Mailbox()
    server = await asyncio.get_running_loop().create_server(lambda: SMTP(here, hostname="localhost"), here.host, 0)
    here.port = server.sockets[0].getsockname()[1]
    yield here
    server.close()


@asynccontextmanager
async def scene(folder: Path) -> AsyncIterator[Scene]:
    """The bot runs, everybody has joined, and the page is open."""
    (folder / "synapse").mkdir()
    async with AsyncExitStack() as stack:
        homeserver = await stack.enter_async_context(Homeserver(folder / "synapse"))
        server, mail = await stack.enter_async_context(TelegramServer()), await stack.enter_async_context(mailing())
        us = await homeserver.newcomer("Compagnon")
        places = {"token": server.token, "url": server.url, "port": mail.port}
        matrix = {"homeserver": homeserver.url, "user": us.user_id, "password": us.password}
        db = prepare(folder, CONFIG.format(**places, **matrix))
        stack.callback(db.close)
        db.run(people)
        assert await start(folder, "matrix", "setup").wait() == 0
        bot = start(folder, "run")
        stack.push_async_callback(bot.wait)
        stack.callback(bot.send_signal, signal.SIGTERM)
        here = Scene(db, server, mail, Page(), server.user("Noemie", language="en"), server.user("Luc", language="en"))
        for ref, user in (("luc", here.luc), ("noemie", here.noemie)):
            since = wall(user.starts(await here.code(ref)))
            await here.telegram(user, "", since)
        await server.until(lambda: any(YES in each.buttons for each in here.noemie.chat.messages))
        here.noemie.presses(YES)
        for ref in ("nadia", "lina"):
            human = await stack.enter_async_context(Human(homeserver, await homeserver.newcomer(ref.title())))
            await here.on_matrix(ref, human, us.user_id)
        port = tomllib.loads((folder / "config.toml").read_text("utf-8"))["web"]["port"]
        browser = await stack.enter_async_context(httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60))
        link = f"/j/{await here.code('nadia')}"
        await browser.get(link)
        assert (await browser.post(link)).headers["location"] == "/"
        looking = asyncio.ensure_future(here.page.look(browser))
        stack.callback(looking.cancel)
        await asyncio.sleep(2 * PAUSE)
        yield here
