"""Which of our messages typed words answer: with one that they fit it is that one, with several the person is asked.

What asks of its own accord (is it them? who takes it? can you talk?) stands until it is answered, whatever is said
after it. What answers a person's own command stands until they do something else. A hint or a receipt asks nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.messages import Letter, Offer
from bot.engine.advance import Press, Session, Words
from bot.engine.understand import Option, pick, understand
from bot.handlers.case import closing, question, relay
from bot.handlers.conversation import diary, green_light, pairing, testimony
from bot.handlers.conversation.sessions import flow_of, waiting_for_words
from bot.handlers.desk import contact_elsewhere, stay_end
from bot.handlers.desk.balance import STEP as CERTIFICATE_AWAITED
from bot.handlers.desk.balance import said_dates
from bot.handlers.desk.change import STEP as DATE_AWAITED
from bot.handlers.desk.change import dated
from bot.handlers.people.confirm import account_of
from bot.handlers.say.post import About, post
from bot.i18n import LANGUAGES, Text, _, render, to_json
from bot.store.cases import CaseRow
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, of_session, sent_to
from bot.store.people import Address, Person
from bot.store.sessions import open_session
from bot.store.stays import current_stay

LATELY = timedelta(hours=1)
"""So long a preview, a list of reasons or a demand for words waits beside a later one of its kind."""
QUOTED = 60
"""So much of somebody's words is repeated to them."""
AWAITED: Mapping[str, Callable[[Tx, Person, OutboxRow, str], None]] = {
    relay.AWAITED: relay.take_words,
    question.STEP: question.take_words,
    relay.STEP: relay.to_adult,
    DATE_AWAITED: dated,
    stay_end.STEP: stay_end.take_words,
    green_light.AWAITED: green_light.in_words,
    contact_elsewhere.STEP: contact_elsewhere.said_how,
    CERTIFICATE_AWAITED: said_dates,
    closing.AWAITED: closing.take_words,
    diary.STEP: diary.take_words,
    pairing.HOW: pairing.take_way,
    testimony.AWAITED: testimony.take_words,
}
"""By the step of a message that asks for words (a date, a reason, what is to be passed on): what takes them."""
LEAVES = frozenset({relay.STEP, pairing.HOW, testimony.AWAITED})
"""Words that go to somebody else: an adult, another learner, whoever reads what is published."""
_OF_ITS_OWN = frozenset({"confirm", "family yes", "green_light"})
"""Questions in the lane of answers that nobody asked for: they answer no act of their reader."""
_ABOUT = ("address", "pair", "case", "cases", "parent", "learner", "rest", "stay", "day")
WHICH = _("« {words} »: for which of them? Press one, or write its number or the name.")


@dataclass(frozen=True)
class Meaning:
    """One thing that typed words can mean: a button of a message; with no place, the very words it asked for."""

    message: OutboxRow
    place: int | None

    @property
    def relayed(self) -> bool:
        """Whether the words would go to an adult who wrote."""
        return self.place is None and self.message.step == relay.STEP

    @property
    def token(self) -> str:
        return f"{self.message.id}.{self.place}"


def meanings(tx: Tx, person: Person, text: str, row: InboxRow) -> list[Meaning]:
    """Everything that words can mean to what stands, the latest first; nothing where it is a conversation's alone."""
    sent, asked = sent_to(tx.rows, person.id), _asked(tx, person, text)
    fitting = [
        Meaning(each, place)
        for each in _one_each(sent)
        if (place := place_of(each, text)) is not None and _stands(tx, each)
    ]
    own = _own(tx, person, sent, row)
    place = place_of(own, text) if own is not None else None
    if own is not None and (place is not None or _asks_for_words(own)):
        beside = [*fitting, asked] if asked is not None else fitting
        others, kind = (each for each in beside if each.message.id != own.id), _kind(own)
        rivals = (each for each in others if each.message.id > own.id or (kind and _kind(each.message) == kind))
        return [Meaning(own, place), *rivals]
    if fitting:
        return [*fitting, asked] if asked is not None else fitting
    if asked is not None:
        return []
    return _latest(sent, text) or _writers(tx, person, text)


