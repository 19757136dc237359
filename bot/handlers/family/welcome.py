"""The first words to a parent, and the one question: may a few status words be sent?"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.family import is_minor
from bot.domain.messages import Letter, Offer
from bot.handlers.say.consents import agreed, say
from bot.handlers.say.post import About, post
from bot.i18n import Text, _
from bot.store.consents import learners_of
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.people import Person
from bot.store.stays import StayRow, current_stay

HELLO = _(
    "Good morning {parent}. I am Compagnon, a robot of {school}. If you agree, I write to you in a few words when {name} "
    "leaves, arrives, has given news of the week, and comes back; nothing else, and nobody else's news. {name} can read "
    "everything I send you. You can stop it any time with /stop."
)
OF_AGE = _("{name} is of age: what you receive is for {name} to decide.")
SWITCHED_OFF = _("Good morning {parent}. I am Compagnon, a robot of {school}. The school has me send families nothing, so there is nothing to agree to.")  # fmt: skip
AGREE = _("I agree")
REFUSE = _("No, thank you")
THANKS = _("Thank you. You will hear from me when there is something to say; each message says how to stop.")
REFUSED = _("Very well, I send you nothing. If you change your mind, write /start.")
TOLD = _("{parent} has agreed to a few words from me: left, arrived, has given news, back. Never your answers. You see all of it any time: /family")  # fmt: skip


def welcome(tx: Tx, parent: Person) -> None:
    """Who I am, what I would say, and the question: one for each learner, for a consent is about one of them."""
    stays = [stay for each in learners_of(tx.rows, parent.id) if (stay := current_stay(tx.rows, each.id)) is not None]
    values = {"parent": parent.full_name, "school": parent.school.name if parent.school else ""}
    if not stays or not tx.programme.family.pings:
        post(tx, parent.id, Letter(SWITCHED_OFF, values), Lane.ANSWER)
        return
    for stay in stays:
        action = {"do": "family", "learner": stay.person_id}
        offers = (Offer(AGREE, action | {"say": "yes"}), Offer(REFUSE, action | {"say": "no"}))
        about = values | {"school": stay.school.name, "name": stay.person.first_name}
        post(tx, parent.id, Letter(HELLO, about, offers), Lane.ANSWER)


def agree(tx: Tx, parent: Person, learner: Person | None, channel: str = "") -> Text:
    """A parent agrees. The minor it is about is told so. Answers what the parent reads."""
    stay = current_stay(tx.rows, learner.id) if learner else None
    if learner is None or stay is None:
        return REFUSED
    minor = is_minor(learner.birth, ZoneInfo(stay.home_zone), tx.now)
    if not agreed(tx, learner, parent):
        say(tx, learner, parent, given=True, channel=channel)
        if minor and stay.enrolled_at is not None:
            _tell_the_learner(tx, stay, parent)
    return THANKS if minor else OF_AGE


def _tell_the_learner(tx: Tx, stay: StayRow, parent: Person) -> None:
    post(tx, stay.person_id, Letter(TOLD, {"parent": parent.full_name}), Lane.PROMPT, About(stay=stay.id))
