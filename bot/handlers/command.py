"""Words that start with a slash, in the languages Compagnon speaks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.messages import Letter, Offer
from bot.domain.plain import plain
from bot.domain.plan import preview
from bot.domain.programme import Item
from bot.domain.stay import conditions
from bot.domain.touchpoints import URGENCY, Kind, due_day
from bot.handlers.case import Matter, open_matter
from bot.handlers.converse import begin_now, queue
from bot.handlers.due import SETTLED, done_of, flow_name
from bot.handlers.effects import mark
from bot.handlers.enrol import Claimed, begin, claim_again
from bot.handlers.facts import item_facts, occasion_facts, stay_facts
from bot.handlers.post import post
from bot.handlers.tasks import show_tasks
from bot.i18n import LANGUAGES, Text, _, to_json
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.sessions import SessionRow, session_for
from bot.store.stays import StayRow, current_stay, items_of

ALIASES: dict[str, tuple[str, ...]] = {
    "start": ("start", "debut", "inicio", "commencer"),
    "help": ("help", "aide", "ayuda"),
    "language": ("language", "langue", "idioma", "lang"),
    "checklist": ("checklist", "liste", "lista"),
    "next": ("next", "prochain", "suite", "siguiente"),
    "checkin": ("checkin", "point", "semaine", "semana", "week"),
    "mydata": ("mydata", "mesdonnees", "misdatos"),
    "stop": ("stop", "arret", "parar"),
    "tasks": ("tasks", "taches", "tareas"),
}
NAMES = {"fr": "Français", "en": "English", "es": "Español"}
HELP = _(
    "I can: /checklist what is left to do, /next what comes next, /checkin tell me about your week now, "
    "/language another language, /mydata what I know about you, /stop stop.\nSOS at any moment: an adult is told."
)
HELP_ADULT = _(
    "I can: /tasks what waits for your tick, /language another language. Alerts come here with their buttons."
)
EARLY = timedelta(days=3)
"""A weekly check-in may be given so long before its hour, and counts for its week."""
SHOWN = 6


def word_of(text: str) -> tuple[str, str]:
    """The command a text is, in whatever language, and what follows it; two empty strings where it is none."""
    if not text.startswith("/"):
        return "", ""
    first, _space, rest = text[1:].partition(" ")
    typed = plain(first)
    known = next((word for word, ways in ALIASES.items() if typed in ways), "help")
    return known, rest.strip()


def obey(tx: Tx, person: Person, word: str, rest: str) -> None:
    """Do what a command says. One that is not for this person shows what is."""
    stay = current_stay(tx.rows, person.id)
    if word == "language":
        return _language(tx, person, rest)
    if stay is None:
        return show_tasks(tx, person, singly=rest == "singly") if word == "tasks" else _tell(tx, person, HELP_ADULT)
    match word:
        case "start":
            return _start(tx, person, stay, rest)
        case "checklist":
            return _checklist(tx, person, stay)
        case "item":
            return _item(tx, person, stay, rest)
        case "next":
            return _next(tx, person, stay)
        case "checkin":
            return _check_in(tx, person, stay)
        case "mydata":
            return _my_data(tx, person, stay)
        case "stop":
            return _stop(tx, person, stay)
    return _tell(tx, person, HELP)


def _tell(tx: Tx, person: Person, text: Text, values: dict[str, Any] | None = None, *offers: Offer) -> None:
    post(tx, person.id, Letter(text, values or {}, offers), Lane.ANSWER)


def _language(tx: Tx, person: Person, wanted: str) -> None:
    if wanted in LANGUAGES:
        person.language = wanted
        return _tell(tx, person, _("All right, we go on in English."))
    offers = [Offer(NAMES[code], {"do": "command", "word": "language", "rest": code}) for code in LANGUAGES]
    return _tell(tx, person, _("Which language?"), None, *offers)


def _start(tx: Tx, person: Person, stay: StayRow, code: str) -> None:
    """Begin, or begin again after /stop. A code that is somebody else's opens nothing here."""
    if code and claim_again(tx, person, code) is not Claimed.CONFIRMED:
        return _tell(tx, person, _("This link is not for this conversation. Whoever it was made for opens it with their own account or device. We go on here as before."))  # fmt: skip
    if stay.enrolled_at is not None:
        return _tell(tx, person, HELP)
    return begin(tx, person)


def my_items(tx: Tx, stay: StayRow) -> list[Item]:
    """The learner's own items."""
    held = conditions(tx.programme, stay.facts())
    return [item for item in tx.programme.journey(stay.kind).items if item.asks_learner and item.applies(held)]


