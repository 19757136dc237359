"""A night on the web chat: browsers that send their forms again until they are told that it was taken."""

from __future__ import annotations

import asyncio
import html
import random
import re
import secrets
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from hashlib import sha256
from pathlib import Path

import httpx

from tests.faults.broken_line import BrokenLine
from tests.faults.ledger import Seen, Sight, Someone, cast
from tests.faults.plan import Trouble
from tests.faults.real_bot import port_of
from tests.faults.world import UP, World
from tests.ports import TRUSTS_NOBODY

BUBBLE = re.compile(r'<li[^>]*id="(o\d+)"[^>]*>(.*?)</li>', re.DOTALL)
LOOKS = 10
"""Everybody looks at their page in each life of so many."""
PAUSE = 0.4
"""Seconds after which a browser sends its form again."""


class Browser:
    """One person's: it knows its cookie, and everything that its page has ever shown."""

    def __init__(self, line: BrokenLine, token: str) -> None:
        self.native = sha256(token.encode()).hexdigest()
        self.shown: dict[str, str] = {}
        self.seal = ""
        self.client = httpx.AsyncClient(
            base_url=line.url, cookies={"compagnon": token}, trust_env=False, timeout=20, verify=TRUSTS_NOBODY
        )

    async def look(self) -> bool:
        """Load the page; whether it came."""
        try:
            answer = await self.client.get("/")
        except httpx.HTTPError:
            return False
        if answer.status_code != 200:
            return False
        found = re.search(r'name="seal" value="([^"]+)"', answer.text)
        self.seal = html.unescape(found[1]) if found else ""
        for name, bubble in BUBBLE.findall(answer.text):
            self.shown.setdefault(name, _words(bubble))
        return bool(self.seal)

    async def says(self, text: str, nonce: str, times: int) -> None:
        """Send the form until it is taken, and as often again as somebody presses twice."""
        taken = 0
        while taken < times:
            try:
                form = {"text": text, "nonce": nonce, "seal": self.seal}
                answer = await self.client.post("/say", data=form, headers={"hx-request": "true"})
                taken += answer.status_code == 204
                if answer.status_code == 403:
                    await self.look()
            except httpx.HTTPError:
                pass
            if taken < times:
                await asyncio.sleep(PAUSE)


class OnWeb(World):
    """People write whether somebody is there or not: their browsers try until it is taken."""

    channel = "web"
    repeatable = True

    def __init__(self, folder: Path, people: tuple[Someone, ...], seed: int) -> None:
        super().__init__(folder, people, seed)
        self.tokens = {each.ref: secrets.token_urlsafe(24) for each in people}
        addresses = {ref: sha256(token.encode()).hexdigest() for ref, token in self.tokens.items()}
        self.settle("", addresses)
        self.port = port_of(folder)
        self.browsers: dict[str, Browser] = {}
        self.line: BrokenLine
        self._lives, self._times, self._delay = 0, 1, 0.0
        self._sending: set[asyncio.Task[None]] = set()

    async def up(self) -> None:
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", trust_env=False, verify=TRUSTS_NOBODY
        ) as client:
            for _ in range(round(UP / 0.05)):
                try:
                    await client.get("/")
                    return
                except httpx.TransportError:
                    await asyncio.sleep(0.05)
        raise TimeoutError("it did not come up")

    async def says(self, who: Someone, text: str, *, cry: bool = False) -> None:
        task = asyncio.ensure_future(self._says(who, text, self._times, self.dice.uniform(0, self._delay), cry=cry))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def _says(self, who: Someone, text: str, times: int, delay: float, *, cry: bool) -> None:
        await asyncio.sleep(delay)
        browser, nonce = self.browsers[who.ref], secrets.token_urlsafe(8)
        await browser.says(text, nonce, times)
        native = sha256("\n".join((browser.native, nonce, text)).encode()).hexdigest()
        self.ledger.said[native] = who.ref
        if cry:
            self.ledger.cries[native] = who.ref

    async def hold(self) -> None:
        while self._sending:
            await asyncio.wait(self._sending)

    async def before(self, trouble: Trouble) -> None:
        self._times = 3 if trouble is Trouble.THREE_TIMES else 1
        self._delay = 1.0 if trouble is Trouble.SHUFFLED else 0.0

    async def at_work(self) -> None:
        """Now and then everybody loads the page: it shows the last two hundred messages, and a night has more."""
        self._lives += 1
        if self._lives % LOOKS:
            return
        await asyncio.gather(*(browser.look() for browser in self.browsers.values()))

    async def seen(self) -> Seen:
        body = self.start()
        await self.up()
        before = -1
        while before != self.sent():  # whoever starts has something to say
            before = self.sent()
            await self._all_look()
        await body.end(signal.SIGTERM)
        return {ref: [Sight(*each) for each in browser.shown.items()] for ref, browser in self.browsers.items()}

    async def _all_look(self) -> None:
        for browser in self.browsers.values():
            while not await browser.look():  # noqa: ASYNC110 - a browser asks again and again, too
                await asyncio.sleep(PAUSE)

    def heard(self) -> int:
        return self.sent()

    def untaken(self) -> int:
        return len(self._sending)

    def befall(self, trouble: Trouble) -> None:
        self.line.trouble = trouble

    def mend(self) -> None:
        self.line.trouble = Trouble.NONE


def _words(bubble: str) -> str:
    """The words of a bubble, as they are read."""
    inside = re.search(r'<p class="bubble"[^>]*>(.*?)</p>', bubble, re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", inside[1] if inside else ""))


@asynccontextmanager
async def on_web(folder: Path, seed: int) -> AsyncIterator[OnWeb]:
    """Forty people who are only known, two schools with ten learners each."""
    world = OnWeb(folder, cast(plain=40, learners=10), seed)
    async with AsyncExitStack() as opened:
        target = f"http://127.0.0.1:{world.port}"
        world.line = await opened.enter_async_context(
            BrokenLine(target, random.Random(seed), lambda method, path: method)
        )
        for ref, token in world.tokens.items():
            world.browsers[ref] = Browser(world.line, token)
            opened.push_async_callback(world.browsers[ref].client.aclose)
        try:
            yield world
        finally:
            world.db.close()
