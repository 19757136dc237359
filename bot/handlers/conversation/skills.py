"""`/skills`: everything a learner has learned there, to add to and to take out of, with a page to print or to copy from."""

from __future__ import annotations

from bot.domain.messages import Offer
from bot.domain.skills import NOTHING, Learned
from bot.handlers.conversation.badges import share, show_badge
from bot.handlers.conversation.sessions import begin_now, queue
from bot.handlers.say.facts import stay_facts
from bot.handlers.say.learned import learned_on, skills_facts
from bot.handlers.say.own_page import own_page
from bot.handlers.say.post import tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.sessions import SessionRow, standing_sessions
from bot.store.stays import StayRow

TOUCHPOINT = "skills"
LINE = _("· {what}")
ADD, OUT = _("Add something"), _("Take something out")
LIST: Text = _("What you have learned in {city}:\n{lines}")
PRINT = _("To print it, or to copy it into your Europass (for one hour): {link}")
EMPTY: Text = _("Nothing on your list yet. A word is enough: something you can do now and could not before.")
WHICH: Text = _("Which one?")
TAKEN_OUT: Text = _("Taken out.")
NOT_HERE: Text = _("There is no list of skills for your stay.")


def skills(tx: Tx, person: Person, stay: StayRow, rest: str = "") -> None:
    """Show the list; or add to it (`add`), ask what goes (`out`), take it out (`out 12 learned`); who hands the badge on (`badge`)."""
    word, _space, named = rest.partition(" ")
    if word == "add":
        return _add(tx, person, stay)
    if word == "badge":
        return share(tx, person, stay, yes=named == "shared")
    learned = learned_on(tx, stay)
    if word == "out" and named:
        return _take_out(tx, person, stay, [each for each in learned if _name(each) == named])
    if word == "out" and learned:
        offers = [
            Offer(each.text, {"do": "command", "word": "skills", "rest": f"out {_name(each)}"}) for each in learned
        ]
        return tell(tx, person, WHICH, None, *offers)
    return _show(tx, person, stay, learned)


def _show(tx: Tx, person: Person, stay: StayRow, learned: list[Learned]) -> None:
    show_badge(tx, person, stay)
    if not learned and not tx.programme.journey(stay.kind).skills:
        return tell(tx, person, NOT_HERE)
    add = Offer(ADD, {"do": "command", "word": "skills", "rest": "add", "keeps": True})
    out = Offer(OUT, {"do": "command", "word": "skills", "rest": "out", "keeps": True})
    if not learned:
        return tell(tx, person, EMPTY, None, add)
    lines = {"list_lines": [phrase(LINE, what=phrase(each.text)) for each in learned]}
    said, link = [phrase(LIST, **stay_facts(tx, stay) | {"lines": lines})], own_page(tx, person)
    said += [phrase(PRINT, link=f"{link}/skills")] if link else []
    return tell(tx, person, "{all}", {"all": {"joined": said, "by": "\n\n"}}, add, out)


def _name(learned: Learned) -> str:
    return f"{learned.session} {learned.step}"


def _add(tx: Tx, person: Person, stay: StayRow) -> None:
    """Ask at once. One that was asked for before and not answered gives way."""
    if not tx.programme.journey(stay.kind).skills:
        return tell(tx, person, NOT_HERE)
    for waiting in standing_sessions(tx.rows, stay.id, TOUCHPOINT):
        waiting.state, waiting.asked = "expired", None
    queue(tx, stay, TOUCHPOINT, (TOUCHPOINT, tx.now.isoformat()), 0, stay_facts(tx, stay) | skills_facts(tx, stay))
    return begin_now(tx, person.id)


def _take_out(tx: Tx, person: Person, stay: StayRow, learned: list[Learned]) -> None:
    """It is out of the answers too: nobody reads it any more."""
    for each in learned:
        row = tx.rows.get_one(SessionRow, each.session)
        row.answers = [[step, NOTHING if step == each.step else answer] for step, answer in row.answers]
    tell(tx, person, TAKEN_OUT)
    return _show(tx, person, stay, learned_on(tx, stay))
