"""Somebody asks to be erased: asked twice, then done, or looked at by an adult first where something stands against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import may_with
from bot.domain.person import STAFF
from bot.domain.rights import Act
from bot.handlers.privacy.erase import Gone, Place, beside, blank_next, erase, made
from bot.handlers.say.facts import in_charge
from bot.handlers.say.post import post, tell
from bot.i18n import Text, _, phrase
from bot.store.cases import kept_from, open_cases
from bot.store.db import Database, Tx
from bot.store.erasures import Erasure, Stage, at_stage, of_person
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.proofs import ProofRow
from bot.store.records import audit, setting
from bot.store.stays import stays_of_person

MONTH = timedelta(days=30)
"""So long an adult may take to decide (GDPR, article 12)."""
PATIENCE = timedelta(hours=1)
"""Whoever has not been told the number by then is erased all the same: they asked for it."""
STEP = "erasure"
ASK = _(
    "Erase all that I hold about you? Your answers, messages and files go, for good. Nobody here can bring them back."
)
SURE = _("Really? From then on I do not know you any more: an SOS written here would reach nobody. Anything you still need: /export first.")  # fmt: skip
ERASE, NOT, FOR_GOOD, KEEP = _("Yes, erase it"), _("No"), _("Erase it for good"), _("Keep it")
KEPT = _("All right, everything stays as it is.")
DONE_SOON = _(
    "It will be erased within minutes. Your certificate: {number}\n{link}\nThis is my last message. In danger: 112."
)
WAITS = _(
    "Noted. An adult looks at it first, because {why}. {coordinator} has until {day} to decide, and I tell you then."
)
NO_ADULT = _("your school")
IN_TEAM = _(
    "You are in the school's team: whoever keeps the team's file takes you out of it first. Then everything can be erased."
)
WHY: Mapping[str, Text] = {
    "case": _("a situation is still being followed"),
    "stay": _("the stay is not over"),
    "files": _("the school must still keep some papers"),
}
ASKED = _(
    "{learner} asks that all that is held about them be erased. To look at first: {why}. Please decide by {day}: {link}"
)
STILL = _("{learner} asked on {asked} to be erased. The law gives until {day} to decide (GDPR, article 12), and nobody has yet: {link}")  # fmt: skip
REMINDED = (7, 1, 0)
"""So many days before the end of the month at the latest, those who may decide hear of it again."""
DECLINED = _("It was decided not to erase what I hold about you for now. Ask {coordinator} why; you can also complain to your country's data protection authority.")  # fmt: skip


def begin(tx: Tx, person: Person) -> None:
    """Answer `/erase`: the first of two questions."""
    if any(held.role in STAFF for held in person.roles):
        return tell(tx, person, IN_TEAM)
    waiting = of_person(tx.rows, person.id)
    if waiting is not None:
        return _say_stage(tx, person, waiting)
    return tell(tx, person, ASK, None, Offer(ERASE, _said("yes")), Offer(NOT, _said("no")))


def _said(word: str) -> dict[str, Any]:
    return {"do": "erase", "say": word}


def press(tx: Tx, person: Person, said: str) -> None:
    """A button under one of the two questions."""
    if said == "no":
        return tell(tx, person, KEPT)
    if said == "yes":
        return tell(tx, person, SURE, None, Offer(FOR_GOOD, _said("sure")), Offer(KEEP, _said("no")))
    if not any(held.role in STAFF for held in person.roles):
        request(tx, person)
    return None


def request(tx: Tx, person: Person) -> Erasure:
    """They want it. Where something stands against it, an adult decides; else it is due."""
    row = of_person(tx.rows, person.id) or made(tx, person, "self")
    row.why = list(against(tx, person))
    if row.why:
        row.stage = Stage.ASKED
        _ask_adults(tx, person, row)
    else:
        row.stage, row.due_at = Stage.DUE, tx.now + PATIENCE
    audit(tx, f"person {person.id}", "ask erasure", f"erasure {row.id}")
    _say_stage(tx, person, row)
    return row


def against(tx: Tx, person: Person) -> Sequence[str]:
    """What an adult has to look at first: an open case, a stay that is not over, papers that must be kept."""
    stays = [stay for stay in stays_of_person(tx.rows, person.id) if not stay.cancelled]
    kept = select(ProofRow.id).where(
        ProofRow.person_id == person.id, ProofRow.state == "kept", ProofRow.ends_at > tx.now
    )
    found = {
        "case": bool(open_cases(tx.rows, [stay.id for stay in stays_of_person(tx.rows, person.id)])),
        "stay": any(stay.back >= tx.now.astimezone(ZoneInfo(stay.home_zone)).date() for stay in stays),
        "files": tx.rows.scalar(kept.limit(1)) is not None,
    }
    return [name for name, stands in found.items() if stands]


def decide(tx: Tx, adult: Person, number: int, *, yes: bool) -> str:
    """An adult's decision, in a word: `erased`, `declined`, `case` (one is open still), `nothing` where somebody was faster,
    `missing` where it is not theirs.
    """
    row = tx.rows.get(Erasure, number, with_for_update=True)
    person = tx.rows.get(Person, row.person_id) if row is not None and row.person_id else None
    if row is None or person is None or not may_decide(tx, adult, person):
        return "missing"
    if row.stage is not Stage.ASKED:
        return "nothing"
    if yes and "case" in against(tx, person):
        return "case"
    row.decided_by_id = adult.id
    audit(tx, f"person {adult.id}", "decide erasure", f"erasure {row.id}", yes=yes)
    if yes:
        row.stage, row.due_at = Stage.DUE, tx.now + PATIENCE
        _say_stage(tx, person, row)
    else:
        row.stage = Stage.DECLINED
        tell(tx, person, DECLINED, {"coordinator": _coordinator(tx, person)})
    return "erased" if yes else "declined"


def may_decide(tx: Tx, adult: Person, person: Person) -> bool:
    """Whoever answers for people at the school, unless the learner keeps them out."""
    return may_with(adult.adult, Act.MANAGE, person.school_id, left_out=person.id in kept_from(tx.rows, adult.id))


def waiting_for(tx: Tx, adult: Person) -> list[tuple[Erasure, Person]]:
    """What somebody has to decide, the oldest first."""
    rows = [(row, tx.rows.get(Person, row.person_id)) for row in at_stage(tx.rows, Stage.ASKED) if row.person_id]
    return [(row, person) for row, person in rows if person is not None and may_decide(tx, adult, person)]


def due(tx: Tx) -> list[tuple[int, int]]:
    """What is to be erased now, as erasure and person: once its person was told, or an hour later. A case that was opened
    meanwhile comes first.
    """
    ready = [row for row in at_stage(tx.rows, Stage.DUE) if _told(tx, row) and not _stopped(tx, row)]
    return [(row.id, row.person_id) for row in ready if row.person_id]


def _stopped(tx: Tx, row: Erasure) -> bool:
    person = tx.rows.get(Person, row.person_id) if row.person_id else None
    if person is None or "case" not in against(tx, person):
        return False
    row.stage, row.why = Stage.ASKED, ["case"]
    _ask_adults(tx, person, row)
    return True


def erase_one(tx: Tx, number: int, seen: Mapping[str, int]) -> Gone | None:
    """Do it, unless a case was opened in this very minute."""
    row = tx.rows.get(Erasure, number, with_for_update=True)
    person = tx.rows.get(Person, row.person_id) if row is not None and row.person_id else None
    if row is None or person is None or row.stage is not Stage.DUE or _stopped(tx, row):
        return None
    return erase(tx, person, row, seen)


def erase_at_once(db: Database, number: int, person: int) -> Gone | None:
    """All of it, one transaction after another, for a command."""
    place = Place()
    while not place.over:
        place = db.run(blank_next, person, place)
    gone = db.run(erase_one, number, place.ends)
    if gone is not None:
        beside(db, gone)
    return gone


def _told(tx: Tx, row: Erasure) -> bool:
    if row.due_at is None or row.due_at <= tx.now:
        return True
    wanted = select(OutboxRow.state).where(OutboxRow.person_id == row.person_id, OutboxRow.step == f"{STEP} {row.id}")
    return all(state not in {"pending", "sending"} for state in tx.rows.scalars(wanted))


def _say_stage(tx: Tx, person: Person, row: Erasure) -> None:
    if row.stage is Stage.DUE:
        letter = Letter(DONE_SOON, {"number": row.number, "link": certificate_link(tx, row)})
        post(tx, person.id, letter, Lane.ANSWER).step = f"{STEP} {row.id}"
        return
    values = {"why": _reasons(row), "coordinator": _coordinator(tx, person), "day": _by(row)}
    post(tx, person.id, Letter(WAITS, values), Lane.ANSWER)


def certificate_link(tx: Tx, row: Erasure) -> str:
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    return f"{url}/e/{row.number}" if url else ""


def _reasons(row: Erasure) -> dict[str, Any]:
    return {"list": [phrase(WHY[each]) for each in row.why]}


def _by(row: Erasure) -> dict[str, str]:
    return {"date": (row.asked_at + MONTH).date().isoformat()}


def _coordinator(tx: Tx, person: Person) -> Any:
    adults = in_charge(tx, person.school_id)
    return adults[0].full_name if adults else {"text": NO_ADULT}


def remind(tx: Tx) -> None:
    """Once a day: whoever may decide an erasure hears of it again, a few times at the most, while it waits for them."""
    for row in at_stage(tx.rows, Stage.ASKED):
        person = tx.rows.get(Person, row.person_id) if row.person_id else None
        left = (row.asked_at + MONTH - tx.now).days
        reached = [days for days in REMINDED if left <= days]
        if person is None or not reached:
            continue
        step = f"{STEP} {row.id} {min(reached)}"
        if tx.rows.scalar(select(OutboxRow.id).where(OutboxRow.step == step).limit(1)) is None:
            values = {"asked": {"date": row.asked_at.date().isoformat()}}
            _tell_adults(tx, person, row, STILL, values, step)


def _ask_adults(tx: Tx, person: Person, row: Erasure) -> None:
    """Those who answer for the learner hear of it; the desk shows it until it is decided."""
    _tell_adults(tx, person, row, ASKED, {"why": _reasons(row)})


def _tell_adults(
    tx: Tx, person: Person, row: Erasure, text: Text, values: Mapping[str, Any], step: str | None = None
) -> None:
    url = (setting(tx.rows, "web_address") or {}).get("url", "")
    values = {"learner": person.full_name, "day": _by(row), "link": f"{url}/desk/erasures", **values}
    for adult in in_charge(tx, person.school_id):
        if may_decide(tx, adult, person):
            post(tx, adult.id, Letter(text, values), Lane.BROADCAST).step = step