def _asked(tx: Tx, person: Person, text: str) -> Meaning | None:
    """The choice of the conversation's question that words mean, if they mean one."""
    session = waiting_for_words(tx, person.id)
    flow = flow_of(tx, session) if session is not None and session.state == "open" else None
    if session is None or flow is None:
        return None
    meant = understand(flow, Session(session.facts, dict(session.answers), session.asked), text)
    if not isinstance(meant, Press):
        return None
    for message in reversed(of_session(tx.rows, session.id, meant.step)):
        choices = [offer["action"].get("choice") for offer in message.message["offers"]]
        if meant.choice in choices:
            return Meaning(message, choices.index(meant.choice))
    return None


def _writers(tx: Tx, person: Person, text: str) -> list[Meaning]:
    """The adults whose words a learner may be answering. A question that asks for words, and came later, has them."""
    found = relay.awaiting(tx, person.id) if current_stay(tx.rows, person.id) is not None else []
    session = open_session(tx.rows, person.id)
    flow = flow_of(tx, session) if session is not None and session.asked else None
    if session is not None and flow is not None and len(found) == 1:
        meant = understand(flow, Session(session.facts, dict(session.answers), session.asked), text)
        wanted = select(OutboxRow.id).where(OutboxRow.session_id == session.id, OutboxRow.step == session.asked)
        if isinstance(meant, Words) and max(tx.rows.scalars(wanted), default=0) > found[0].id:
            return []
    return [Meaning(each, None) for each in found]


def place_of(message: OutboxRow, text: str) -> int | None:
    """The button of a message that a text means: by its number, its label, or the name on it.

    Answers of a conversation are not meant here: the flow understands those better.
    """
    offers = Letter.from_json(message.message).offers
    if not offers or offers[0].action["do"] == "answer":
        return None
    options = [Option(str(place), _label(offer), _names(offer)) for place, offer in enumerate(offers)]
    meant = pick(options, text, message.message["values"])
    return int(meant) if meant is not None else None


def _names(offer: Offer) -> tuple[str, ...]:
    """How one may write whom a choice is about: the whole name, or the first."""
    full = str(offer.values.get("who", "")).partition(" (")[0]
    return (full, full.partition(" ")[0]) if full else ()


def ask_which(tx: Tx, person: Person, found: Iterable[Meaning], text: str, row: InboxRow) -> None:
    """Offer everything that the words can mean, by name."""
    values = {"words": text if len(text) <= QUOTED else f"{text[:QUOTED]}…"}
    letter = Letter(WHICH, values, tuple(_offer(tx, each, row) for each in found))
    post(tx, person.id, letter, Lane.ANSWER, About(step="which"))


def _offer(tx: Tx, meaning: Meaning, row: InboxRow) -> Offer:
    message, who = meaning.message, about_whom(tx, meaning.message)
    if meaning.place is None:
        return Offer(_("{who}: these words"), {"do": "which", "words": message.id, "inbox": row.id}, {"who": who})
    offer = Letter.from_json(message.message).offers[meaning.place]
    values = message.message["values"] | offer.values
    label = {"text": to_json(offer.label), "values": values}
    action = {"do": "which", "token": meaning.token}
    return Offer("{who}: {label}", action, {"who": who, "label": label}) if who else Offer(offer.label, action, values)


def about_whom(tx: Tx, message: OutboxRow) -> str:
    """Whose name a choice of a message bears, where several messages stand; empty where it is about nobody else."""
    action = _first(message)
    if action.get("do") == "confirm":
        address = tx.rows.get_one(Address, action["address"])
        return f"{address.person.full_name} ({account_of(address)})"
    if action.get("do") == "case":
        first, *others = _cases(tx, action)
        return first.stay.person.full_name + (f" +{len(others)}" if others else "")
    if action.get("do") == "broadcast":
        return str(message.message["values"]["class"])
    known = message.message["values"]
    return str(known.get("writer") or known.get("learner") or known.get("parent") or "")


def _first(message: OutboxRow) -> dict[str, Any]:
    """What the first button of a message does; nothing where it has none."""
    offers = message.message["offers"]
    return dict(offers[0]["action"]) if offers else {}


def _kind(message: OutboxRow) -> str:
    """What a message asks, for those where two of a kind must not be taken for each other; empty for the others."""
    action = _first(message)
    match action.get("do"):
        case "case" if message.lane == Lane.ALERT:
            return "alert"
        case "case" if action["act"] != "reopen":
            return f"case {action['act']}"
        case "family":
            return f"family {action['say']}" if action["say"] != "stop" else ""
        case "command":
            return f"command {action['word']}" if action.get("once") else ""
        case "confirm" | "sos" | "distress" | "broadcast" | "green_light" | "pairing":
            return str(action["do"])
    return ""


