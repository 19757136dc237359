"""Papers about one learner or one adult: the attestation, the annexes of the agreement, the certificate of staff."""

from __future__ import annotations

from bot.documents.papers.paper import Paper, Part, Pen, plain
from bot.domain.programme.item import Proof
from bot.domain.stay import conditions
from bot.domain.touchpoints import due_day
from bot.handlers.conversation.tasks import title_for
from bot.i18n import _, _n
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import StayRow, items_of

WHO = (_("Name"), _("School"), _("Host"), _("Place"), _("First day of the activity"), _("Last day of the activity"))
LENGTH = _("Length")
ANNEXES = (_("Item"), _("Due"), _("Seen on"), _("Initials"))
ATTENDED = _("We certify that the person named below has carried out the activity with us on these days.")
OTHER_DAYS = _("Other days than these? Please cross them out and write the true ones beside them, with your initials.")
STAFF = _("We certify that the person named below has taken part in a staff mobility of the Erasmus+ programme. This certificate may be enclosed with the file of the career interview.")  # fmt: skip
SIGNATURE = (_("Name and function of who signs"), _("Date: the last day of the activity, or later"), _("Signature and stamp"))  # fmt: skip


def who_and_when(pen: Pen, row: StayRow) -> Part:
    """Who, of which school, with whom, where, and on which days."""
    days = pen.weekday(row.start), pen.weekday(row.end)
    known = plain(row.person.full_name), plain(row.school.name), plain(row.host), pen.place(row.city, row.country)
    return Part(facts=tuple(zip(pen.labels(WHO), (*known, *days), strict=True)))


def attestation(_tx: Tx, _adult: Person, row: StayRow, pen: Pen) -> Paper:
    """With everything that is known: signed by the host on the last day."""
    parts = {
        "statement": Part(text=(pen.says(ATTENDED),)),
        "who": who_and_when(pen, row),
        "other": Part(text=(pen.says(OTHER_DAYS),)),
        "signed": Part(sign=pen.labels(SIGNATURE)),
    }  # fmt: skip
    return pen.paper("attestation", row, pen.says(_("Certificate of attendance")), parts)


def staff(_tx: Tx, _adult: Person, row: StayRow, pen: Pen) -> Paper:
    """For the file of the career interview."""
    days = pen.says(_n("{count} day", "{count} days"), count=row.facts().activity_days)
    known = who_and_when(pen, row)
    parts = {
        "statement": Part(text=(pen.says(STAFF),)),
        "who": Part(facts=(*known.facts, (pen.says(LENGTH), days))),
        "signed": Part(sign=pen.labels((_("Head of school"), _("Date"), _("Signature and stamp")))),
    }  # fmt: skip
    return pen.paper("staff", row, pen.says(_("Certificate of staff mobility")), parts)


def agreement(tx: Tx, adult: Person, row: StayRow, pen: Pen) -> Paper:
    """What an adult must have seen before somebody leaves, and whether they have."""
    held, states = conditions(tx.programme, row.facts()), items_of(tx.rows, row.id)
    lines = []
    for item in tx.programme.journey(row.kind).before:
        if item.proof is Proof.DECLARED or not item.applies(held):
            continue
        state = states.get(item.id)
        there = state is not None and state.state in {"done", "waived"}
        seen = pen.day(state.at.date()) if state and there else ()
        title = pen.says(title_for(adult, row, item))
        lines.append((plain("☑" if there else "☐"), title, pen.day(due_day(row.facts(), item)), seen, ()))
    parts = {
        "who": who_and_when(pen, row),
        "annexes": Part(head=(plain("☑"), *pen.labels(ANNEXES)), rows=tuple(lines)),
        "signed": Part(sign=pen.labels((_("Coordinator"), _("Date"), _("Signature")))),
    }
    return pen.paper("agreement", row, pen.says(_("Grant agreement: its annexes")), parts)
