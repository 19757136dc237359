"""The year of the example class, as one picture."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.stays import StayRow, states_of
from bot.web.common.class_picture import Line, Window, lines_of


@dataclass(frozen=True)
class ClassShown:
    """Everybody, those who leave first on top."""

    rows: tuple[Line, ...]

    def phase(self, name: str) -> int:
        return sum(1 for row in self.rows if row.phase == name)

    @property
    def open(self) -> int:
        return sum(1 for row in self.rows if row.open)


def read_class(tx: Tx, window: Window) -> ClassShown:
    """The picture as it is now."""
    wanted = select(StayRow).where(StayRow.cancelled.is_(False)).order_by(StayRow.departure, StayRow.id)
    stays = list(tx.rows.scalars(wanted))
    cases = tx.rows.scalars(select(CaseRow).order_by(CaseRow.id)).all()
    numbers = [row.id for row in stays]
    return ClassShown(tuple(lines_of(tx, window, stays, states_of(tx.rows, numbers), numbers, cases)))
