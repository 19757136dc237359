"""Two learners, of whom one has been where the other goes: each is asked alone, and both hear of each other after two yeses.

Their words never pass through here: what stands in a chat with us is heard by adults, and would reach the wrong learner by
one slip. Each says how they may be written to, or lets the school bring them together.
"""

from __future__ import annotations

from typing import Any

from bot.domain.messages import Letter, Offer
from bot.domain.need_to_know import may_with
from bot.domain.pairing import End, Pairing, State, names_a_phone
from bot.domain.person import Role, clean_name
from bot.domain.rights import Act
from bot.handlers.case.crew import crew_for
from bot.handlers.say.facts import coordinator_of
from bot.handlers.say.post import GONE, About, post, tell
from bot.i18n import Text, _, phrase
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.pairings import BY_SCHOOL, PairRow, pairs_of
from bot.store.people import Person
from bot.store.stays import StayRow, last_stay

HOW = "pairing way awaited"
"""The step of the message that asks how somebody may be written to."""
LONGEST = 120
ASK_HELPER = _("Somebody leaves for {city} soon. Would you answer a few questions of theirs about your own stay? If you both say yes, you hear each other's first name and how to write, nothing else. {coordinator} knows of it.")  # fmt: skip
ASK_NEWCOMER = _("Somebody who has come back from {city} would answer your questions about it. Would you like that? If you say yes, you hear each other's first name and how to write, nothing else. {coordinator} knows of it.")  # fmt: skip
ASK_BUDDY = _("A guest from {country} comes to your school. Would you be their buddy: show them around, sit with them at lunch the first days? If you both say yes, you hear each other's first name and how to write, nothing else. {coordinator} knows of it.")  # fmt: skip
ASK_GUEST = _("A learner here would be your buddy: show you around, sit with you at lunch the first days. Would you like that? If you say yes, you hear each other's first name and how to write, nothing else. {coordinator} knows of it.")  # fmt: skip
BY_US, OWN_WAY, NO = _("Yes, {coordinator} brings us together"), _("Yes, I say how to write to me"), _("No, thank you")
ASK_HOW = _("How may they write to you? One line: an e-mail address, or a name in a messenger. Rather no phone number. {coordinator} can read it too.")  # fmt: skip
PHONE = _("This looks like a phone number. Shall they really have it?")
GIVE, ANOTHER = _("Yes, they may have it"), _("No, I write something else")
THANKS = _("Thank you! I write to you as soon as the other one has answered.")
NO_NEED = _("That is fine. Thank you for telling me.")
OTHER_NO = _("It does not work out with a tutor this time. It is nothing that you did.")
NO_BUDDY = _("It does not work out this time. It is nothing that you did.")
MET = _("{other} says yes too. How to write to {other}: {way}\nYou owe each other nothing, and you can stop at any time. If something is not right between you, write it to me: an adult reads it.")  # fmt: skip
MEETS = _("{other} says yes too. {coordinator} brings you two together.\nYou owe each other nothing, and you can stop at any time. If something is not right between you, write it to me: an adult reads it.")  # fmt: skip
STOP = _("I want to stop this")
STOPPED = _("Done. {other} hears that it is over, without a reason.")
IS_OVER = _("The exchange with {other} is over. Thank you for having been there.")
ASKED_NOW, IS_ON = _("Still waiting for an answer"), _("You and {other}")
NOTHING = _("There is nobody for you to exchange with at the moment.")
TOGETHER = _("{helper} and {newcomer} both said yes and have each other's address.")
LOOK = _("{helper} and {newcomer} both said yes. {why} Then press.\n{helper}: {helper_way}\n{newcomer}: {newcomer_way}")
MIXED = _("One of them is an adult, the other a minor: please look whether this is right.")
TO_BRING = _("Please write one message to both, in the school's own messaging.")
WAY_OF_SCHOOL = _("by way of the school")
DONE, RATHER_NOT = _("They may be in touch"), _("Rather not")
REFUSED = _("{helper} and {newcomer} do not become a pair. /tutoring shows who else fits.")


