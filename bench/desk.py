"""The board of a class, and that of a whole consortium."""

from __future__ import annotations

import gzip
import time
from functools import partial

import httpx
from sqlalchemy import event
from starlette.applications import Starlette
from starlette.routing import Mount

from bench.figures import Goal, Line, Series, milliseconds
from bench.school import school_of
from bench.sizes import Size
from bot.demo.world import QuietChannel
from bot.handlers.people.visits import login_code
from bot.i18n import best_language
from bot.runtime.app import App
from bot.store.db import Database, Tx
from bot.store.people import by_ref
from bot.web.desk import DeskSite
from bot.web.desk.board import read_board
from bot.web.desk.class_list import Choice, state_of
from bot.web.desk.relative_time import Clock
from bot.web.desk.visitor import Visitor

URL = "http://127.0.0.1:8080"
SHOWN = Choice().query(page=1)


def _read(tx: Tx) -> None:
    adult = by_ref(tx.rows, "luc")
    assert adult is not None
    who = Visitor(adult, adult.adult, adult.full_name, "", Clock(best_language(adult.language), adult.zone, tx.now))
    read_board(tx, who, Choice())


async def board(size: Size) -> list[Line]:
    """Read anew, the look that finds that nothing has changed, and the page as a browser gets it."""
    small, large = 24, size.of(1000, 5000)
    read, same, statements = list[Series](), list[Series](), list[float]()
    for learners in (small, large):
        with school_of(learners, all_abroad=True) as db:
            db.run(_read)
            asked: list[None] = []
            event.listen(db.engine, "before_cursor_execute", lambda *_what, asked=asked: asked.append(None))
            name = f"the same of {learners:,}"
            read.append(Series(name, "ms", tuple(milliseconds(partial(db.run, _read)) for _ in range(5))))
            statements.append(len(asked) / 5)
            same.append(Series(name, "ms", tuple(milliseconds(partial(db.run, state_of, SHOWN)) for _ in range(9))))
            pages = await _pages(db)
    spent, sizes = zip(*pages, strict=True)
    return [
        Line(f"the board of {large:,} learners is read", read[1], read[0]),
        Line("its statements", Series("Compagnon", "", (statements[1],)), goal=Goal(most=20.0)),
        Line("its page, from the request to the last byte", Series("Compagnon", "ms", spent), goal=Goal(most=200.0)),
        Line("its page, gzipped", Series("Compagnon", "kB", sizes), goal=Goal(most=60.0)),
        Line("nothing has changed on it", Series("Compagnon", "ms", same[1].values), goal=Goal(most=5.0)),
        Line("nothing has changed on it", same[1], same[0], Goal(most=2.0)),
    ]


async def _pages(db: Database) -> list[tuple[float, float]]:
    """Milliseconds and kB of the board, opened by a coordinator several times."""
    site = DeskSite(App(db, {"web": QuietChannel()}), base_url=URL, secret="only for the bench").application()
    transport = httpx.ASGITransport(app=Starlette(routes=[Mount("/desk", site)]))
    async with httpx.AsyncClient(transport=transport, base_url=f"{URL}/desk", headers={"origin": URL}) as browser:
        code = db.run(_code)
        await browser.get(f"/in/{code}")
        await browser.post(f"/in/{code}")
        return [await _opened(browser) for _ in range(5)][1:]


async def _opened(browser: httpx.AsyncClient) -> tuple[float, float]:
    began = time.perf_counter()
    page = (await browser.get("/")).raise_for_status()
    return 1000 * (time.perf_counter() - began), len(gzip.compress(page.content)) / 1000


def _code(tx: Tx) -> str:
    adult = by_ref(tx.rows, "luc")
    assert adult is not None
    return login_code(tx, adult)
