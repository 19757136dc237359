"""What a transaction has read of a stay or a person it does not read again until something of it is written.

Of several that are decided together, the first question about one of them is asked of all: a class that falls due at one
instant costs as many readings as one learner.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, bindparam, event, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.visitors import iterate

KNOWN = "known"
"""Under this name a session keeps the answers it was given …"""
TOGETHER = "together"
"""… and under this one whom it decides together, by the name of the column that says who."""


class Question:
    """What one table says of each: rows that name it in the column `of`, in the order of their ids. What they are asked for
    is columns, or the whole row; `only` narrows them down, and rows of one that was asked for whole stay known however they
    are changed meanwhile: whoever asks looks again whether they are still meant. Whole rows may be `live`: those that are
    yet to be written stand behind the others, without a number.
    """

    def __init__(
        self,
        of: InstrumentedAttribute[Any],
        *wanted: Any,
        only: Collection[ColumnElement[bool]] = (),
        live: bool = False,
    ) -> None:
        self.table: Any = of.class_
        self.name = of.key
        self.whole, self.live = wanted[0] is self.table, live
        self._of, self._wanted, self._only = of, wanted, only

    @cached_property
    def of_several(self) -> Select[Any]:
        """What is asked of several `keys`. Built once: building a statement costs as much as running it."""
        return self._where(self._of.in_(bindparam("keys", expanding=True)))

    @cached_property
    def of_one(self) -> Select[Any]:
        """The same of one `key`: a list is put into the words of a statement anew each time."""
        return self._where(self._of == bindparam("key"))

    def _where(self, whom: ColumnElement[bool]) -> Select[Any]:
        return select(self._of, *self._wanted).where(whom, *self._only).order_by(self.table.id)

    def key(self, row: Any) -> Any:
        """Whom a row is about."""
        return getattr(row, self.name)

    def concerns(self, row: Any) -> bool:
        """Whether what was changed of a row changes the answer: what was set to what it was does not."""
        state: Any = inspect(row)
        touched = self._watched - state.unmodified_intersection(self._watched)
        return any(state.attrs[name].history.has_changes() for name in touched)

    @cached_property
    def _watched(self) -> frozenset[str]:
        read = [] if self.whole else [each.key for each in self._wanted]
        narrowed = (each.name for only in self._only for each in iterate(only) if isinstance(each, Column))
        return frozenset((self.name, *read, *narrowed))

    def answer(self, row: Any) -> Any:
        """What a row that was just written adds to the answer."""
        return row if self.whole else tuple(getattr(row, each.key) for each in self._wanted)


Answers = dict[Any, list[Any]]


def together(session: Session, **keys: Iterable[Any]) -> None:
    """From now on these are decided together."""
    session.info[TOGETHER] = {name: frozenset(each) for name, each in keys.items()}


def ask_of(session: Session, question: Question, key: Any) -> list[Any]:
    """The rows of one."""
    return ask_of_each(session, question, (key,))[key]


def ask_of_each(session: Session, question: Question, keys: Collection[Any]) -> Mapping[Any, list[Any]]:
    """The rows of each of several: tuples of the columns that are wanted, or whole rows."""
    known: Answers = session.info.setdefault(KNOWN, {}).setdefault(question, {})
    if session.deleted or next(_unwritten(session, question, known, keys), None) is not None:
        session.flush()
        known = session.info.setdefault(KNOWN, {}).setdefault(question, {})
    if any(key not in known for key in keys):
        others = session.info.get(TOGETHER, {}).get(question.name, frozenset())
        ready = others.difference(_unwritten(session, question, known, others))
        _read(session, question, known, {*keys, *ready} - known.keys())
    if not question.live or not session.new:
        return {key: known[key] for key in keys}
    new = [each for each in session.new if isinstance(each, question.table)]
    return {key: [*known[key], *(each for each in new if question.key(each) == key)] for key in keys}


def keep(session: Session, question: Question, answers: Mapping[Any, Iterable[Any]]) -> None:
    """Note what was read otherwise, as the question would have answered it: what several tables say in one statement."""
    known: Answers = session.info.setdefault(KNOWN, {}).setdefault(question, {})
    known |= {key: list(rows) for key, rows in answers.items()}


def kept(session: Session, question: Question, key: Any) -> list[Any] | None:
    """What is known of one, for whoever writes past the session and says here what became of it; None where nothing is."""
    found: list[Any] | None = session.info.get(KNOWN, {}).get(question, {}).get(key)
    return found


def _read(session: Session, question: Question, known: Answers, keys: Collection[Any]) -> None:
    found: Answers = defaultdict(list)
    one = len(keys) == 1
    statement = question.of_one if one else question.of_several
    values = {"key": next(iter(keys))} if one else {"keys": sorted(keys)}
    with session.no_autoflush:
        asked = session if question.whole else session.connection()  # columns need nothing of a session
        for key, *row in asked.execute(statement, values).all():
            found[key].append(row[0] if question.whole else tuple(row))
    known |= {key: found[key] for key in keys}


def _unwritten(session: Session, question: Question, known: Answers, keys: Collection[Any]) -> Iterator[Any]:
    """Those of `keys` of whom something was changed that only the database can tell once it is written. A whole row that is
    known is what it is, written or not.
    """
    theirs = (
        each
        for each in chain(() if question.live else session.new, session.dirty)
        if isinstance(each, question.table) and question.key(each) in keys  # of eight, seven are somebody else's
    )
    for each in theirs:
        key = question.key(each)
        if not (question.whole and each in known.get(key, ())) and question.concerns(each):
            yield key


@event.listens_for(Session, "after_flush")
def _written(session: Session, _flush: object) -> None:
    known: dict[Question, Answers] = session.info.get(KNOWN, {})
    if session.deleted:
        known.clear()
    new, dirty = _by_table(session.new), _by_table(session.dirty)
    for question, answers in known.items():
        for each in new[question.table]:
            if question.key(each) in answers:
                answers[question.key(each)].append(question.answer(each))
        for each in dirty[question.table]:
            if question.concerns(each):
                _changed(question, answers, each)


def _by_table(rows: Iterable[Any]) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for each in rows:
        found[type(each)].append(each)
    return found


def _changed(question: Question, answers: Answers, row: Any) -> None:
    if not inspect(row).unmodified_intersection((question.name,)):
        answers.clear()
    elif not question.whole:
        answers.pop(question.key(row), None)
    elif question.key(row) in answers and row not in answers[question.key(row)]:
        answers[question.key(row)].append(row)
        answers[question.key(row)].sort(key=lambda each: each.id)


@event.listens_for(Session, "after_soft_rollback")
def _undone(session: Session, _previous: object) -> None:
    session.info.pop(KNOWN, None)