def _checklist(tx: Tx, person: Person, stay: StayRow) -> None:
    """Every item with its state in a sign and a word, and buttons for what can be answered now."""
    states = items_of(tx.rows, stay.id)
    signs: dict[str, Text] = {
        "done": _("✔ {item}"),
        "waived": _("✔ {item}"),
        "declared": _("◐ {item} – to be ticked by {coordinator}"),
        "handed": _("◐ {item} – {coordinator} takes care of it"),
        "doing": _("◔ {item} – on its way, due {due}"),
        "todo": _("○ {item} – due {due}"),
    }
    facts = stay_facts(tx, stay)
    lines: list[dict[str, Any]] = []
    offers: list[Offer] = []
    for item in my_items(tx, stay):
        state = states[item.id].state if item.id in states else "todo"
        values = {"item": {"text": to_json(item.title)}, "due": {"date": due_day(stay.facts(), item).isoformat()}}
        lines.append({"text": to_json(signs[state]), "values": facts | values})
        if state not in SETTLED and len(offers) < SHOWN:
            offers.append(Offer(item.title, {"do": "command", "word": "item", "rest": item.id}))
    _tell(tx, person, _("Your checklist:\n{lines}"), {"lines": {"list_lines": lines}}, *offers)


def _item(tx: Tx, person: Person, stay: StayRow, name: str) -> None:
    """Answer an item before it is asked."""
    item = next((item for item in my_items(tx, stay) if item.id == name), None)
    if item is None:
        return _checklist(tx, person, stay)
    touchpoint = f"item.{item.id}"
    for waiting in _standing(tx, stay, touchpoint):
        waiting.state = "expired"
    queue(tx, stay, item.flow, (touchpoint, "early"), 0, stay_facts(tx, stay) | item_facts(tx, stay, item))
    return begin_now(tx, person.id)


def _standing(tx: Tx, stay: StayRow, touchpoint: str) -> list[SessionRow]:
    wanted = select(SessionRow).where(SessionRow.stay_id == stay.id, SessionRow.touchpoint == touchpoint)
    return list(tx.rows.scalars(wanted.where(SessionRow.state.in_(("open", "queued")))))


def _next(tx: Tx, person: Person, stay: StayRow) -> None:
    coming = [each for each in preview(tx.programme, stay.facts(), done_of(tx, stay), tx.now) if each.at > tx.now]
    coming = [each for each in coming if each.kind is not Kind.OVERDUE]
    if not coming:
        return _tell(tx, person, _("Nothing more is planned. Thank you for everything!"))
    first = coming[0]
    zone = str(stay.facts().zone_on(first.at.date()))
    values = {"what": {"text": to_json(_name(tx, stay, first.kind, first.name))}}
    return _tell(tx, person, _("Next: {what}, {at}."), values | {"at": {"moment": first.at.isoformat(), "zone": zone}})


def _name(tx: Tx, stay: StayRow, kind: Kind, name: str) -> Text:
    item = tx.programme.journey(stay.kind).item(name)
    named: dict[Kind, Text] = {
        Kind.ARRIVAL: _("your arrival"),
        Kind.SAFE_RETURN: _("your return"),
        Kind.CHECK_IN: _("the weekly check-in"),
        Kind.ATTENDANCE: _("your days at work"),
        Kind.MESSAGE: _("a message with practical news"),
    }
    return item.title if item else named.get(kind, name)


def _check_in(tx: Tx, person: Person, stay: StayRow) -> None:
    """An early check-in counts for its week."""
    standing = session_for(tx.rows, stay.id, "check_in", "open", "queued")
    if standing is None:
        coming = preview(tx.programme, stay.facts(), done_of(tx, stay), tx.now)
        early = [each for each in coming if each.kind is Kind.CHECK_IN and each.at <= tx.now + EARLY]
        if stay.enrolled_at is None or not early:
            return _tell(tx, person, _("It is too early for your next check-in. If something is on your mind, write SOS or write to {coordinator}."), stay_facts(tx, stay))  # fmt: skip
        mark(tx, stay.id, early[0].key, "asked")
        facts = occasion_facts(tx, stay, early[0])
        standing = queue(tx, stay, flow_name(tx, stay, early[0]), early[0].key, URGENCY[Kind.CHECK_IN], facts)
    standing.urgency = 0
    return begin_now(tx, person.id)


def _my_data(tx: Tx, person: Person, stay: StayRow) -> None:
    facts = stay_facts(tx, stay)
    answered = len(list(tx.rows.scalars(select(SessionRow.id).where(SessionRow.person_id == person.id, SessionRow.answered_at.is_not(None)))))  # fmt: skip
    values = facts | {"full": person.full_name, "answers": answered}
    text = _(
        "I know: your name ({full}), your stay in {city} from {departure} to {back}, your school ({school}), "
        "your language, and {answers} conversations. {coordinator} can read your answers; your family cannot. "
        "To have something corrected or erased: ask {coordinator}."
    )
    _tell(tx, person, text, values)


def _stop(tx: Tx, person: Person, stay: StayRow) -> None:
    """Nothing more is sent on our own initiative; an adult knows, so that silence is not mistaken for calm."""
    wanted = select(SessionRow).where(SessionRow.stay_id == stay.id, SessionRow.state.in_(("open", "queued")))
    standing = list(tx.rows.scalars(wanted))
    if stay.enrolled_at is not None or standing:
        stay.enrolled_at, stay.wake_at = None, None
        for row in standing:
            row.state, row.wake_at = "expired", None
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "stopped"))
    text = _("All right, I write no more of my own accord. {coordinator} knows. SOS still works, and /start goes on.")
    _tell(tx, person, text, stay_facts(tx, stay))
