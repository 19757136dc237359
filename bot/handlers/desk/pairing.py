"""`/tutoring`: returnees who would like to help, beside those who leave next. An adult asks; the two decide."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.domain.messages import Offer
from bot.domain.pairing import NOT_AGAIN, End, Link, Pairing, Proposal, Side, State, proposals
from bot.domain.rights import Act, somewhere
from bot.domain.stay import Kind
from bot.handlers.conversation.pairing import ask_helper, bring_together, end, look_letter, may_pair
from bot.handlers.conversation.tasks import stays_of
from bot.handlers.desk.visibility import NOT_YOURS
from bot.handlers.say.post import post, tell
from bot.i18n import Text, _, listed, phrase
from bot.store.cases import kept_from
from bot.store.db import Tx
from bot.store.messages import Lane
from bot.store.pairings import PairRow, every_pair
from bot.store.people import Person, confirmed
from bot.store.records import audit
from bot.store.stays import ItemState, StayRow

YEAR = timedelta(days=365)
SHOWN = 5
MEET = frozenset({Kind.OUTGOING, Kind.INCOMING})
NOBODY = _("Nobody to propose: no returnee who would like to help fits somebody who leaves soon, or all are asked already.")  # fmt: skip
COUNTED = _("Brought together in twelve months: {count}")
COUNTED_OF = _("Brought together in twelve months: {count}, target {target}")
FITS = _("{helper} could help {newcomer}: {links}.")
LINKS: dict[Link, Text] = {
    Link.CITY: _("the same town"),
    Link.COUNTRY: _("the same country"),
    Link.TRADE: _("the same trade"),
    Link.SCHOOL: _("the same school, as a buddy"),
}
MIXED = _("{helper} could help {newcomer}: {links}. One of them is an adult, the other a minor.")
ASK = _("Ask {helper}, then {newcomer}")
SAID: dict[str, Text] = {
    "pair_asked": _("Asked. I write to you when both have answered."),
    "pair_aside": _("Set aside. These two are not proposed any more."),
    "pair_back": _("Taken back. Whoever had said yes hears that it does not work out."),
    "pair_together": _("Done. Each of them hears of it."),
    "pair_ended": _("Ended. Both hear that it is over."),
    "pair_again": _("These two can be proposed again."),
    "nothing": _("Nothing was changed: somebody was faster, or this is not yours to do."),
}
STANDING: dict[State, Text] = {
    State.AGREED: _("Both said yes, waiting for you: {names}"),
    State.ASKED: _("Asked: {names}"),
    State.TOGETHER: _("In touch: {names}"),
}


@dataclass(frozen=True)
class Fit:
    """A proposal with the stays it is about."""

    proposal: Proposal
    helper: StayRow
    newcomer: StayRow


@dataclass(frozen=True)
class Pairs:
    """What an adult sees of tutoring."""

    proposed: list[Fit]
    known: list[PairRow]
    together: int
    """Brought together within twelve months."""

    def at(self, state: State) -> list[PairRow]:
        return [each for each in self.known if each.state is state]

    @property
    def aside(self) -> list[PairRow]:
        """Those whom an adult does not want to be asked."""
        return [each for each in self.known if each.ended is End.SET_ASIDE]


def pairs(tx: Tx, person: Person) -> Pairs:
    """Everything of tutoring within the walls of an adult; however many there are, it is a few readings."""
    kept = kept_from(tx.rows, person.id)
    rows = {row.id: row for row in stays_of(tx, person) if row.kind in MEET and row.enrolled_at is not None}
    every = every_pair(tx.rows)
    known = [
        each for each in every if each.stay_id in rows and may_pair(tx, person, each.helper, rows[each.stay_id], kept)
    ]
    tutored = [each.together_at for each in known if each.kind is Pairing.TUTORING and each.together_at is not None]
    lately = sum(at > tx.now - YEAR for at in tutored)
    return Pairs(_proposed(tx, person, rows, every, kept), known, lately)


def _proposed(
    tx: Tx, person: Person, rows: dict[int, StayRow], every: list[PairRow], kept: frozenset[int]
) -> list[Fit]:
    rules, today = tx.programme.tutoring, tx.now.date()
    said = select(ItemState.stay_id, ItemState.value).where(ItemState.item == rules.item, ItemState.state == "done")
    willing = {stay for stay, value in tx.rows.execute(said) if value in rules.yes}
    standing = [each for each in every if each.ended is None]
    served = {each.newcomer_id for each in standing}
    helpers = [row for row in rows.values() if row.id in willing and row.back < today]
    ahead = [row for row in rows.values() if (row.back if row.kind is Kind.INCOMING else row.departure) > today]
    newcomers = [row for row in ahead if row.person_id not in served]
    there = {each.person_id for each in confirmed(tx.rows, {row.person_id for row in (*helpers, *newcomers)})}
    sides = {row.id: _side(row, tx) for row in (*helpers, *newcomers) if row.person_id in there}
    barred = {(each.helper_id, each.newcomer_id) for each in every if each.ended is None or each.ended in NOT_AGAIN}
    barred |= {
        (one.person_id, other.person_id)
        for one in helpers
        for other in newcomers
        if not may_pair(tx, person, one.person, other, kept)
    }
    found = proposals(
        [sides[row.id] for row in helpers if row.id in sides],
        [sides[row.id] for row in newcomers if row.id in sides],
        barred,
        Counter(each.helper_id for each in standing),
        across=rules.across,
    )
    return [Fit(each, rows[each.helper.stay], rows[each.newcomer.stay]) for each in found]


def _side(row: StayRow, tx: Tx) -> Side:
    stay, today = row.facts(), tx.now.date()
    day, guest = row.back if row.back < today else row.departure, row.kind is Kind.INCOMING
    country, city = (stay.home, "") if guest else (row.country, row.city)
    minor = stay.minor_on(today)
    return Side(row.person_id, row.id, row.school_id, country, city, row.class_name, day, minor, guest)


def ask_pair(tx: Tx, person: Person, helper: int, newcomer: int, *, aside: bool = False) -> str:
    """Ask the two of a proposal, by their stays; or set it aside. What came of it, by its name in `SAID`."""
    fit = next((each for each in pairs(tx, person).proposed if (each.helper.id, each.newcomer.id) == (helper, newcomer)), None)  # fmt: skip
    if fit is None:
        return "nothing"
    pair = PairRow(
        kind=Pairing.BUDDY if fit.newcomer.kind is Kind.INCOMING else Pairing.TUTORING,
        helper=fit.helper.person,
        newcomer=fit.newcomer.person,
        helper_stay=fit.helper,
        stay=fit.newcomer,
        asked_at=tx.now,
        asked_by_id=person.id,
        mixed=fit.proposal.mixed,
        ended=End.SET_ASIDE if aside else None,
        ended_at=tx.now if aside else None,
    )
    tx.rows.add(pair)
    tx.rows.flush()
    if not aside:
        ask_helper(tx, pair)
    audit(tx, f"person {person.id}", "pair aside" if aside else "pair ask", f"pair {pair.id}")
    return "pair_aside" if aside else "pair_asked"


def move_pair(tx: Tx, person: Person, number: int, word: str) -> str:
    """Bring two together, take the question back, end it, or let it be proposed again."""
    pair = tx.rows.get(PairRow, number, with_for_update=True)
    if pair is None or not may_pair(tx, person, pair.helper, pair.stay):
        return "nothing"
    match word, pair.state:
        case "together", State.AGREED:
            bring_together(tx, pair)
        case "back", State.ASKED | State.AGREED:
            end(tx, pair, End.TAKEN_BACK)
        case "ended", State.TOGETHER:
            end(tx, pair, End.ENDED)
        case "again", State.OVER if pair.ended is End.SET_ASIDE:
            pair.ended = End.TAKEN_BACK
        case _:
            return "nothing"
    audit(tx, f"person {person.id}", f"pair {word}", f"pair {number}")
    return f"pair_{word}"


def tutoring(tx: Tx, person: Person, rest: str = "") -> None:
    """What fits, with a button for each; who is asked, who is in touch. A button says what is to be done with whom."""
    if not somewhere(person.adult, Act.CONFIRM):
        return tell(tx, person, NOT_YOURS)
    word, *numbers = rest.split()[:3] or [""]
    if numbers and all(each.isascii() and each.isdigit() and len(each) < 10 for each in numbers):
        first, *second = map(int, numbers)
        said = ask_pair(tx, person, first, second[0]) if word == "ask" and second else move_pair(tx, person, first, word)  # fmt: skip
        return tell(tx, person, SAID[said])
    found, targets = pairs(tx, person), tx.programme.targets
    target = targets.tutoring if targets else None
    lines = [phrase(MIXED if each.proposal.mixed else FITS, **words_of(each)) for each in found.proposed[:SHOWN]] or [
        phrase(NOBODY)
    ]
    for state, text in STANDING.items():
        names = [f"{each.helper.short_name} + {each.newcomer.short_name}" for each in found.at(state)]
        lines += [phrase(text, names=listed(names, SHOWN))] if names else []
    lines.append(phrase(COUNTED_OF if target else COUNTED, count=found.together, target=target))
    offers = [_offer(each) for each in found.proposed[:SHOWN]]
    tell(tx, person, "{lines}", {"lines": {"list_lines": lines}}, *offers)
    for pair in found.at(State.AGREED)[:SHOWN]:
        post(tx, person.id, look_letter(pair), Lane.ANSWER)
    return None


def words_of(fit: Fit) -> dict[str, object]:
    """The two and what they have in common, as values of a text."""
    why = [phrase(LINKS[link]) for link in fit.proposal.links]
    return {
        "helper": fit.helper.person.short_name,
        "newcomer": fit.newcomer.person.short_name,
        "links": listed(why, len(why)),
    }


def _offer(fit: Fit) -> Offer:
    rest = f"ask {fit.helper.id} {fit.newcomer.id}"
    return Offer(ASK, {"do": "command", "word": "tutoring", "rest": rest, "keeps": True}, words_of(fit))
