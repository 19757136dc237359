"""The draft of the programme, and its way to being the programme: one adult publishes, for minors' rules a second agrees.

The draft is one for all who may edit; nobody loses what they wrote when a page is closed. Publishing stores the version;
who runs Compagnon then writes it into the file (`bot/runtime/programme.py`), which stays the truth.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from bot.domain.deadlines import State
from bot.domain.messages import Letter
from bot.domain.person import Adult
from bot.domain.programme.guarded import schools_concerned
from bot.domain.programme.part import at_school
from bot.domain.programme.written import Written
from bot.domain.rights import Act, may, somewhere
from bot.handlers.desk.deadlines import settle
from bot.handlers.say.post import post
from bot.i18n import _
from bot.store.db import Tx
from bot.store.deadlines import Deadline
from bot.store.messages import Lane
from bot.store.people import Person, School
from bot.store.programmes import ProgrammeVersion, newest
from bot.store.records import SettingRow, audit, keep_setting, setting
from bot.store.team import team

DRAFT = "programme_draft"
PROPOSED = _(
    "{name} wants to change the programme. It counts once a second adult agrees: on the desk, under Programme."
)


@dataclass(frozen=True)
class Proposal:
    """Who wants the draft to count, as it stood then."""

    by: int
    at: datetime
    digest: str


@dataclass(frozen=True)
class Draft:
    """What is being edited. `version` counts every change; `touched` says of each part when and by whom it was changed."""

    written: Written
    base: str
    """The digest of the programme it began from."""
    version: int = 0
    touched: Mapping[str, tuple[int, int, datetime]] = field(default_factory=dict)
    proposal: Proposal | None = None
    decisions: tuple[int, ...] = ()
    """What was decided in a review, and is done once the draft counts: deadlines by number."""

    @property
    def differs(self) -> bool:
        return self.written.digest != self.base

    def touched_since(self, part: str, version: int, person: int) -> tuple[int, datetime] | None:
        """Who else changed a part after the page that is sent was made, and when."""
        number, by, at = self.touched.get(part, (0, 0, None))
        return (by, at) if number > version and by != person and at is not None else None


class Outcome(StrEnum):
    """What came of a wish to publish."""

    PUBLISHED = "published"
    PROPOSED = "proposed"
    ALONE = "alone"
    """A second adult is needed, and nobody else may."""
    STALE = "stale"
    """The draft, or the file on the disk, is another than the one that was looked at."""


def may_edit(adult: Adult) -> bool:
    """Whether somebody may change the draft: whoever has a say in the programme at one school or another."""
    return somewhere(adult, Act.EDIT_PROGRAMME)


def speak_for_all(tx: Tx, draft: Draft, current: Written, *adults: Adult) -> bool:
    """Whether each school has one of these adults with a say in the programme: it is the programme of all of them. Of what
    changes for the learners of one school alone, those of that school decide.
    """
    concerned = schools_concerned(current.laid, draft.written.laid)
    schools = tx.rows.execute(select(School.id, School.ref).where(School.ref != "")).all()
    return all(
        any(may(adult, Act.EDIT_PROGRAMME, school) for adult in adults)
        for school, ref in schools
        if concerned is None or at_school(ref) in concerned
    )


def read_draft(tx: Tx, current: Written) -> Draft:
    """The draft; a fresh one of the programme in force where there is none."""
    kept = setting(tx.rows, DRAFT)
    if kept is None:
        return Draft(current, current.digest)
    proposal = kept.get("proposal")
    return Draft(
        replace(current, text=kept["text"], beside=kept["beside"]),
        kept["base"],
        kept["version"],
        {part: (number, by, datetime.fromisoformat(at)) for part, (number, by, at) in kept["touched"].items()},
        Proposal(proposal["by"], datetime.fromisoformat(proposal["at"]), proposal["digest"]) if proposal else None,
        tuple(kept.get("decisions", ())),
    )


def keep_draft(tx: Tx, adult: Adult, draft: Draft, written: Written, part: str) -> Draft:
    """The draft with other texts. Whoever had proposed it proposes something else now."""
    if written.digest == draft.written.digest:
        return draft
    number = draft.version + 1
    touched = {**draft.touched, part: (number, adult.person, tx.now)}
    kept = Draft(written, draft.base, number, touched, decisions=draft.decisions)
    _store(tx, kept)
    return kept


def take_up(tx: Tx, adult: Adult, current: Written, written: Written) -> Draft:
    """A whole programme becomes the draft: one brought in as a file, or an earlier version. What was drafted is replaced."""
    before = read_draft(tx, current)
    number = before.version + 1
    kept = Draft(written, current.digest, number, {"": (number, adult.person, tx.now)}, decisions=before.decisions)
    _store(tx, kept)
    return kept


def note_decision(tx: Tx, current: Written, deadline: int) -> None:
    """What a review decided stands beside the draft, until that counts or is dropped."""
    draft = read_draft(tx, current)
    if deadline not in draft.decisions:
        _store(tx, replace(draft, decisions=(*draft.decisions, deadline)))


def drop_draft(tx: Tx) -> None:
    """What was drafted is forgotten."""
    row = tx.rows.get(SettingRow, DRAFT)
    if row is not None:
        tx.rows.delete(row)


def _store(tx: Tx, draft: Draft) -> None:
    proposal = draft.proposal
    value: dict[str, Any] = {
        "text": draft.written.text,
        "beside": dict(draft.written.beside),
        "base": draft.base,
        "version": draft.version,
        "touched": {part: [number, by, at.isoformat()] for part, (number, by, at) in draft.touched.items()},
        "decisions": list(draft.decisions),
        "proposal": {"by": proposal.by, "at": proposal.at.isoformat(), "digest": proposal.digest} if proposal else None,
    }
    keep_setting(tx.rows, DRAFT, value)


def publish(tx: Tx, person: Person, current: Written, seen: str, *, guarded: bool, over: bool = False) -> Outcome:
    """Make the draft the programme. `seen` is the digest that was looked at, `guarded` whether it touches what keeps
    minors safe, `over` that what was changed in the file meanwhile may be lost. The draft must have been checked.

    Two decide where it is guarded, and where one adult does not speak for every school.
    """
    draft = read_draft(tx, current)
    if draft.written.digest != seen or (draft.base != current.digest and not over):
        return Outcome.STALE
    if not guarded and speak_for_all(tx, draft, current, person.adult):
        return _published(tx, person, current, draft, person.id)
    proposal = draft.proposal
    first = tx.rows.get(Person, proposal.by) if proposal and proposal.digest == seen else None
    if first is not None and first.id != person.id and speak_for_all(tx, draft, current, first.adult, person.adult):
        return _published(tx, person, current, draft, first.id)
    return _propose(tx, person, draft, current)


def _published(tx: Tx, person: Person, current: Written, draft: Draft, first: int) -> Outcome:
    _keep_version(tx, current, draft.written, first, person.id if first != person.id else None)
    audit(tx, f"person {person.id}", "publish programme", draft.written.digest)
    for row in tx.rows.scalars(select(Deadline).where(Deadline.id.in_(draft.decisions))).all():
        settle(tx, person, row, State.DONE)
    drop_draft(tx)
    return Outcome.PUBLISHED


def _propose(tx: Tx, person: Person, draft: Draft, current: Written) -> Outcome:
    others = [
        each.person
        for each in team(tx.rows)
        if each.person != person.id and may_edit(each) and speak_for_all(tx, draft, current, person.adult, each)
    ]
    if not others:
        return Outcome.ALONE
    if draft.proposal is None or draft.proposal.digest != draft.written.digest:
        _store(tx, replace(draft, proposal=Proposal(person.id, tx.now, draft.written.digest)))
        for number in others:
            post(tx, number, Letter(PROPOSED, {"name": person.full_name}), Lane.ANSWER)
    return Outcome.PROPOSED


def _keep_version(tx: Tx, current: Written, written: Written, by: int, agreed: int | None) -> None:
    """What stood in the file before is kept too: it is what "undo" leads back to."""
    last = newest(tx.rows)
    if last is None or last.digest != current.digest:
        tx.rows.add(_row(tx, current, on_disk=True))
        tx.rows.flush()
    tx.rows.add(_row(tx, written, by_id=by, agreed_id=agreed))


def _row(tx: Tx, written: Written, **rest: Any) -> ProgrammeVersion:
    return ProgrammeVersion(at=tx.now, text=written.text, beside=dict(written.beside), digest=written.digest, **rest)
