"""A human on matrix-js-sdk with its Rust cryptography: what Element is made of, driven over a socket.

It excludes insecure devices, as Element's setting of that name does. `install` once makes js/node_modules from the
lock file (npm, about 4 s, 28 MB, no scripts run); `available` says whether that and Node are there.
"""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Self

from tests.synapse.administration import Account, Refused
from tests.synapse.door import door, log_of
from tests.synapse.homeserver import Homeserver
from tests.synapse.person import Person

JSON = dict[str, Any]
FOLDER = Path(__file__).with_name("js")
INSTALL = "npm ci --prefix tests/synapse/js"
LINE = 4 * 1024 * 1024
"""The longest line that is read."""


def available() -> bool:
    """Whether Node is at hand and the client installed."""
    return shutil.which("node") is not None and (FOLDER / "node_modules" / "matrix-js-sdk").exists()


def _driver() -> Path:
    """Where Node listens; it takes a second to begin."""
    return door("modern", "node", str(FOLDER / "driver.mjs"))


@dataclass(frozen=True)
class Judged:
    """What matrix-js-sdk makes of somebody."""

    devices: dict[str, bool]
    """Each device: is it signed by its owner?"""
    needs_approval: bool
    """The identity is another one than at first."""
    verified: bool


class Modern(Person):
    """One device. Node receives for it all the time, but here it is looked at only while somebody waits."""

    def __init__(self, homeserver: Homeserver, account: Account, *, strict: bool = True, identity: bool = True) -> None:
        super().__init__(homeserver, account)
        self.strict, self.identity = strict, identity
        self._line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._numbers = count(1)

    async def __aenter__(self) -> Self:
        self._line = await asyncio.open_unix_connection(_driver(), limit=LINE)
        found = await self.orders(
            "login",
            url=self.homeserver.url,
            user=self.user_id,
            password=self.account.password,
            device="Modern",
            strict=self.strict,
            identity=self.identity,
        )
        self.device, self.token = found["device"], found["token"]
        return self

    async def __aexit__(self, *_: object) -> None:
        _told, orders = self._connected
        orders.close()
        await orders.wait_closed()

    @property
    def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        assert self._line is not None, "async with Modern(…)"
        return self._line

    async def pull(self, seconds: float) -> None:
        try:
            while True:  # everything that is there, and at least one line
                self._take(await asyncio.wait_for(self._told(), seconds))
                seconds = 0.02
        except TimeoutError:
            return

    async def sends(self, room: str, kind: str, content: JSON) -> str:
        return str(await self.orders("send", room=room, type=kind, content=content))

    async def sees(self, user_id: str) -> Judged:
        """Ask for somebody's keys anew and judge them."""
        return Judged(**await self.orders("sees", user=user_id))

    async def approves(self, user_id: str) -> None:
        """Accept that somebody's identity changed."""
        await self.orders("approve", user=user_id)

    async def orders(self, order: str, **words: Any) -> Any:
        """Have the driver do something; what happens meanwhile is taken in."""
        (_told, orders), number = self._connected, next(self._numbers)
        orders.write(json.dumps({"id": number, "order": order, **words}).encode() + b"\n")
        await orders.drain()
        async with asyncio.timeout(60):
            while (line := await self._told()).get("id") != number:
                self._take(line)
        if "problem" in line:
            raise Refused(line["status"], {"error": line["problem"]})
        return line["answer"]

    async def _told(self) -> JSON:
        told, _orders = self._connected
        line = await told.readline()
        if not line:
            raise ConnectionError(f"The client on matrix-js-sdk ended; its words are in {log_of(_driver())}")
        found: JSON = json.loads(line)
        return found

    def _take(self, told: JSON) -> None:
        if "event" in told:
            self.timeline.take(told["event"], room=told["room"], encrypted=told["encrypted"], shield=told["shield"])
        elif "membership" in told:
            self.timeline.joins(told["room"], self.user_id, told["membership"], told["by"])
        elif "read" in told:
            self.timeline.read[told["who"]] = told["read"]
        elif "typing" in told:
            self.timeline.typing.append(told["typing"])
