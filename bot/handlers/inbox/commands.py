"""Words that start with a slash, in the languages Compagnon speaks."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.desk import follows, has_desk
from bot.domain.level import Level
from bot.domain.messages import Offer
from bot.domain.spelling import folded
from bot.handlers.case import exclusion
from bot.handlers.case.case import Matter, open_matter
from bot.handlers.case.question import question
from bot.handlers.conversation.diary import diary
from bot.handlers.conversation.due import wake_stay
from bot.handlers.conversation.learner_commands import balance, check_in, checklist, coming_next, item
from bot.handlers.conversation.pairing import own_pairs
from bot.handlers.conversation.postponement import tomorrow
from bot.handlers.conversation.skills import skills
from bot.handlers.conversation.strengths import strengths
from bot.handlers.conversation.testimony import testimony
from bot.handlers.desk import DESK
from bot.handlers.desk.links import links
from bot.handlers.family.overview import family
from bot.handlers.inbox.help import STRANGER, adult_help, learner_help
from bot.handlers.people.confirm import begin
from bot.handlers.people.invitations import Claimed, claim_again
from bot.handlers.people.shared_device import NOT_YOURS
from bot.handlers.people.visits import at_home, send_link, sign_out_everywhere
from bot.handlers.privacy import erasure_requests
from bot.handlers.privacy.data_held import my_data
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.post import tell
from bot.i18n import LANGUAGES, _, own_name
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import SessionRow
from bot.store.stays import StayRow, current_stay

SIGN_OUT = frozenset({"out", "sign out", "dehors", "deconnexion", "fermer", "salir", "fuera", "cerrar"})
"""After `/desk`: sign out everywhere."""
OWN = frozenset(
    {
        "start",
        "checklist",
        "item",
        "next",
        "checkin",
        "tomorrow",
        "skills",
        "diary",
        "strengths",
        "mydata",
        "stop",
        "question",
    }
)
"""What is about one's own stay; adults of the team may have one too."""


def obey(tx: Tx, person: Person, word: str, rest: str) -> None:
    """Do what a command says. One that is not for this person shows what is."""
    if word == "language":
        return language(tx, person, rest)
    if word in {"mydata", "export"}:
        return my_data(tx, person)
    if word == "erase":
        return erasure_requests.begin(tx, person)
    if word == "desk" and at_home(person):
        return sign_out_everywhere(tx, person) if folded(rest) in SIGN_OUT else send_link(tx, person)
    roles = {held.role for held in person.roles}
    if has_desk(roles) and word in DESK:
        return DESK[word](tx, person, rest)
    stay = current_stay(tx.rows, person.id)
    if has_desk(roles) and (stay is None or word not in OWN):
        adult_help(tx, person, follows=follows(roles), rest=_wants_rest(word, rest))
    if stay is None:
        return None if has_desk(roles) else tell(tx, person, STRANGER)
    match word:
        case "start":
            return _start(tx, person, stay, rest)
        case "checklist":
            return checklist(tx, person, stay, rest)
        case "item":
            return item(tx, person, stay, rest)
        case "balance":
            return balance(tx, person, stay)
        case "next":
            return coming_next(tx, person, stay)
        case "checkin":
            return check_in(tx, person, stay)
        case "tomorrow":
            return tomorrow(tx, person, stay)
        case "diary":
            return diary(tx, person, stay, rest)
        case "strengths":
            return strengths(tx, person, stay, rest)
        case "skills":
            return skills(tx, person, stay, rest)
        case "family":
            return family(tx, person, stay, rest)
        case "stop":
            return _stop(tx, person, stay)
        case "links":
            return links(tx, person)
        case "question":
            return question(tx, person, stay, rest)
        case "except":
            return exclusion.ask(tx, stay)
        case "testimony":
            return testimony(tx, person, stay)
        case "tutoring":
            return own_pairs(tx, person)
    return learner_help(tx, person, rest=_wants_rest(word, rest))


def _wants_rest(word: str, rest: str) -> bool:
    return (word, rest) == ("help", "rest")


def language(tx: Tx, person: Person, wanted: str) -> None:
    if wanted in LANGUAGES:
        person.language = wanted
        return tell(tx, person, _("All right, we go on in English."))
    offers = [Offer(own_name(code), {"do": "command", "word": "language", "rest": code}) for code in LANGUAGES]
    return tell(tx, person, _("Which language?"), None, *offers)


def _start(tx: Tx, person: Person, stay: StayRow, code: str) -> None:
    """Begin, or begin again after /stop. A code that is somebody else's opens nothing here."""
    if code and claim_again(tx, person, code) is not Claimed.CONFIRMED:
        return tell(tx, person, NOT_YOURS)
    if stay.enrolled_at is not None:
        return learner_help(tx, person)
    return begin(tx, person)


def _stop(tx: Tx, person: Person, stay: StayRow) -> None:
    """Nothing more is sent on our own initiative; an adult knows, so that silence is not mistaken for calm."""
    wanted = select(SessionRow).where(SessionRow.stay_id == stay.id, SessionRow.state.in_(("open", "queued")))
    standing = list(tx.rows.scalars(wanted))
    if stay.enrolled_at is not None or standing:
        stay.enrolled_at = None
        for row in standing:
            row.state, row.wake_at = "expired", None
        open_matter(tx, stay, Matter(Level.FOLLOW_UP, "stopped"))
        wake_stay(tx, stay)  # shortly before the departure that is graver: it is told with it
    text = _("All right, I write no more of my own accord. {coordinator} knows. SOS still works, and /start goes on.")
    tell(tx, person, text, stay_facts(tx, stay))