def may_pair(tx: Tx, adult: Person, helper: Person, stay: StayRow, kept: frozenset[int] | None = None) -> bool:
    """Whether an adult may bring two learners together: who answers for both of them."""
    if helper.school_id != stay.school_id and not tx.programme.tutoring.across:
        return False
    out = kept_from(tx.rows, adult.id) if kept is None else kept
    both = ((helper.id, helper.school_id), (stay.person_id, stay.school_id))
    return all(may_with(adult.adult, Act.CONFIRM, school, left_out=who in out) for who, school in both)


def ask_helper(tx: Tx, pair: PairRow) -> None:
    """The helper first: no newcomer is promised somebody who then does not want to."""
    _ask(tx, pair, pair.helper, ASK_BUDDY if pair.kind is Pairing.BUDDY else ASK_HELPER, pair.stay.city)


def _ask(tx: Tx, pair: PairRow, person: Person, text: Text, city: str) -> None:
    stay = last_stay(tx.rows, person.id)
    if stay is None:
        return
    labels = (("school", BY_US), ("own", OWN_WAY), ("no", NO))
    offers = tuple(Offer(label, {"do": "pairing", "pair": pair.id, "say": say}) for say, label in labels)
    country = {"country": pair.stay.facts().home}
    values = {"city": city, "country": country, "coordinator": coordinator_of(tx, stay)}
    post(tx, person.id, Letter(text, values, offers), Lane.PROMPT, About(stay=stay.id))


def press(tx: Tx, person: Person, action: dict[str, Any]) -> None:
    """What one of the two says; too late, or said twice, it says so."""
    pair = tx.rows.get(PairRow, action["pair"], with_for_update=True)
    if pair is None or person.id not in {pair.helper_id, pair.newcomer_id} or pair.ended is not None:
        return tell(tx, person, GONE)
    match action["say"]:
        case "stop":
            return _stop(tx, pair, person)
        case _ if _said(pair, person) or pair.stay.cancelled:
            return tell(tx, person, GONE)
        case "school":
            return _agree(tx, pair, person, BY_SCHOOL)
        case "own":
            return _ask_how(tx, pair, person)
        case "give":
            return _agree(tx, pair, person, action["way"])
    return _refuse(tx, pair, person)


def _said(pair: PairRow, person: Person) -> bool:
    return (pair.helper_at if person.id == pair.helper_id else pair.newcomer_at) is not None


def _ask_how(tx: Tx, pair: PairRow, person: Person) -> None:
    stay = last_stay(tx.rows, person.id)
    values = {"coordinator": coordinator_of(tx, stay) if stay else "", "pair": pair.id}
    post(tx, person.id, Letter(ASK_HOW, values), Lane.ANSWER, About(stay=stay.id if stay else None, step=HOW))


def take_way(tx: Tx, person: Person, asked: OutboxRow, words: str) -> None:
    """The line by which somebody may be written to; a phone number only after a yes of its own."""
    pair = tx.rows.get(PairRow, asked.message["values"]["pair"], with_for_update=True)
    way = clean_name(words, LONGEST)
    if pair is None or pair.ended is not None or _said(pair, person):
        return tell(tx, person, GONE)
    if not way:
        return _ask_how(tx, pair, person)
    if names_a_phone(way):
        action = {"do": "pairing", "pair": pair.id}
        give, other = Offer(GIVE, action | {"say": "give", "way": way}), Offer(ANOTHER, action | {"say": "own"})
        return tell(tx, person, PHONE, None, give, other)
    return _agree(tx, pair, person, way)


def _agree(tx: Tx, pair: PairRow, person: Person, way: str) -> None:
    if person.id == pair.helper_id:
        pair.helper_at, pair.helper_way = tx.now, way
        _ask(tx, pair, pair.newcomer, ASK_GUEST if pair.kind is Pairing.BUDDY else ASK_NEWCOMER, pair.helper_stay.city)
    else:
        pair.newcomer_at, pair.newcomer_way = tx.now, way
    if pair.state is not State.AGREED:
        return tell(tx, person, THANKS)
    if not pair.needs_an_adult:
        bring_together(tx, pair)
        return _tell_adult(tx, pair, Letter(TOGETHER, _names(pair)))
    tell(tx, person, THANKS)
    return _tell_adult(tx, pair, look_letter(pair))


