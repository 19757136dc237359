"""One floods, another writes once: nobody waits for the one who floods, and a cry for help waits for nobody."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.demo.world import QuietChannel
from bot.runtime.app import App
from bot.runtime.backlog import FREE, FULL, READS, Backlog
from bot.store.db import Database
from bot.store.messages import InboxRow
from tests.conftest import Read
from tests.journeys.people import join, settle_in


@pytest.fixture
async def app(database: Database) -> App:
    app = App(database, {"web": QuietChannel()})
    await database.transact(settle_in, ("lina", "noemie"))
    await database.transact(join, "lina", "noemie", "luc")
    return app


def flood(many: int, text: str = "hello") -> list[tuple[str, dict[str, str]]]:
    return [(f"lina-{number}", {"address": "lina", "text": f"{text} {number}"}) for number in range(many)]


def handled(read: Read) -> set[str]:
    return {native for (native,) in read(select(InboxRow.native).where(InboxRow.state == "handled"))}


async def test_who_writes_once_does_not_wait_for_who_floods(app: App, read: Read) -> None:
    await app.receive_all("web", flood(40))
    await app.receive("web", "noemie", {"address": "noemie", "text": "hello"})

    await app.inbox.decide()

    first = {f"lina-{number}" for number in range(FREE)}
    assert first | {"noemie"} <= handled(read)
    assert len(handled(read)) < 20


async def test_while_a_platform_goes_on_telling_only_what_stands_behind_others_waits(
    app: App, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.runtime.backlog.READS", 3600.0)
    monkeypatch.setattr("bot.runtime.backlog.FULL", full := 20)
    others = [("noemie", {"address": "noemie", "text": "hello"}), ("cry", {"address": "lina", "text": "SOS"})]
    await app.receive_all("web", [*flood(full - 2), *others])
    await app.settle()
    early = handled(read)

    await app.receive("web", "last", {"address": "noemie", "text": "hello"})
    await app.settle()

    assert early == {f"lina-{number}" for number in range(FREE)} | {"noemie", "cry"}
    assert len(handled(read)) == full + 1


async def test_what_one_sent_is_handled_in_its_order(app: App, read: Read) -> None:
    sent: list[str] = []
    for part in range(3):
        some = [(f"{part}-{name}", raw) for name, raw in flood(12)]
        sent += [name for name, _raw in some]
        await app.receive_all("web", some)
        await app.inbox.decide()
        assert handled(read) == set(sent[: len(handled(read))])

    await app.settle()

    assert handled(read) == set(sent)


def test_all_are_equal_once_nothing_waits() -> None:
    backlog = Backlog()
    stood = [backlog.stands_behind("web", "lina") for _ in range(FREE + 2)]
    other = backlog.stands_behind("telegram", "lina")
    backlog.emptied()

    assert (stood, other, backlog.stands_behind("web", "lina")) == ([0] * FREE + [1, 2], 0, 0)


def test_a_platform_goes_on_until_it_tells_little_or_nothing_for_a_while() -> None:
    backlog = Backlog()
    backlog.came("telegram", FULL, 10.0)
    backlog.came("web", 1, 10.1)
    told = backlog.goes_on(10.1), backlog.goes_on(10.0 + READS)
    backlog.came("telegram", FULL, 20.0)
    backlog.came("telegram", FULL - 1, 20.1)

    assert (told, backlog.goes_on(20.1)) == ((True, False), False)
