"""At the platform's pace: what a backlog costs while it drains, and how long whoever writes waits for an answer meanwhile."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

from pydantic import SecretStr

from bench.figures import Goal, Line, Series
from bench.outbox import say_to_all
from bench.platform import telegram
from bench.school import school_of
from bench.sizes import Size
from bench.telegram import Sunday
from bot.channels.telegram import TelegramChannel
from bot.config.tables import Telegram
from bot.runtime.app import App
from bot.runtime.telegram import TelegramWiring
from bot.store.messages import Lane

CHATS = 400
"""So many phones there are; where there are more people, some share one."""


@contextmanager
def _reached(people: int, speakers: int = 0) -> Iterator[Sunday]:
    """So many; the last `speakers` have a phone of their own."""
    with telegram(min(people, CHATS) + speakers) as platform:
        chats = [str(each) for each in platform.chats]
        shared, own = chats[: len(chats) - speakers], chats[len(chats) - speakers :]
        natives = [shared[at % len(shared)] for at in range(people)] + own
        with school_of(len(natives), channel="telegram", natives=natives, all_abroad=True, marked=False) as db:
            yield Sunday(platform, db)


async def drain(size: Size) -> list[Line]:
    """The share of a core that it takes while messages leave as fast as Telegram lets them, behind few and behind many."""
    sizes, most = size.of(((300, 3000), 4.0), ((500, 20_000), 8.0), ((500, 20_000), 20.0))
    found = list[Series]()
    for waiting in sizes:
        with _reached(waiting) as there:
            there.db.run(say_to_all, waiting, Lane.PROMPT)
            channel = TelegramChannel(there.platform.token, there.platform.url)
            app = App(there.db, {"telegram": channel})
            sending = asyncio.ensure_future(app.delivery.run())
            await asyncio.sleep(2)  # what may go at once has gone
            began, cpu = time.perf_counter(), time.process_time()
            await asyncio.sleep(most)
            share = (time.process_time() - cpu) / (time.perf_counter() - began)
            app.delivery.stop()
            await asyncio.wait_for(sending, 60)
            await channel.close()
            found.append(Series(f"the same behind {waiting:,}", "of a core", (share,)))
    few, many = found
    return [
        Line(f"draining {sizes[1]:,} at the platform's pace", Series("Compagnon", "of a core", many.values), goal=Goal(most=0.2)),
        Line(f"the same behind {sizes[1]:,}", many, few, Goal(most=1.5)),
    ]  # fmt: skip


async def reply(size: Size) -> list[Line]:
    """How long whoever writes waits for the answer: while nothing else happens, and during a broadcast at Telegram's limit."""
    people, speakers = size.of((500, 20), (2000, 40), (2000, 100))
    with _reached(people, speakers) as there:
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
