"""The board of a class, and that of a whole consortium."""

from __future__ import annotations

from functools import partial

from sqlalchemy import event

from bench.figures import Goal, Line, Series, milliseconds
from bench.school import school_of
from bench.sizes import Size
from bot.i18n import best_language
from bot.store.db import Tx
from bot.store.people import by_ref
from bot.web.desk.board import read_board
from bot.web.desk.class_list import Choice, state_of
from bot.web.desk.visitor import Visitor
from bot.web.desk.when import Clock

SHOWN = Choice().query(page=1)


def _read(tx: Tx) -> None:
    adult = by_ref(tx.rows, "luc")
    assert adult is not None
    who = Visitor(adult, adult.adult, adult.full_name, "", Clock(best_language(adult.language), adult.zone, tx.now))
    read_board(tx, who, Choice())


async def board(size: Size) -> list[Line]:
    """Read anew, and the look that finds that nothing has changed."""
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
    return [
        Line(f"the board of {large:,} learners is read", read[1], read[0]),
        Line("its statements", Series("Compagnon", "", (statements[1],)), goal=Goal(most=20.0)),
        Line("nothing has changed on it", same[1], same[0], Goal(most=2.0)),
    ]
