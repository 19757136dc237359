"""A night on Telegram: a Bot API server in this process, and what a bad one does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.faults.body import Body
from tests.faults.ledger import Seen, Sight, Someone, cast
from tests.faults.plan import Trouble
from tests.faults.world import UP, World
from tests.telegram_server import Kind, TelegramServer
from tests.telegram_server.faults import Fault

CONFIG = """[telegram]
token = "{token}"
api_url = "{url}"
"""
SENDING = frozenset({"sendMessage", "editMessageText", "answerCallbackQuery"})
ODDS: dict[Trouble, tuple[dict[Kind, float], Fault | None]] = {
    Trouble.THREE_TIMES: ({Kind.DUPLICATE: 1.0}, None),
    Trouble.SHUFFLED: ({Kind.REORDER: 1.0}, None),
    Trouble.UNAUTHORIZED: ({Kind.UNAUTHORIZED: 0.3}, None),
    Trouble.TOO_MANY: ({Kind.TOO_MANY: 0.2, Kind.TOO_MANY_HTML: 0.1}, None),
    Trouble.BAD_GATEWAY: ({Kind.SERVER_ERROR: 0.3, Kind.RESET_BEFORE: 0.2}, None),
    Trouble.TAKEN: ({Kind.SERVER_ERROR: 0.2, Kind.RESET_AFTER: 0.2}, Fault("*", Kind.SLOW, delivered=True, html=True)),
    Trouble.HALF: ({Kind.HALF: 0.2, Kind.GARBAGE: 0.1}, None),
}


class OnTelegram(World):
    """What people do reaches the server at once; what waits there is got by the bot when it lives."""

    channel = "telegram"
    repeatable = False

    def __init__(self, folder: Path, server: TelegramServer, seed: int, people: tuple[Someone, ...]) -> None:
        super().__init__(folder, people, seed)
        self.server = server
        server.clock = self.clock
        self.users = {each.ref: server.user(each.secret or each.ref, language="en") for each in people}
        for user in self.users.values():
            user.starts()
        server.updates.forget_all()
        addresses = {ref: str(user.id) for ref, user in self.users.items()}
        self.settle(CONFIG.format(token=server.token, url=server.url), addresses)
        self._asked = 0

    def start(self) -> Body:
        self._asked = len(self.server.sent("getUpdates"))
        return super().start()

    async def up(self) -> None:
        await self.server.until(lambda: len(self.server.sent("getUpdates")) > self._asked, UP)

    async def says(self, who: Someone, text: str, *, cry: bool = False) -> None:
        number = str(self.server.updates.next_id)
        self.users[who.ref].says(text)
        self.ledger.said[number] = who.ref
        if cry:
            self.ledger.cries[number] = who.ref

    async def seen(self) -> Seen:
        return {
            ref: [Sight(str(each.id), each.versions[0].text) for each in user.chat.history if each.from_bot]
            for ref, user in self.users.items()
        }

    def heard(self) -> int:
        return sum(request.method in SENDING for request in self.server.requests)

    def untaken(self) -> int:
        return len(self.server.updates.pending)

    def befall(self, trouble: Trouble) -> None:
        if trouble is Trouble.THREE_TIMES:
            for update in [*self.server.updates.pending]:
                self.server.again(update["update_id"])
        if trouble in ODDS:
            odds, model = ODDS[trouble]
            self.server.faults.by_chance(self.dice.randrange(1 << 30), odds, _methods(trouble), model)

    def mend(self) -> None:
        self.server.faults.clear()

    def dropped(self) -> None:
        """Telegram keeps what people write for a day. What the bot has, and has not confirmed, is not lost."""
        updates, kept = self.server.updates, {native.partition(":")[0] for native in self.kept()}
        self.ledger.dropped |= {str(each["update_id"]) for each in updates.pending} - kept
        updates.forget_all()


def _methods(trouble: Trouble) -> frozenset[str]:
    return frozenset({"getUpdates"}) if trouble in {Trouble.THREE_TIMES, Trouble.SHUFFLED} else SENDING | {"getUpdates"}


@asynccontextmanager
async def on_telegram(folder: Path, seed: int) -> AsyncIterator[OnTelegram]:
    """Forty people who are only known, two schools with ten learners each."""
    async with TelegramServer() as server:
        world = OnTelegram(folder, server, seed, cast(plain=40, learners=10))
        try:
            yield world
        finally:
            world.db.close()
            world.ledger.refused += server.violations
