"""While a cry for help or words of distress are open, nothing is asked: whatever their author sends goes into the case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.domain.ladder import Answered, NoticeKind
from bot.domain.messages import Attached, Letter
from bot.handlers.case.case import hear, move_case
from bot.handlers.case.crew import crew_of
from bot.handlers.case.exclusion import leave_out_doubtful
from bot.handlers.case.matters import WROTE, matters_of
from bot.handlers.case.sent_files import CAME, LOST, hand_files, offer_file
from bot.handlers.say.facts import danger_facts
from bot.handlers.say.post import TOGETHER, About, post
from bot.i18n import Text, _
from bot.store.cases import CaseEvent, CaseRow, left_out_of, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, Outcome
from bot.store.people import Person
from bot.store.stays import StayRow, last_stay

CRIES = frozenset({"sos", "distress"})
TOLD_ONCE_IN = timedelta(minutes=2)
"""Whoever follows the case hears no oftener that there is more to read, and no later: the words stand in it at once."""
SEES: Text = _("{owner} sees this.")
WAITS: Text = _("I have added this to what I told the adults; nobody has answered me yet. If you are in danger, call {emergency}.")  # fmt: skip
SEES_UNREAD: Text = _(
    "{owner} sees that you sent something. I cannot show it to them: write a few words, or call {on_call}."
)
SEES_SOMETHING: Text = _("{owner} sees that you sent something. I cannot show it to them: write a few words.")
WAITS_UNREAD: Text = _("The adults I told see that you sent something. I cannot show it to them: write a few words. If you are in danger, call {emergency}.")  # fmt: skip


def cry_of(tx: Tx, stay: StayRow | None) -> CaseRow | None:
    """The open case of a learner, if they cried for help in it."""
    case = open_case(tx.rows, stay.id) if stay is not None else None
    cried = case is not None and any(each.detail["topic"] in CRIES for each in matters_of(tx, case))
    return case if cried else None


def keep_of_several(tx: Tx, people: Sequence[int], row: InboxRow, text: str) -> bool:
    """Words from an address that several share, who does not say whose they are: they stand at once in every cry that is
    open there. Not where some of them keep out an adult whom the others do not. Whether one was open.
    """
    stays = [stay for each in people if (stay := last_stay(tx.rows, each)) is not None]
    cries = [cry for stay in stays if (cry := cry_of(tx, stay)) is not None]
    out = left_out_of(tx.rows, people)
    if not text or not cries or len({out.get(stay.person_id, frozenset()) for stay in stays}) > 1:
        return False
    row.shown, row.person_id = text, cries[0].stay.person_id
    for cry in cries:
        leave_out_doubtful(tx, cry, text)
        keep(tx, cry, row, readable=True)
    acknowledge(tx, cries[0], readable=True)
    return True


def keep_file(tx: Tx, case: CaseRow, row: InboxRow, file: Attached | None) -> bool:
    """A file, or something else that nobody here can read. Whether the adults see what it is."""
    filed = offer_file(tx, case.stay, row, file)
    keep(tx, case, row, readable=bool(row.shown))
    return filed


def keep(tx: Tx, case: CaseRow, row: InboxRow, *, readable: bool) -> None:
    """What the learner sent stands in the case at once, and who follows it hears that there is more."""
    row.outcome = Outcome.HANDED
    filed = hand_files(tx, [row.id])
    kind = CAME if filed else WROTE if readable else LOST
    hear(tx, case, kind, **({"inbox": str(row.id)} if readable or filed else {}))
    told = select(CaseEvent.at).where(CaseEvent.case_id == case.id, CaseEvent.kind.in_(("answered", "opened")))
    lately = tx.rows.scalars(told.order_by(CaseEvent.id.desc()).limit(1)).first() or tx.now
    if not _to_be_told(tx, case):
        move_case(tx, case, Answered(closes=False))
        for message in _to_be_told(tx, case):
            message.due_at = max(tx.now, lately + TOLD_ONCE_IN)


def _to_be_told(tx: Tx, case: CaseRow) -> list[OutboxRow]:
    """What says that there is more to read, and has not left yet."""
    tx.rows.flush()
    wanted = select(OutboxRow).where(OutboxRow.case_id == case.id, OutboxRow.state == "pending")
    return list(tx.rows.scalars(wanted.where(OutboxRow.step == f"{TOGETHER} {NoticeKind.ANSWERED}")))


def acknowledge(tx: Tx, case: CaseRow, *, readable: bool) -> None:
    """An honest receipt: who sees it, or that nobody has answered yet."""
    facts = danger_facts(tx, case.stay)
    owner = case.owner_id if case.owner_id is not None and crew_of(tx, case).on_duty(case.owner_id) else None
    if owner is None:
        text = WAITS if readable else WAITS_UNREAD
    elif readable:
        text = SEES
    else:
        text = SEES_UNREAD if facts["on_call"] else SEES_SOMETHING
    values = facts | ({"owner": tx.rows.get_one(Person, owner).full_name} if owner is not None else {})
    post(tx, case.stay.person_id, Letter(text, values), Lane.ANSWER, About(stay=case.stay_id))
