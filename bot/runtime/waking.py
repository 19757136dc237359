"""Wakes what is due, one slice after another: whoever cries for help waits for no more than one of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

import structlog
from sqlalchemy.exc import OperationalError

from bot.clock import for_a_moment
from bot.handlers.watch.wake import There, due_rows, look, push_back, wake, wake_row
from bot.store.db import Database, Tx

log = structlog.get_logger()
BEGUN_BY = 0.010
"""Seconds of work after which a slice begins with nothing more: to write down what it decided takes a quarter of its time after that."""
PAUSE = timedelta(hours=1)


class Waking:
    """The slices of one process."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def slice(self, kinds: Collection[str]) -> tuple[int, There]:
        """Wake a slice of what is due; if one row fails, each alone, so that it hinders no other. How many it was, and what
        there is to do then.
        """
        try:
            return await self.db.transact(self._slice, kinds)
        except OperationalError:
            raise  # nor is it a row's fault, and it must not be pushed back for it
        except Exception:
            log.exception("slice failed, going on row by row")
        rows = await self.db.transact(due_rows, kinds)
        for table, number in rows:
            try:
                await self.db.transact(wake_row, table, number)
            except OperationalError:
                raise
            except Exception:
                await self.db.transact(push_back, table, number, PAUSE)
                log.exception("row failed, pushed back an hour", table=table, row=number)
        return len(rows), await self.db.transact(look)

    def _slice(self, tx: Tx, kinds: Collection[str]) -> tuple[int, There]:
        """Its time begins with its transaction, not while it waits for another one to end."""
        return wake(tx, kinds, for_a_moment(self.db.clock, BEGUN_BY)), look(tx)
