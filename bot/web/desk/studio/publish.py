"""Before and after publishing: what is different, for whom, who agrees; earlier versions, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from bot.config.programme import ready
from bot.domain.programme import Programme
from bot.domain.programme.difference import Different, differences
from bot.domain.programme.guarded import needs_two
from bot.domain.programme.problem import ProgrammeError
from bot.domain.programme.written import Written
from bot.domain.publication_impact import Consequences, consequences
from bot.domain.stay import Stay
from bot.handlers.desk.publishing import Draft, Outcome, publish, speak_for_all, take_up
from bot.i18n import told
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.programmes import ProgrammeVersion, versions
from bot.store.stays import StayRow
from bot.web.desk.page import Desk
from bot.web.desk.studio.draft_changes import in_words
from bot.web.desk.studio.pages import Studio
from bot.web.desk.visitor import Missing, Visitor

MOST = 60
"""Differences that are shown; more of them are counted."""


@dataclass(frozen=True)
class VersionShown:
    """A version: when, by whom, whether it is the one in force."""

    number: int
    at: str
    by: str
    agreed: str
    in_force: bool


@dataclass(frozen=True)
class Publishing:
    """What leads to a programme, and back."""

    desk: Desk
    studio: Studio

    async def ask(self, request: Request) -> Response:
        """What would change, for whom, and who has to agree."""
        who, found = await self.studio.look(request)
        _who, (stays, alone) = await self.desk.ask(
            request,
            lambda tx, who: (
                _under_way(tx),
                found.programme is not None and speak_for_all(tx, found.draft, self.studio.file.written, who.adult),
            ),
        )
        proposer = await self._proposer(request, found.draft)
        programme = self.desk.app.db.programme
        shown: tuple[list[Different], Consequences, bool] = ([], Consequences(), False)
        if found.programme is not None:
            shown = await run_in_threadpool(_compared, programme, found.programme, stays, self.desk.app.db.clock.now())
        changes = [in_words(each, programme, who) for each in shown[0]]
        values = {
            "changes": changes[:MOST],
            "further": max(len(changes) - MOST, 0),
            "effect": shown[1],
            "two": shown[2] or not alone,
            "guarded": shown[2],
            "proposer": proposer,
            "mine": found.draft.proposal is not None and found.draft.proposal.by == who.person.id,
            "overtaken": found.draft.base != self.studio.file.written.digest,
        }
        return self.studio.page(request, who, found, "studio_publish.html", values)

    async def _proposer(self, request: Request, draft: Draft) -> str:
        if draft.proposal is None:
            return ""
        number = draft.proposal.by
        _who, name = await self.desk.ask(request, lambda tx, _who: tx.rows.get_one(Person, number).full_name)
        return name

    async def publish(self, request: Request) -> Response:
        """Make it count, or propose it where two are needed."""
        form = await self.desk.form(request)
        _who, found = await self.studio.look(request)
        if found.programme is None or not found.draft.differs:
            return self.desk.after(request, {"back": "/programme/edit/publish"}, "nothing")
        guarded = needs_two(self.desk.app.db.programme, found.programme)

        def act(tx: Tx, who: Visitor) -> Outcome:
            self.studio.draft(tx, who)
            seen, over = found.draft.written.digest, form.get("over") == "1"
            if form.get("digest") != seen:
                return Outcome.STALE
            return publish(tx, who.person, self.studio.file.written, seen, guarded=guarded, over=over)

        _who, outcome = await self.desk.ask(request, act)
        self.studio.file.want()
        await self.desk.app.follow_programme()
        self.desk.app.nudge()
        back = "/programme/edit" if outcome is Outcome.PUBLISHED else "/programme/edit/publish"
        return self.desk.after(request, {"back": back}, f"programme_{outcome}")

    async def versions(self, request: Request) -> Response:
        """Every version that was published here, the newest first."""

        def read(tx: Tx, who: Visitor) -> list[VersionShown]:
            self.studio.draft(tx, who)
            return [_shown(tx, who, each, self.studio.file.written) for each in versions(tx.rows)]

        who, found = await self.desk.ask(request, read)
        return self.desk.page(request, who, "studio_versions.html", {"versions": found})

    async def version(self, request: Request) -> Response:
        """What distinguishes a version from the programme in force."""

        def read(tx: Tx, who: Visitor) -> tuple[VersionShown, Written]:
            self.studio.draft(tx, who)
            row = _version(tx, request.path_params["version"])
            return _shown(tx, who, row, self.studio.file.written), _written(row, self.studio.file.written)

        who, (shown, written) = await self.desk.ask(request, read)
        programme = self.desk.app.db.programme
        lines = await run_in_threadpool(_lines, programme, written)
        changes = [
            told(each, who.language) if isinstance(each, str) else in_words(each, programme, who) for each in lines
        ]
        values = {"version": shown, "changes": changes}
        return self.desk.page(request, who, "studio_version.html", values)

    async def take_back(self, request: Request) -> Response:
        """An earlier version becomes the draft: to be looked at, and published like any other."""
        await self.desk.form(request)

        def act(tx: Tx, who: Visitor) -> None:
            self.studio.draft(tx, who)
            row = _version(tx, request.path_params["version"])
            take_up(tx, who.adult, self.studio.file.written, _written(row, self.studio.file.written))

        await self.desk.ask(request, act)
        return self.desk.after(request, {"back": "/programme/edit/publish"}, "kept")


def _under_way(tx: Tx) -> list[Stay]:
    """Those to whom it matters: not over, not called off."""
    today = tx.now.date()
    rows = tx.rows.scalars(select(StayRow).where(StayRow.cancelled.is_(False), StayRow.back >= today))
    return [row.facts() for row in rows]


def _compared(
    earlier: Programme, later: Programme, stays: Sequence[Stay], now: datetime
) -> tuple[list[Different], Consequences, bool]:
    return list(differences(earlier, later)), consequences(earlier, later, stays, now), needs_two(earlier, later)


def _lines(current: Programme, written: Written) -> Sequence[str | Different]:
    """What the version says otherwise; nothing where it cannot be read any more by this version of Compagnon."""
    try:
        other = ready(written)
    except ProgrammeError as error:
        return [*error.lines]
    return list(differences(current, other))


def _version(tx: Tx, number: int) -> ProgrammeVersion:
    row = tx.rows.get(ProgrammeVersion, number)
    if row is None:
        raise Missing
    return row


def _written(row: ProgrammeVersion, current: Written) -> Written:
    return replace(current, text=row.text, beside=dict(row.beside))


def _shown(tx: Tx, who: Visitor, row: ProgrammeVersion, current: Written) -> VersionShown:
    def name(number: int | None) -> str:
        found = tx.rows.get(Person, number) if number else None
        return found.full_name if found else ""

    at = who.clock.at(row.at)
    return VersionShown(
        row.id, f"{at.ago}, {at.local}", name(row.by_id), name(row.agreed_id), row.digest == current.digest
    )
