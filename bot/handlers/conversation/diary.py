"""`/diary`: a few words when one likes, for oneself. An entry is read by an adult only where its writer says so, each by itself."""

from __future__ import annotations

from bot.domain.messages import Letter, Offer
from bot.domain.spelling import folded
from bot.handlers.say.facts import coordinator_for, stay_facts
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.portfolio import DIARY, PortfolioRow, portfolio_of
from bot.store.stays import StayRow, current_stay

STEP = "diary"
"""The step of the message that asks for an entry: the words that answer it are its writer's alone."""
READ = frozenset({"read", "lire", "leer", "relire", "lesen", "leggi", "ler", "lees", "czytaj"})
SHOWN = 20
ASKED: Text = _(
    "{question}\nWrite it here in one message, for you alone. If your words worry me, I ask you whether an adult may know; if you do not answer, an adult looks after you, without your words. If you are in danger, an adult is told at once, as always."
)
KEPT: Text = _("Kept, for you alone. /diary read shows your entries. May {coordinator} read this one?")
SHARE, ALONE = _("Yes, this one"), _("No, for me alone")
GIVEN: Text = _("All right: {coordinator} can read this one, and no other.")
STAYS: Text = _("It stays yours.")
SHARED: Text = _("{learner} lets you read an entry of their diary. It stands on their page, under the answers.")
LIST: Text = _("Your diary:\n{lines}")
NONE: Text = _("Nothing in your diary yet. /diary begins it.")
LINE, SHARED_LINE = _("{day}: {words}"), _("{day}, shared: {words}")
OUT, WHICH, GONE = _("Take something out"), _("Which one?"), _("Taken out.")
NOT_HERE: Text = _("There is no diary for your stay.")
BEGINNING = 40
"""So much of an entry names it on a button."""


def diary(tx: Tx, person: Person, stay: StayRow, rest: str = "") -> None:
    """Ask for an entry; show them (`read`); share one (`share 12`), keep it (`keep`); take one out (`out`, `out 12`)."""
    word, _space, number = rest.partition(" ")
    entries = portfolio_of(tx.rows, stay.id, DIARY)
    named = [each for each in entries if str(each.id) == number]
    match folded(word):
        case "share" if named:
            return _share(tx, person, stay, named[0])
        case "keep":
            return tell(tx, person, STAYS)
        case "out" if named:
            tx.rows.delete(named[0])
            return tell(tx, person, GONE)
        case "out" if entries:
            return tell(tx, person, WHICH, None, *(_named(each) for each in entries[-SHOWN:]))
        case said if said in READ:
            return _show(tx, person, stay, entries)
    questions = tx.programme.journey(stay.kind).diary
    if not questions:
        return tell(tx, person, NOT_HERE)
    values = stay_facts(tx, stay)
    values |= {"question": phrase(questions[len(entries) % len(questions)].text, **values)}
    post(tx, person.id, Letter(ASKED, values), Lane.ANSWER, About(stay=stay.id, step=STEP))
    return None


def take_words(tx: Tx, person: Person, message: OutboxRow, text: str) -> None:
    """The words of an entry."""
    stay = tx.rows.get_one(StayRow, message.stay_id)
    entry = PortfolioRow(stay_id=stay.id, kind=DIARY, about="", words=text.strip(), at=tx.now)
    tx.rows.add(entry)
    tx.rows.flush()
    offers = [
        Offer(SHARE, {"do": "command", "word": "diary", "rest": f"share {entry.id}"}),
        Offer(ALONE, {"do": "command", "word": "diary", "rest": "keep"}),
    ]
    tell(tx, person, KEPT, stay_facts(tx, stay), *offers)


def entry_of(tx: Tx, person: Person, words: str | None) -> PortfolioRow | None:
    """The entry that a message of theirs has become, by its words."""
    stay = current_stay(tx.rows, person.id) if words else None
    entries = portfolio_of(tx.rows, stay.id, DIARY) if stay is not None else []
    return next((each for each in reversed(entries) if each.words == (words or "").strip()), None)


def _share(tx: Tx, person: Person, stay: StayRow, entry: PortfolioRow) -> None:
    coordinator = coordinator_for(tx, stay)
    if entry.shared_at is None and coordinator is not None:
        values = {"learner": person.short_name}
        post(tx, coordinator[0], Letter(SHARED, values), Lane.BROADCAST, About(stay=stay.id))
    entry.shared_at = entry.shared_at or tx.now
    tell(tx, person, GIVEN, stay_facts(tx, stay))


def _show(tx: Tx, person: Person, stay: StayRow, entries: list[PortfolioRow]) -> None:
    if not entries:
        return tell(tx, person, NONE)
    lines = [
        phrase(
            SHARED_LINE if each.shared_at else LINE,
            day={"date": stay.facts().day_at(each.at).isoformat()},
            words=each.words,
        )
        for each in entries[-SHOWN:]
    ]
    out = Offer(OUT, {"do": "command", "word": "diary", "rest": "out", "keeps": True})
    return tell(tx, person, LIST, {"lines": {"list_lines": lines}}, out)


def _named(entry: PortfolioRow) -> Offer:
    words = entry.words if len(entry.words) <= BEGINNING else f"{entry.words[:BEGINNING].rstrip()}…"
    action = {"do": "command", "word": "diary", "rest": f"out {entry.id}"}
    return Offer("{words}", action, {"words": words})
