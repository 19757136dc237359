"""Sunday on Telegram: prompts with buttons go out, and answers to them come in. Durable, with the limiter off."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

from pydantic import SecretStr
from sqlalchemy import select

from bench.baselines.application import conversation
from bench.baselines.bare_telegram import Prompt, bare_bot, echo, send_all
from bench.baselines.stored_jobs import run as run_stored_jobs
from bench.figures import Goal, Line, Series, seconds
from bench.others import other
from bench.outbox import once_more, unsent
from bench.platform import Platform, telegram
from bench.postgres import postgres
from bench.school import fall_due, school_of
from bench.sizes import Size
from bot.channels.telegram import TelegramChannel
from bot.config.tables import Telegram
from bot.handlers.watch.wake import wake
from bot.runtime.app import App
from bot.runtime.telegram import TelegramWiring
from bot.store.db import Database, Tx
from bot.store.messages import OutboxRow
from bot.store.people import Address


@dataclass(frozen=True)
class Sunday:
    """A school on Telegram whose learners have all to be asked how they are; the questions wait in the outbox."""

    platform: Platform
    db: Database

    @property
    def app(self) -> App:
        return App(self.db, {"telegram": TelegramChannel(self.platform.token, self.platform.url, limited=False)})


@contextmanager
def sunday(learners: int, url: str = "") -> Iterator[Sunday]:
    with telegram(learners) as platform:
        natives = [str(chat) for chat in platform.chats]
        with school_of(learners, channel="telegram", natives=natives, all_abroad=True, url=url) as db:
            assert db.run(fall_due, learners) == learners
            while db.run(wake):
                pass
            yield Sunday(platform, db)


def prompts(tx: Tx) -> list[Prompt]:
    """What was sent, as a loop without a database would send it."""
    sent = select(OutboxRow, Address.native).join(Address, Address.id == OutboxRow.address_id).order_by(OutboxRow.id)
    return [
        Prompt(int(chat), row.rendered["text"], tuple((f"{row.id}.{at}", label) for at, label in enumerate(row.rendered["buttons"])))
        for row, chat in tx.rows.execute(sent).all()
        if row.rendered
    ]  # fmt: skip


async def drain(there: Sunday) -> None:
    """From the first claim to the last commit."""
    app, waiting = there.app, await there.db.read(unsent)
    async with asyncio.TaskGroup() as group:
        group.create_task(app.delivery.run())
        while app.delivery.outcomes["telegram", "sent"] < waiting:  # noqa: ASYNC110 - a look at the rows would cost too
            await asyncio.sleep(0.005)
        app.delivery.stop()  # it ends when all of it is written down
    assert await there.db.read(unsent) == 0
    channel = app.channels["telegram"]
    assert isinstance(channel, TelegramChannel)
    await channel.close()


async def dispatch(size: Size) -> list[Line]:
    """Ours, a bare loop, stored jobs and aiogram in turn, with the same words and buttons; and what the server itself can do."""
    learners, rounds = size.of((150, 3), (1000, 4), (1000, 9))
    ours, bare, jobs, aiogram, server = (list[float]() for _ in range(5))
    with sunday(learners) as there:
        await drain(there)  # the first time everything is compiled
        theirs = await there.db.transact(prompts)
        async with bare_bot(there.platform.token, there.platform.url) as bot:
            for _ in range(rounds):
                await there.db.transact(once_more)
                ours.append(learners / await seconds(lambda: drain(there)))
                bare.append(learners / await seconds(lambda: send_all(bot, theirs)))
                jobs.append(learners / await run_stored_jobs(bot, theirs))
                aiogram.append(learners / await _on_aiogram(there, theirs))
                server.append(learners / await there.platform.flooded(theirs))
    mine = Series("Compagnon", "/s", tuple(ours))
    return [
        Line("dispatch", mine, Series("bare Bot.send_message", "/s", tuple(bare)), Goal(least=1.0)),
        Line("dispatch", mine, Series("stored APScheduler jobs", "/s", tuple(jobs)), Goal(least=2.5)),
        Line("dispatch", mine, Series("aiogram's loop, 16 at once", "/s", tuple(aiogram)), Goal(least=0.8)),
        Line("what the Bot API server of the tests answers", Series("Compagnon", "/s", tuple(server))),
    ]


async def _on_aiogram(there: Sunday, theirs: list[Prompt]) -> float:
    """On its own transport."""
    given = [(each.chat, each.text, each.buttons) for each in theirs]
    return float(await other("aiogram_loop", there.platform.token, there.platform.url, given=given))


async def dispatch_on_postgres(size: Size) -> list[Line]:
    """The same from PostgreSQL, beside the bare loop."""
    learners, rounds = size.of((100, 2), (600, 4), (1000, 7))
    ours, bare = list[float](), list[float]()
    with postgres() as create, sunday(learners, create()) as there:
        await drain(there)
        theirs = await there.db.transact(prompts)
        async with bare_bot(there.platform.token, there.platform.url) as bot:
            for _ in range(rounds):
                await there.db.transact(once_more)
                ours.append(learners / await seconds(lambda: drain(there)))
                bare.append(learners / await seconds(lambda: send_all(bot, theirs)))
    theirs_too = Series("bare Bot.send_message", "/s", tuple(bare))
    return [Line("dispatch, PostgreSQL", Series("Compagnon", "/s", tuple(ours)), theirs_too, Goal(least=0.9))]


@asynccontextmanager
async def answering(there: Sunday) -> AsyncIterator[None]:
    """The whole app at work: polling, deciding, sending."""
    app = there.app
    config = Telegram(token=SecretStr(there.platform.token), api_url=there.platform.url)
    channel = app.channels["telegram"]
    assert isinstance(channel, TelegramChannel)
    running = asyncio.ensure_future(app.run(*TelegramWiring(app, channel, config).tasks()))
    while await there.db.transact(unsent):  # noqa: ASYNC110 - the rows on disk are looked at
        await asyncio.sleep(0.05)
    yield
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await channel.close()


async def inbound(size: Size) -> list[Line]:
    """Everybody answers the question at once, then forty a second; beside them a bot that stores nothing."""
    people = size.of(80, 300, 1000)
    with sunday(people) as there:
        async with answering(there):
            began = time.process_time()
            at_once = await there.platform.say("1")
            cpu = (time.process_time() - began) / people * 1000
            steady = await there.platform.say("1", 40)
        async with echo(there.platform.token, there.platform.url):
            theirs, theirs_steady = await there.platform.say("1"), await there.platform.say("1", 40)
        async with conversation(there.platform.token, there.platform.url):
            held = await there.platform.say("1")
    return [
        Line("inbound, all at once", Series("Compagnon", "/s", (at_once.rate,)), Series("echo of python-telegram-bot", "/s", (theirs.rate,)), Goal(least=1.0)),
        Line("inbound, all at once", Series("Compagnon", "/s", (at_once.rate,)), Series("its ConversationHandler and JobQueue", "/s", (held.rate,))),
        Line("inbound at 40/s, p50", Series("Compagnon", "ms", (steady.p50 * 1000,)), Series("echo of python-telegram-bot", "ms", (theirs_steady.p50 * 1000,)), Goal(most=1.5)),
        Line("CPU from update to answer", Series("Compagnon", "ms", (cpu,)), goal=Goal(most=2.0)),
    ]  # fmt: skip