def look_letter(pair: PairRow) -> Letter:
    """What an adult has to do before two are in touch."""
    ways = {
        f"{side}_way": way or phrase(WAY_OF_SCHOOL)
        for side, way in (("helper", pair.helper_way), ("newcomer", pair.newcomer_way))
    }
    values = _names(pair) | ways | {"why": phrase(MIXED if pair.mixed else TO_BRING)}
    buttons = ((DONE, f"together {pair.id}"), (RATHER_NOT, f"back {pair.id}"))
    offers = tuple(
        Offer(label, {"do": "command", "word": "tutoring", "rest": rest, "once": True}) for label, rest in buttons
    )
    return Letter(LOOK, values, offers)


def bring_together(tx: Tx, pair: PairRow) -> None:
    """Each hears the first name of the other, and how to write to them."""
    pair.together_at = tx.now
    sides = ((pair.helper, pair.newcomer, pair.newcomer_way), (pair.newcomer, pair.helper, pair.helper_way))
    for person, other, way in sides:
        stay = last_stay(tx.rows, person.id)
        if stay is not None:
            values = {"other": other.first_name, "way": way or "", "coordinator": coordinator_of(tx, stay)}
            letter = Letter(MET if way else MEETS, values, (_stop_offer(pair),))
            post(tx, person.id, letter, Lane.PROMPT, About(stay=stay.id))


def end(tx: Tx, pair: PairRow, how: End) -> None:
    """It is over: addresses that were given go, and whoever waits or is in touch hears of it, without a reason."""
    were, waiting = pair.state, [each for each in (pair.helper, pair.newcomer) if _said(pair, each)]
    pair.ended, pair.ended_at, pair.helper_way, pair.newcomer_way = how, tx.now, None, None
    for person in waiting:
        stay = last_stay(tx.rows, person.id)
        text = IS_OVER if were is State.TOGETHER else NO_BUDDY if pair.kind is Pairing.BUDDY else OTHER_NO
        letter = Letter(text, {"other": pair.other(person.id).first_name} if were is State.TOGETHER else {})
        post(tx, person.id, letter, Lane.PROMPT, About(stay=stay.id if stay else None))


def _refuse(tx: Tx, pair: PairRow, person: Person) -> None:
    end(tx, pair, End.REFUSED)
    tell(tx, person, NO_NEED)
    _tell_adult(tx, pair, Letter(REFUSED, _names(pair)))


def _stop(tx: Tx, pair: PairRow, person: Person) -> None:
    """Whoever takes their yes back hears so at once, the other one that it is over."""
    together = pair.state is State.TOGETHER
    if person.id == pair.helper_id:
        pair.helper_at = None
    else:
        pair.newcomer_at = None
    end(tx, pair, End.STOPPED)
    if together:
        other = pair.other(person.id)
        tell(tx, person, STOPPED, {"other": other.first_name})
    else:
        tell(tx, person, NO_NEED)
    _tell_adult(tx, pair, Letter(REFUSED, _names(pair)))


def _stop_offer(pair: PairRow) -> Offer:
    return Offer(STOP, {"do": "pairing", "pair": pair.id, "say": "stop"})


def own_pairs(tx: Tx, person: Person) -> None:
    """`/tutoring` of a learner: with whom they exchange, and the way out of it."""
    found = [each for each in pairs_of(tx.rows, person.id) if _said(each, person)]
    if not found:
        return tell(tx, person, NOTHING)
    for pair in found:
        on = pair.state is State.TOGETHER
        tell(tx, person, IS_ON if on else ASKED_NOW, {"other": pair.other(person.id).first_name} if on else {}, _stop_offer(pair))  # fmt: skip
    return None


def _names(pair: PairRow) -> dict[str, Any]:
    return {"helper": pair.helper.short_name, "newcomer": pair.newcomer.short_name}


def _tell_adult(tx: Tx, pair: PairRow, letter: Letter) -> None:
    """Who asked them, while they still answer for both; else whoever stands in for the coordinator and does."""
    crew = crew_for(tx, pair.stay)
    asked = [pair.asked_by_id] if pair.asked_by_id and crew.on_duty(pair.asked_by_id) else []
    for number in (*asked, *crew.standing((Role.COORDINATOR, Role.DEPUTY, Role.HEAD, Role.CONSORTIUM))):
        adult = tx.rows.get_one(Person, number)
        if may_pair(tx, adult, pair.helper, pair.stay):
            post(tx, number, letter, Lane.PROMPT)
            return
