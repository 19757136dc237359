"""`/review`: the review of a cohort writes itself from cases, silences, answers and indicators; and what was decided on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from bot.documents.papers import Paper, PaperError, html, pdf
from bot.documents.papers.paper import Part, Pen, Said, plain
from bot.documents.papers.printed import HOUSE, MIMES, has_typst
from bot.domain.deadlines import Sort as Dated
from bot.domain.deadlines import State
from bot.domain.figures import LEAST, Band
from bot.domain.review import Sort, sort_of, tally
from bot.domain.rights import Act
from bot.engine.flow import Flow
from bot.flows.check_in import asked_in_general
from bot.handlers.conversation.sessions import flow_of
from bot.handlers.desk.deadlines import dates_of
from bot.handlers.desk.paper_templates import in_force
from bot.handlers.desk.publishing import may_edit, note_decision, read_draft
from bot.i18n import Text, _, sentence_of
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.records import audit
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow
from bot.web.common.guard import row_number
from bot.web.common.templates import root_of
from bot.web.desk.figures import YEAR, charts, read_lives
from bot.web.desk.indicators import read_indicators
from bot.web.desk.page import Desk
from bot.web.desk.visitor import Missing, Visitor, within

TITLE = _("Review of the last twelve months")
KINDS: dict[Sort, Text] = {
    Sort.GRAVE: _("Asked for help, or was not well"),
    Sort.SILENCE: _("Silence"),
    Sort.ANSWER: _("An answer that needed an adult"),
    Sort.HOST: _("What the host's tutor said"),
    Sort.PAPERS: _("Papers and organisation"),
}
STATES: dict[State, Text] = {State.OPEN: _("open"), State.DONE: _("Done"), State.DROPPED: _("Not needed")}
HIDDEN = _("hidden")


@dataclass(frozen=True)
class Table:
    """A table of the review: a title, what its columns are, its rows."""

    id: str
    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Decision:
    """What was decided, by when, whose it is, and how it stands."""

    number: int
    words: str
    owner: str
    day: str
    state: str
    open: bool
    drafted: bool
    """It stands beside the draft of the programme."""


@dataclass(frozen=True)
class Review:
    """The page, the document, and the way into the studio."""

    desk: Desk

    async def look(self, request: Request) -> Response:
        """The review as it stands today."""
        return await self._shown(request)

    async def take(self, request: Request) -> Response:
        """The review as a document. That it was taken out is written down."""
        form = await self.desk.form(request)
        ending = form.get("as", "pdf")
        if ending not in {"pdf", "html"}:
            raise Missing

        def read(tx: Tx, who: Visitor) -> tuple[Paper, dict[str, str], datetime]:
            tables, decisions = read_review(tx, who), read_decisions(tx, who, self._drafted(tx))
            audit(tx, f"person {who.adult.person}", "export", "paper review", rows=len(tables), ending=ending)
            return paper_of(who, tables, decisions), in_force(tx, (HOUSE, "review"), who.adult.school), tx.now

        _who, (paper, changed, now) = await self.desk.ask(request, read)
        try:
            content = html([paper]) if ending == "html" else await run_in_threadpool(pdf, [paper], now, changed)
        except PaperError as error:
            return await self._shown(request, sentence_of(error))
        headers = {"content-disposition": f'attachment; filename="review-{now:%Y-%m-%d}.{ending}"'}
        return Response(content, media_type=MIMES[ending], headers=headers)

    async def propose(self, request: Request) -> Response:
        """A decision becomes a change that is proposed: it stands beside the draft, which the studio opens."""
        form = await self.desk.form(request)
        file = self.desk.app.programme

        def act(tx: Tx, who: Visitor) -> bool:
            row = tx.rows.get(Deadline, row_number(form.get("decision", "")) or 0)
            if file is None or not may_edit(who.adult) or row is None or row not in _decided(tx, who):
                raise Missing
            note_decision(tx, file.written, row.id)
            return True

        await self.desk.ask(request, act)
        return RedirectResponse(f"{root_of(request)}/programme/edit", 303)

    def _drafted(self, tx: Tx) -> frozenset[int]:
        file = self.desk.app.programme
        return frozenset(read_draft(tx, file.written).decisions) if file else frozenset()

    async def _shown(self, request: Request, problem: Text = "") -> Response:
        def read(tx: Tx, who: Visitor) -> dict[str, Any]:
            return {
                "tables": read_review(tx, who),
                "decisions": read_decisions(tx, who, self._drafted(tx)),
                "edits": self.desk.app.programme is not None and may_edit(who.adult),
                "plans": who.can(Act.PLAN),
                "since": who.clock.full_day(who.clock.today - YEAR),
                "least": LEAST,
                "title": TITLE,
                "typst": has_typst(),
                "problem": problem,
            }

        who, values = await self.desk.ask(request, read)
        answer = self.desk.page(request, who, "review.html", values)
        answer.status_code = 422 if problem else 200
        return answer


def read_review(tx: Tx, who: Visitor) -> tuple[Table, ...]:
    """Everything that is counted, in the reader's words. Of how learners are only for whoever reads answers.

    Raises:
        Missing: figures are not theirs to see.
    """
    if not who.can(Act.SEE_FIGURES):
        raise Missing
    found = [_figure(who, chart.id, chart.title, chart.value, chart.lines) for chart in charts(who, read_lives(tx, who))]  # fmt: skip
    if who.can(Act.READ_ANSWERS):
        stays = _stays(tx, who)
        found += [_kinds(tx, who, stays), *_answers(tx, who, stays)]
    for each in read_indicators(tx, who):
        title = f"{each.title} · {each.target}" if each.target else each.title
        found.append(_figure(who, each.id, title, _("Achieved"), each.rows))
    return tuple(each for each in found if any(row[1] != "0" for row in each.rows))


def _figure(who: Visitor, name: str, title: Text, value: Text, lines: Sequence[Any]) -> Table:
    hidden = who.says(HIDDEN)
    head = (who.says(_("School and class")), who.says(_("Learners")), who.says(value))
    rows = [(each.name, hidden if each.learners is None else str(each.learners), hidden if each.learners is None else each.words or "–") for each in lines]  # fmt: skip
    return Table(name, who.says(title), head, tuple(rows))


def _bands(who: Visitor, name: str, title: str, first: str, found: Sequence[Band]) -> Table:
    rows = [(each.name, who.says(HIDDEN) if each.learners is None else str(each.learners)) for each in found]
    return Table(name, title, (first, who.says(_("Learners"))), tuple(rows))


def _lately(who: Visitor) -> Any:
    return within(who, Act.READ_ANSWERS) & (StayRow.back >= who.clock.today - YEAR) & (StayRow.kind != "staff")


def _stays(tx: Tx, who: Visitor) -> dict[int, StayRow]:
    """The stays that are counted, of learners who do not keep the reader away."""
    return {
        row.id: row for row in tx.rows.scalars(select(StayRow).where(_lately(who))) if row.person_id not in who.kept
    }


def _kinds(tx: Tx, who: Visitor, stays: Mapping[int, StayRow]) -> Table:
    wanted = select(CaseRow.stay_id, CaseRow.topic, CaseRow.grave).join(StayRow, StayRow.id == CaseRow.stay_id)
    cases = tx.rows.execute(wanted.where(_lately(who)))
    found = [(who.says(KINDS[sort_of(topic, grave=grave)]), stays[stay].person_id) for stay, topic, grave in cases if stay in stays]  # fmt: skip
    names = [who.says(text) for text in KINDS.values()]
    return _bands(who, "kinds", who.says(_("Cases by kind")), who.says(_("Case")), tally(found, names) if found else ())


def _answers(tx: Tx, who: Visitor, stays: Mapping[int, StayRow]) -> list[Table]:
    """Of each question of the weekly check-in, how many learners ever gave each answer."""
    known: dict[tuple[int, str], tuple[str, dict[str, str]]] = {}
    names: dict[str, dict[str, str]] = {}
    given: dict[str, list[tuple[str, int]]] = {}
    wanted = select(SessionRow).join(StayRow, StayRow.id == SessionRow.stay_id).where(_lately(who))
    wanted = wanted.where(SessionRow.flow == "check_in", SessionRow.answered_at.is_not(None))
    for session in tx.rows.scalars(wanted.order_by(SessionRow.id)):
        flow = flow_of(tx, session) if session.stay_id in stays else None
        for step, answer in session.answers if flow else ():
            asked = (id(flow), step)
            if asked not in known and flow is not None:
                known[asked] = _asked(who, flow, step)
            title, choices = known[asked]
            if answer in choices:
                names.setdefault(title, {}).update(choices)
                given.setdefault(title, []).append((choices[answer], stays[session.stay_id].person_id))
    head = who.says(_("Answer"))
    return [
        _bands(who, f"answers{at}", title, head, tally(found, names[title].values()))
        for at, (title, found) in enumerate(given.items())
    ]


def _asked(who: Visitor, flow: Flow, step: str) -> tuple[str, dict[str, str]]:
    """A question and its answers, without a word about anybody: what a session knows of its learner is not filled in."""
    question = flow.question(step)
    choices = question.choices if question else ()
    return (
        who.says(asked_in_general(question)) if question else "",
        {each.id: who.says(each.label) for each in choices},
    )


def _decided(tx: Tx, who: Visitor) -> list[Deadline]:
    rows = dates_of(tx, who.adult, State.OPEN, State.DONE)
    return [row for row in rows if row.sort is Dated.DECISION and row.day >= who.clock.today - YEAR]


def read_decisions(tx: Tx, who: Visitor, drafted: frozenset[int]) -> list[Decision]:
    """What was decided in the last twelve months, the nearest day first."""
    return [
        Decision(row.id, row.title, row.owner.full_name if row.owner else "", who.clock.full_day(row.day), who.says(STATES[row.state]), row.state is State.OPEN, row.id in drafted)
        for row in _decided(tx, who)
    ]  # fmt: skip


def paper_of(who: Visitor, tables: Sequence[Table], decisions: Sequence[Decision]) -> Paper:
    """The same as a document."""
    pen = Pen((who.language,))

    def own(words: str) -> Said:
        return ((who.language, words),) if words else ()

    def table(head: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Part:
        return Part(title=own(title), head=tuple(map(own, head)), rows=tuple(tuple(map(plain, row)) for row in rows))

    since = who.clock.full_day(who.clock.today - YEAR)
    told = _("Stays since {day}. Groups of fewer than {least} are hidden, and with them what would give them away.")
    parts = {"since": Part(text=(pen.says(told, day=since, least=LEAST),))}
    parts |= {each.id: table(each.head, each.rows, each.title) for each in tables}
    head = [who.says(text) for text in (_("Decision"), _("Owner"), _("By"), _("State"))]
    rows = [(each.words, each.owner, each.day, each.state) for each in decisions]
    parts["decided"] = table(head, rows, who.says(_("What we decided")))
    return Paper("review", 1, pen.languages, who.school, who.adult.school, pen.says(TITLE), parts)
