"""Who is there? Several people share an address, and something comes from it.

A press or a reply knows its person by the message it belongs to; typed words are of the one whose question stands.
Where nothing tells, the bot asks, and the words wait in that question.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import select

from bot.domain.command_words import word_of
from bot.domain.desk import has_desk
from bot.domain.messages import Incoming, Letter, Offer, Sort
from bot.domain.person import Role
from bot.handlers.case.open_cry import cry_of
from bot.handlers.desk import DESK
from bot.handlers.inbox.commands import OWN
from bot.handlers.inbox.presses import find
from bot.handlers.inbox.typed_answers import meanings, place_of
from bot.handlers.people.addresses import TO_ALL, name_here
from bot.handlers.say.post import About, post, show_choice
from bot.i18n import _
from bot.store.db import Tx
from bot.store.messages import InboxRow, Lane, OutboxRow, sent_as
from bot.store.people import Address, Person
from bot.store.sessions import open_session
from bot.store.stays import current_stay, last_stay

STEP = TO_ALL[0]
JUST_NOW = timedelta(minutes=15)
"""So long after somebody said who they are, what no question waits for is theirs too."""
WHO = _("Who is writing? Several of you use this chat. Your message waits for the answer.")
WHO_SENDS = _("Who is writing? Several of you use this chat. Then please send it once more.")
PARENTS = frozenset({"start", "stop"})


def whose(tx: Tx, addresses: Sequence[Address], incoming: Incoming, row: InboxRow) -> Address | None:
    """Whose address a message comes from, of those who share it; None where only they can say."""
    if len(addresses) == 1:
        return addresses[0]
    known = _said(addresses, incoming) or _by_message(tx, addresses, incoming)
    if known is not None:
        return known
    if incoming.sort is not Sort.SAID:  # a voice message is of the one who cried
        crying = (each for each in addresses if cry_of(tx, last_stay(tx.rows, each.person_id)) is not None)
        return next(crying, addresses[0])
    meant = _by_command(tx, addresses, incoming.text) if incoming.text.startswith("/") else []
    meant = meant or [each for each in addresses if _waits(tx, each.person, incoming, row)]
    return meant[0] if len(meant) == 1 else _just_said(tx, addresses)


def _just_said(tx: Tx, addresses: Sequence[Address]) -> Address | None:
    """Who said a moment ago that it is them."""
    asked = _latest(tx, addresses)
    if asked is None or asked.chosen is None or asked.created_at <= tx.now - JUST_NOW:
        return None
    offers = asked.message["offers"]
    number = offers[asked.chosen]["action"]["address"] if asked.chosen < len(offers) else None
    return next((each for each in addresses if each.id == number), None)


def _said(addresses: Sequence[Address], incoming: Incoming) -> Address | None:
    return next((each for each in addresses if each.person_id == incoming.person), None)


def _by_message(tx: Tx, addresses: Sequence[Address], incoming: Incoming) -> Address | None:
    """By the message of ours that this answers, or their own that it changes."""
    number = incoming.token.partition(".")[0]
    if number.isascii() and number.isdigit() and len(number) < 18:
        ours = tx.rows.get(OutboxRow, int(number))
        return next((each for each in addresses if ours is not None and ours.person_id == each.person_id), None)
    answered = incoming.reply_to or incoming.thread
    for each in addresses if answered else ():
        if sent_as(tx.rows, each.id, answered) is not None:
            return each
    if not incoming.message:
        return None
    wanted = select(InboxRow.person_id).where(
        InboxRow.channel == incoming.channel, InboxRow.message == incoming.message
    )
    written = set(tx.rows.scalars(wanted.where(InboxRow.person_id.is_not(None))))
    return next((each for each in addresses if each.person_id in written), None)


def _by_command(tx: Tx, addresses: Sequence[Address], text: str) -> list[Address]:
    """Those who can give this command at all."""
    word, _rest = word_of(text)
    return [each for each in addresses if _commands(tx, each.person, word)]


def _commands(tx: Tx, person: Person, word: str) -> bool:
    if person.holds(Role.PARENT):
        return word in PARENTS
    desk = has_desk(held.role for held in person.roles) and (word in DESK or word == "desk")
    return desk or (word in OWN | {"family"} and current_stay(tx.rows, person.id) is not None)


def _waits(tx: Tx, person: Person, incoming: Incoming, row: InboxRow) -> bool:
    """Whether a question to this person stands that the words can answer."""
    session = open_session(tx.rows, person.id)
    return (session is not None and session.asked is not None) or bool(meanings(tx, person, incoming.text, row))


def ask_who(tx: Tx, addresses: Sequence[Address], incoming: Incoming) -> None:
    """Ask those who share an address who is writing. What they wrote waits in the question, and nowhere else."""
    earlier = _standing(tx, addresses)
    words = [*(earlier.message["offers"][0]["action"]["words"] if earlier is not None else []), incoming.text]
    if earlier is not None:
        _done(tx, earlier, None)
    action = {"do": "who", "words": [each for each in words if each]}
    offers = tuple(
        Offer("{who}", action | {"address": each.id}, {"who": name_here(tx, each.person)})
        for each in by_name(addresses)
    )
    question = Letter(WHO if action["words"] else WHO_SENDS, {}, offers)
    asked = post(tx, addresses[0].person_id, question, Lane.ANSWER, About(step=STEP))
    asked.address_id, asked.bound = addresses[0].id, True


def by_name(addresses: Iterable[Address]) -> list[Address]:
    return sorted(addresses, key=lambda each: (each.person.full_name, each.id))


def answered(tx: Tx, addresses: Sequence[Address], incoming: Incoming) -> tuple[Address, list[str]] | None:
    """Who has just said that it is them, and what they had written before; None where this says nothing of it."""
    asked, place = _standing(tx, addresses), None
    if incoming.token:
        asked, place = next(
            (found for each in addresses if (found := find(tx, each.person, incoming.token))[0]), (None, 0)
        )
    elif asked is not None and incoming.sort is Sort.SAID:
        place = place_of(asked, incoming.text)
    if asked is None or place is None or asked.step != STEP or asked.chosen is not None:
        return None
    action = asked.message["offers"][place]["action"]
    here = next((each for each in addresses if each.id == action["address"]), None)
    if here is None:
        return None
    words = list(action["words"])
    _done(tx, asked, place)
    return here, words


def _latest(tx: Tx, addresses: Sequence[Address]) -> OutboxRow | None:
    wanted = select(OutboxRow).where(OutboxRow.address_id.in_([each.id for each in addresses]), OutboxRow.step == STEP)
    return tx.rows.scalars(wanted.where(OutboxRow.edit_of.is_(None)).order_by(OutboxRow.id.desc()).limit(1)).first()


def _standing(tx: Tx, addresses: Sequence[Address]) -> OutboxRow | None:
    """The question that stands: who is there?"""
    asked = _latest(tx, addresses)
    return asked if asked is not None and asked.chosen is None else None


def _done(tx: Tx, asked: OutboxRow, place: int | None) -> None:
    """The question is answered, or asked anew: the words that waited in it are not kept there."""
    offers = [offer | {"action": offer["action"] | {"words": []}} for offer in asked.message["offers"]]
    asked.message = asked.message | {"offers": offers}
    asked.chosen = place if place is not None else len(offers)
    if place is not None:
        show_choice(tx, asked)
