"""An adult acts on a case from the chat: take, pass on, reached, close with a reason, read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.domain.ladder import Closed, Event, PassedOn, Reached, Refusal, Reopened, Snoozed, Taken
from bot.domain.messages import Letter, Offer
from bot.handlers.case import closing, exclusion, merging
from bot.handlers.case.alert import BY_ITSELF, HANDED, REASONS, moment, news_values, reopening, spoken
from bot.handlers.case.alert_edits import sees_it
from bot.handlers.case.case import UNREAD, move_case, settle_matters
from bot.handlers.case.crew import crew_of, may_follow, rest_of
from bot.handlers.case.grouping import SHARED_ACTS, companions, may_join, one_clock, put_together, take_apart
from bot.handlers.case.matters import SAID
from bot.handlers.case.notices import names_of, reopening_each
from bot.handlers.case.sent_files import files_of
from bot.handlers.say.post import ALONE, About, post, say_on
from bot.i18n import Text, _, _n
from bot.store.cases import CaseEvent, CaseRow, log_of, open_case
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow
from bot.store.people import Person
from bot.store.records import audit
from bot.store.sessions import SessionRow

REOPENS = timedelta(hours=24)
"""How long a case that was closed too early may be taken back."""
DONE: dict[str, Text] = {
    "take": _("Thank you. You follow the case of {learner}; tell me when they are reached, or close it."),
    "pass": _("The case of {learner} is passed on. I come back to you if nobody takes it."),
    "snooze": _("Noted. Until {at} I do not ask you about {learner}; whatever is new comes at once."),
    "reached": _("Good. I have noted that {learner} was reached. Close the case when all is settled."),
    "well": _("Good. I have noted that {learner} was reached: the case is closed. Thank you."),
    "close": _("The case of {learner} is closed. Thank you."),
    "reopen": _("The case of {learner} is open again, and your colleagues are told. Do you take it?"),
}
TOOK_ALL = _n(
    "Thank you. You follow {count} case: {learners}. Each closes by itself with an answer; /today shows them.",
    "Thank you. You follow {count} cases: {learners}. Each closes by itself with an answer; /today shows them.",
)
ENDED_ALL = _n(
    "Good. I have noted that {learners} was reached: {count} case is closed. Thank you.",
    "Good. I have noted that {learners} were reached: {count} cases are closed. Thank you.",
)
TOOK_NONE = _("Nothing is left to take: each of these is closed, or a colleague follows it.")
REFUSED: dict[Refusal, Text] = {
    Refusal.CLOSED: _("This case is closed already. Thank you."),
    Refusal.ALREADY_TAKEN: _("{owner} already follows the case of {learner}. Thank you."),
    Refusal.STRANGER: _("This case is not yours to follow."),
    Refusal.OPEN: _("The case of {learner} is open."),
    Refusal.TOO_LONG: _("This case cannot rest so long."),
    Refusal.NOBODY_THERE: _("This person cannot be reached now. Please choose somebody else."),
}


def act_on_case(tx: Tx, person: Person, action: dict[str, Any], pressed: OutboxRow | None = None) -> bool:
    """Do what an adult decided about a case, if it is theirs to decide; `pressed` is the message where they did. Whether
    something was settled by it.
    """
    if "cases" in action:
        rows = [row for number in action["cases"] if (row := tx.rows.get_one(CaseRow, number)).closed_at is None]
        mine = [row for row in rows if may_follow(tx, person, row)]
        return (_end_all if action["act"] == "well" else _take_all)(tx, person, mine, pressed)
    row = tx.rows.get_one(CaseRow, action["case"])
    if not may_follow(tx, person, row):
        post(tx, person.id, Letter(REFUSED[Refusal.STRANGER]), Lane.ANSWER)
        return False
    act = action["act"]
    if act in {"group", "apart"}:
        return _group(tx, person, row, action)
    if act == "seen":
        settle_matters(tx, row.stay, lambda detail: detail["topic"] in UNREAD, "read", person.id)
        return True
    if act == "agree":
        return closing.agree(tx, person, row, action["event"], action["yes"])
    if act == "merge":
        return merging.merge(tx, person, row, action["with"])
    if act == "admit":
        return exclusion.admit(tx, person, row, action["adult"])
    if act == "over" and row.closed_at is None:
        move_case(tx, row, Reached(person.id))
    if act in {"close", "well", "over"} and row.grave:
        return closing.close(tx, person, row, action["reason"]) if "reason" in action else closing.ask(tx, person, row)
    ask = {"pass": "to", "close": "reason", "read": "never"}.get(act)
    if ask is not None and ask not in action:
        {"pass": _offer_colleagues, "close": _offer_reasons, "read": _read}[act](tx, person, row)
        return False
    if act == "reopen" and not _may_reopen(tx, person, row):
        return False
    if act == "well" and row.closed_at is None:
        _was_reached(tx, person, row)
    if act == "snooze" and "until" not in action:
        action = action | {"until": (rest[0] if (rest := rest_of(tx, row)) else tx.now).isoformat()}
    words = _with_words(tx, person, row, action)
    move = move_case(tx, row, _event(act, person.id, action))
    if words is not None and move.refused:
        tx.rows.delete(words)
    if act in SHARED_ACTS and not move.refused:
        _likewise(tx, person, row, action)
    if move.refused is Refusal.ALREADY_TAKEN and act == "take":
        return False
    if move.refused:
        _tell(tx, person, row, REFUSED.get(move.refused, REFUSED[Refusal.STRANGER]))
    elif act == "snooze":
        values = news_values(tx, row) | {"at": moment(row, row.wake_at or tx.now)}
        post(tx, person.id, Letter(DONE[act], values), Lane.ANSWER, About(stay=row.stay_id, case=row.id))
    elif not _seen_in_place(tx, person, row, action, pressed):
        _tell(tx, person, row, DONE[act], after=act)
    if act == "take" and not move.refused:
        merging.offer(tx, person, row)
    return not move.refused


def _group(tx: Tx, person: Person, row: CaseRow, action: dict[str, Any]) -> bool:
    """Cases with one cause are followed as one from now on, by whoever says so; or one of them goes its own way."""
    if action["act"] == "apart":
        take_apart(tx, person, row)
        return True
    other = next((each for each in may_join(tx, person, row) if each.id == action["with"]), None)
    if other is None:
        return False
    rows = put_together(tx, person, row, other)
    for each in rows:
        move_case(tx, each, Taken(person.id))
    one_clock(rows)
    return True


def _likewise(tx: Tx, person: Person, row: CaseRow, action: dict[str, Any]) -> None:
    """The same for the others with one cause, as far as each of them allows it."""
    others = companions(tx, person, row)
    for each in others:
        move_case(tx, each, _event(action["act"], person.id, action))
    if others:
        one_clock([row, *others])


def _with_words(tx: Tx, person: Person, row: CaseRow, action: dict[str, Any]) -> CaseEvent | None:
    """What a colleague is handed a case with, kept in its log: the alert that tells them of it says it."""
    if action["act"] != "pass" or not action.get("words"):
        return None
    event = CaseEvent(case_id=row.id, at=tx.now, kind=HANDED, person_id=person.id, detail={"words": action["words"]})
    tx.rows.add(event)
    tx.rows.flush()
    return event


def _seen_in_place(tx: Tx, person: Person, row: CaseRow, action: dict[str, Any], pressed: OutboxRow | None) -> bool:
    """Whether who acted sees what came of it where they did: their alert says how the case stands, a list of choices what
    was chosen. Words are answered with words.
    """
    if action.get("typed") or not sees_it(tx, person.id, row):
        return False
    if pressed is None or pressed.step == ALONE:
        return True
    return bool({"to", "reason"} & action.keys()) and say_on(
        tx, pressed, Letter(DONE[action["act"]], news_values(tx, row))
    )


def _take_all(tx: Tx, person: Person, rows: list[CaseRow], pressed: OutboxRow | None) -> bool:
    """One press for several learners with one cause; of those whom somebody has taken already it is said."""
    taken = [row for row in rows if not move_case(tx, row, Taken(person.id)).refused]
    values = {"count": len(taken), "learners": names_of(taken)}
    letter = Letter(TOOK_ALL if taken else TOOK_NONE, values)
    if pressed is None or not say_on(tx, pressed, letter):
        post(tx, person.id, letter, Lane.ANSWER)
    return True


def _end_all(tx: Tx, person: Person, rows: list[CaseRow], _pressed: OutboxRow | None) -> bool:
    """All of them were reached and are well: but for those whom a colleague follows, and those who cried meanwhile."""
    ended = [row for row in rows if row.owner_id in {None, person.id} and not row.grave]
    for row in ended:
        _was_reached(tx, person, row)
        move_case(tx, row, Closed(person.id, "all_well"))
    values = {"count": len(ended), "learners": names_of(ended)}
    post(tx, person.id, Letter(ENDED_ALL if ended else TOOK_NONE, values, reopening_each(ended)), Lane.ANSWER)
    return True


def _was_reached(tx: Tx, person: Person, row: CaseRow) -> None:
    tx.rows.add(CaseEvent(case_id=row.id, at=tx.now, kind="reached", person_id=person.id, detail={}))


def _may_reopen(tx: Tx, person: Person, row: CaseRow) -> bool:
    """For a day, and where no other case of the same learner was opened since: there is one at a time."""
    other = open_case(tx.rows, row.stay_id)
    if other is not None and other.id != row.id:
        _tell(tx, person, row, _("Another case of {learner} is open already: please go on with that one."))
    elif row.closed_at is not None and tx.now - row.closed_at > REOPENS:
        _tell(tx, person, row, _("This case has been closed for more than a day: it stays closed."))
    else:
        return True
    return False


def _event(act: str, by: int, action: dict[str, Any]) -> Event:
    match act:
        case "take":
            return Taken(by)
        case "pass":
            return PassedOn(by, action["to"])
        case "snooze":
            return Snoozed(by, datetime.fromisoformat(action["until"]))
        case "reached":
            return Reached(by)
        case "reopen":
            return Reopened(by)
        case "well":
            return Closed(by, "all_well")
    return Closed(by, action["reason"])


def _tell(tx: Tx, person: Person, row: CaseRow, text: Text, after: str = "") -> None:
    offers: tuple[Offer, ...] = ()
    action = {"do": "case", "case": row.id}
    if after in {"close", "well"}:
        offers = (reopening(row),)
    if after == "reopen":
        offers = (Offer(_("I take it"), action | {"act": "take"}), Offer(_("Close…"), action | {"act": "close"}))
    if after in {"take", "reached"}:
        reached = (Offer(_("Reached"), action | {"act": "reached"}),) if after == "take" else ()
        offers = (
            *reached,
            *((spoken(row),) if after == "take" or not row.grave else ()),
            Offer(_("Pass on…"), action | {"act": "pass"}),
            Offer(_("Close…"), action | {"act": "close"}),
        )
    post(tx, person.id, Letter(text, news_values(tx, row), offers), Lane.ANSWER, About(stay=row.stay_id, case=row.id))


def _offer_colleagues(tx: Tx, person: Person, row: CaseRow) -> None:
    """Whom the case can be passed to: those on duty today."""
    action = {"do": "case", "case": row.id, "act": "pass"}
    offers = tuple(
        Offer("{colleague}", action | {"to": number}, {"colleague": tx.rows.get_one(Person, number).full_name})
        for number in crew_of(tx, row).present
        if number != person.id
    )
    text = _("To whom?") if offers else _("Nobody else can be reached today. The case stays with you.")
    post(tx, person.id, Letter(text, {}, offers), Lane.ANSWER, About(stay=row.stay_id, case=row.id))


def _offer_reasons(tx: Tx, person: Person, row: CaseRow) -> None:
    action = {"do": "case", "case": row.id, "act": "close"}
    offers = tuple(Offer(label, action | {"reason": name}) for name, label in REASONS if name not in BY_ITSELF)
    letter = Letter(_("How does the case of {learner} end?"), news_values(tx, row), offers)
    post(tx, person.id, letter, Lane.ANSWER, About(stay=row.stay_id, case=row.id))


def _read(tx: Tx, person: Person, row: CaseRow) -> None:
    """Show the learner's own words to who follows the case. Every reading is noted."""
    for event in log_of(tx.rows, row.id, "matter", *SAID):
        words = _words(tx, event)
        if words:
            values = {"learner": row.stay.person.short_name, "words": words}
            about = About(stay=row.stay_id, case=row.id)
            post(tx, person.id, Letter(_("{learner} writes: « {words} »"), values), Lane.ANSWER, about)
    about, values = About(stay=row.stay_id, case=row.id), {"learner": row.stay.person.short_name}
    for proof in (each for each in files_of(tx, row) if each.state == "kept"):
        post(tx, person.id, Letter(_("{learner} sent this."), values, file=proof.id), Lane.ANSWER, about)
        audit(tx, f"person {person.id}", "look", f"proof {proof.id}")
    audit(tx, f"person {person.id}", "read", f"case {row.id}")


def _words(tx: Tx, event: CaseEvent) -> str | None:
    """What the learner wrote: the message itself, or the question they asked in a conversation."""
    message = tx.rows.get(InboxRow, int(event.detail.get("inbox", 0)))
    if message is not None:
        return message.shown
    session = tx.rows.get(SessionRow, int(event.detail.get("session", 0)))
    return dict(session.answers).get("question") if session else None