def _subject(message: OutboxRow) -> str:
    """The same question about the same thing: only its latest copy counts."""
    action = _first(message)
    about = next((action[name] for name in _ABOUT if name in action), "")
    return f"{_kind(message)} {about or (message.id if _kind(message) == 'broadcast' else '')}"


def _one_each(sent: Sequence[OutboxRow]) -> list[OutboxRow]:
    """Of the questions that were sent, the latest about each thing."""
    found = {_subject(message): message for message in reversed(sent) if _kind(message)}
    return sorted(found.values(), key=lambda message: -message.id)


def _stands(tx: Tx, message: OutboxRow) -> bool:
    """Whether a question still waits for its answer."""
    action, kind = _first(message), _kind(message)
    if message.chosen is not None:
        return False
    if kind == "confirm":
        return tx.rows.get_one(Address, action["address"]).state == "pending"
    if kind == "green_light":
        return green_light.is_open(tx, action)
    if action["do"] == "case":
        return any(_waits(message, kind, case, tx.now - LATELY) for case in _cases(tx, action))
    if action["do"] in {"broadcast", "command"}:
        return message.created_at > tx.now - LATELY
    return True


def _cases(tx: Tx, action: Mapping[str, Any]) -> list[CaseRow]:
    """The cases that a button is about: one, or those of several learners with one cause."""
    return [tx.rows.get_one(CaseRow, number) for number in action.get("cases") or [action["case"]]]


def _waits(message: OutboxRow, kind: str, case: CaseRow, lately: datetime) -> bool:
    if kind == "alert" and case.owner_id == message.person_id:  # they have just taken it
        return case.closed_at is None and case.touched_at is not None and case.touched_at > lately
    if case.closed_at is not None or (kind == "alert" and case.owner_id is not None):
        return False
    return kind == "alert" or message.created_at > lately


def _own(tx: Tx, person: Person, sent: Sequence[OutboxRow], row: InboxRow) -> OutboxRow | None:
    """The menu, or the demand for words, that answered the person's last act; None where they did something since."""
    replies = [each for each in sent if each.lane == Lane.ANSWER and _kind(each) not in _OF_ITS_OWN]
    own = next((each for each in replies if _is_menu(each)), None)
    if own is None or own.chosen is not None:
        return None
    if any(each.id > own.id and each.created_at == own.created_at for each in replies):
        return None  # the same act was answered once more, or a later one was
    if _asks_for_words(own) and own.created_at < tx.now - LATELY:
        return None
    acts = select(InboxRow.id).where(InboxRow.person_id == person.id, InboxRow.id != row.id)
    since = tx.rows.scalars(acts.where(InboxRow.received_at > own.created_at).limit(1)).first()
    return own if since is None else None


def _is_menu(message: OutboxRow) -> bool:
    """Whether a reply offers what was asked for, or asks for words; a receipt that offers more is none."""
    action = _first(message)
    if action.get("do") == "case":
        return bool({"to", "reason"} & action.keys())
    return _asks_for_words(message) or (bool(action) and action["do"] != "answer" and message.step != relay.BACK)


def _asks_for_words(message: OutboxRow) -> bool:
    """Whether it asked its reader for words: an adult's own words to a learner ask for nothing."""
    return message.step in AWAITED and message.step != relay.STEP


def _latest(sent: Sequence[OutboxRow], text: str) -> list[Meaning]:
    """Where nothing stands that fits: the latest message with choices, which says itself what has become of it."""
    latest = next((each for each in sent if _first(each)), None)
    if latest is None or (_is_menu(latest) and latest.lane == Lane.ANSWER and not _kind(latest)):
        return []
    if latest.chosen is not None and _first(latest)["do"] == "family":
        return []
    place = place_of(latest, text)
    return [Meaning(latest, place)] if place is not None else []


def _label(offer: Offer) -> Text:
    """A label with its own values is as it is read in each language; names stand for themselves."""
    if not offer.values:
        return offer.label
    return {language: render(offer.label, language, offer.values) for language in LANGUAGES}
