"""`/change`: a stay ends before its time, goes on after all, or takes place though the sheet does not name it any more."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.messages import Letter, Offer
from bot.domain.rights import Act
from bot.domain.stay import Ended
from bot.handlers.case.crew import allowed
from bot.handlers.conversation.stay_ends import KEPT, RESUMED, end_stay, keep_stay, resume_stay
from bot.handlers.desk.visibility import NOT_YOURS
from bot.handlers.family.chosen_words import Reader, readers_of, tell_in_words
from bot.handlers.say.post import About, post, tell
from bot.i18n import Text, _, _n, listed, phrase
from bot.store.db import Tx
from bot.store.messages import Lane, OutboxRow
from bot.store.people import Person
from bot.store.stays import StayRow

STEP = "words of an end awaited"
"""The step of the message that asks an adult for words to the learner, the family or the tutor."""
LABELS: dict[Ended, Text] = {
    Ended.WITHDRAWN: _("Does not travel"),
    Ended.BROKEN_OFF: _("Broken off"),
    Ended.TRANSFERRED: _("Another time or place"),
}
WHAT: dict[Ended, Text] = {
    Ended.WITHDRAWN: _("the stay does not take place"),
    Ended.BROKEN_OFF: _("the stay is broken off"),
    Ended.TRANSFERRED: _("the stay takes place at another time or elsewhere"),
}
PREVIEW = _n(
    "{learners}: {what}. From then on I ask nothing and alert nobody, and an open case closes with that reason. SOS works as always. I tell nobody of it, unless you give me the words afterwards.",
    "{count} learners ({learners}): {what}. From then on I ask nothing and alert nobody, and open cases close with that reason. SOS works as always. I tell nobody of it, unless you give me the words afterwards.",
)  # fmt: skip
DONE = _n("Noted: {learners}: {what}.", "Noted for {count} learners: {what}. They are: {learners}.")
WHOM = _("Whom shall I tell of it, in your words?")
TELL: dict[Reader, Text] = {
    Reader.LEARNER: _("Tell {learner}…"),
    Reader.FAMILY: _("Tell the family…"),
    Reader.TUTOR: _("Tell the host tutor…"),
}
NOBODY = _("Nobody of them can be written to by me: please phone.")
WRITE = _("What shall I tell them of {learner}? Your next message goes to them word for word: {readers}. To tell nothing: /help.")  # fmt: skip
PASSED_ON = _("Passed on to: {readers}.")
GOES_ON = _("It goes on after all")
RESUMED_SAID = _("The stay of {learner} goes on. What has become due meanwhile is asked now.")
KEPT_SAID = _("Thank you: {learner} travels. I go on as planned.")
ENDED_ALREADY = _("The stay of {learner} has ended already: {what}.")


def offers(stays: Sequence[StayRow], where: str) -> list[Offer]:
    """A button for each way to end; `where` says of whom."""
    if all(stay.ended for stay in stays):
        return []
    return [Offer(label, _action(f"{where} {ended.value}")) for ended, label in LABELS.items()]


def preview_end(tx: Tx, person: Person, stays: Sequence[StayRow], ended: Ended, where: str) -> None:
    """What it would do, and a button that does it once."""
    values = _values(stays, ended)
    yes = Offer(_("Confirm"), _action(f"{where} {ended.value} yes") | {"once": True})
    tell(tx, person, PREVIEW, values, yes, Offer(_("Cancel"), _action(f"{where} no") | {"once": True}))


def make_end(tx: Tx, person: Person, stays: Sequence[StayRow], ended: Ended) -> None:
    """Do it, and ask who is to be told."""
    done = [stay for stay in stays if end_stay(tx, stay, ended, person)]
    if not done:
        return tell(tx, person, ENDED_ALREADY, _values(stays, stays[0].ended or ended) | _learner(stays[0]))
    tell(tx, person, DONE, _values(done, ended))
    if len(done) == 1:
        _ask_whom(tx, person, done[0])
    return None


def _ask_whom(tx: Tx, person: Person, stay: StayRow) -> None:
    found = [reader for reader in Reader if readers_of(tx, stay, reader)]
    where = f"#{stay.id}"
    tells = [Offer(TELL[reader], _action(f"{where} tell {reader.value}") | {"keeps": True}, _learner(stay)) for reader in found]  # fmt: skip
    back = Offer(GOES_ON, _action(f"{where} {RESUMED}") | {"once": True})
    tell(tx, person, WHOM if found else NOBODY, _learner(stay), *tells, back)


def ask_words(tx: Tx, person: Person, stay: StayRow, reader: Reader) -> None:
    """The next message of this adult is for them."""
    readers = readers_of(tx, stay, reader)
    if not readers:
        return tell(tx, person, NOBODY)
    values = _learner(stay) | {"readers": {"list": [each.full_name for each in readers]}, "reader": reader.value}
    letter = Letter(WRITE, values | {"stay": stay.id})  # a message about a stay that ended would not leave
    post(tx, person.id, letter, Lane.ANSWER, About(step=STEP))
    return None


def take_words(tx: Tx, person: Person, asked: OutboxRow, words: str) -> None:
    """The words that were asked for."""
    stay = tx.rows.get(StayRow, asked.message["values"]["stay"])
    if stay is None or not allowed(tx, person, Act.CHANGE, stay):
        return tell(tx, person, NOT_YOURS)
    told = tell_in_words(tx, person, stay, words, (Reader(asked.message["values"]["reader"]),))
    if not told:
        return tell(tx, person, NOBODY)
    return tell(tx, person, PASSED_ON, {"readers": {"list": [each.full_name for each in told]}})


def go_on(tx: Tx, person: Person, stay: StayRow, word: str) -> bool:
    """It goes on after all, or takes place though the sheet does not name it. False for any other word."""
    if word == RESUMED and resume_stay(tx, stay, person):
        tell(tx, person, RESUMED_SAID, _learner(stay))
    elif word == KEPT:
        keep_stay(tx, stay, person)
        tell(tx, person, KEPT_SAID, _learner(stay))
    return word in {RESUMED, KEPT}


def _action(rest: str) -> dict[str, object]:
    return {"do": "command", "word": "change", "rest": rest}


def _learner(stay: StayRow) -> dict[str, object]:
    return {"learner": stay.person.short_name}


def _values(stays: Sequence[StayRow], ended: Ended) -> dict[str, object]:
    names = listed([stay.person.short_name for stay in stays])
    return {"count": len(stays), "learners": names, "what": phrase(WHAT[ended])}
