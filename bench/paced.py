"""At the platform's pace: what a backlog costs while it drains, and how long whoever writes waits for an answer meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from pydantic import SecretStr
from telegram import Bot

from bench.baselines.bare_telegram import Prompt, bare_bot, send
from bench.figures import Goal, Line, Series
from bench.outbox import WORDS, say_to_all
from bench.platform import Platform, telegram
from bench.school import school_of
from bench.sizes import Size
from bench.telegram import Sunday
from bot.channels.telegram import TelegramChannel
from bot.config.tables import Telegram
from bot.runtime.app import App
from bot.runtime.telegram import TelegramWiring
from bot.store.messages import Lane

PACE = 25.0
"""Messages a second: as we pace ourselves on Telegram."""


@contextmanager
def _reached(people: int) -> Iterator[Sunday]:
    """So many, each with a phone."""
    with telegram(people) as platform:
        natives = [str(each) for each in platform.chats]
        with school_of(people, channel="telegram", natives=natives, all_abroad=True, marked=False) as db:
            yield Sunday(platform, db)


async def drain(size: Size) -> list[Line]:
    """The share of a core that it takes while messages leave as fast as Telegram lets them, behind few and behind many."""
    sizes, most = size.of(((300, 3000), 4.0), ((500, 20_000), 8.0), ((500, 20_000), 20.0))
    found = list[Series]()
    for waiting in sizes:
        with _reached(waiting) as there:
            there.db.run(say_to_all, waiting, Lane.PROMPT)
            share = await _share_of_ours(there, most)
            found.append(Series(f"the same behind {waiting:,}", "of a core", (share,)))
    with telegram(sizes[0]) as platform:
        bare = await _share_of_a_bare_loop(platform, most)
    few, many = found
    return [
        Line(f"draining {sizes[1]:,} at the platform's pace", Series("Compagnon", "of a core", many.values), goal=Goal(most=0.2)),
        Line(f"the same behind {sizes[1]:,}", many, few, Goal(most=1.5)),
        Line("the same of a bare loop at that pace", Series("Bot.send_message", "of a core", (bare,))),
    ]  # fmt: skip


async def _share_of_ours(there: Sunday, seconds: float) -> float:
    channel = TelegramChannel(there.platform.token, there.platform.url)
    app = App(there.db, {"telegram": channel})
    sending = asyncio.ensure_future(app.delivery.run())
    await asyncio.sleep(3)  # what may go at once has gone
    share = await _share_of_a_core(asyncio.sleep(seconds))
    app.delivery.stop()
    await asyncio.wait_for(sending, 60)
    await channel.close()
    return share


async def _share_of_a_bare_loop(platform: Platform, seconds: float) -> float:
    """The same words, to one after the other as each may go; nothing is stored."""
    async with bare_bot(platform.token, platform.url) as bot:
        return await _share_of_a_core(_send_in_turn(bot, platform.chats, seconds))


async def _send_in_turn(bot: Bot, chats: list[int], seconds: float) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    for number in range(int(seconds * PACE)):
        await asyncio.sleep(began + number / PACE - loop.time())
        await send(bot, Prompt(chats[number % len(chats)], WORDS, ()))


async def _share_of_a_core(work: Coroutine[Any, Any, object]) -> float:
    began, cpu = time.perf_counter(), time.process_time()
    await work
    return (time.process_time() - cpu) / (time.perf_counter() - began)


async def reply(size: Size) -> list[Line]:
    """How long whoever writes waits for the answer: while nothing else happens, and during a broadcast at Telegram's limit."""
    people, speakers = size.of((500, 20), (2000, 40), (2000, 100))
    with _reached(people + speakers) as there:
        channel = TelegramChannel(there.platform.token, there.platform.url)
        app = App(there.db, {"telegram": channel})
        config = Telegram(token=SecretStr(there.platform.token), api_url=there.platform.url)
        running = asyncio.ensure_future(app.run(*TelegramWiring(app, channel, config).tasks()))
        await asyncio.sleep(2)
        await there.platform.say("/next", 4, last=speakers)
        quiet = await there.platform.say("/next", 4, last=speakers)
        await there.db.transact(say_to_all, people, Lane.BROADCAST)
        app.nudge()
        await asyncio.sleep(2)
        busy = await there.platform.say("/next", 4, last=speakers)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await channel.close()
    alone = Series("the same, quiet", "ms", (1000 * quiet.p50,))
    return [
        Line("an answer during a broadcast, p50", Series("Compagnon", "ms", (1000 * busy.p50,)), alone, Goal(most=3.0))
    ]
