"""What somebody can ask for, as a list: the most used first, the rest behind a button."""

from __future__ import annotations

from bot.domain.formal import spoken_to
from bot.handlers.say.post import more, tell
from bot.i18n import Text, _, phrase
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import current_stay

I_CAN = _("I can:\n{lines}")
SHOWN = 5
"""Lines at first."""
LANGUAGE = _("/language another language")
LINKS = _("/links useful pages")
LEARNER: tuple[Text, ...] = (
    _("/checklist what is left to do"),
    _("/question and your words: an adult answers you"),
    _("/checkin tell me about your week now"),
    _("/next what comes next"),
    _("/tomorrow put my question off to tomorrow"),
    _("/balance what your payment still waits for"),
    _("/skills what you have learned"),
    _("/diary a few words for yourself"),
    _("/strengths you before and after"),
    LINKS,
    LANGUAGE,
    _("/mydata what I know about you"),
    _("/stop stop"),
)
OFFICE: tuple[Text, ...] = (
    _("/today what waits for you"),
    _("/tasks what waits for your tick"),
    _("/missing who is not enrolled"),
    _("/who who is abroad now"),
    _("/desk the whole board in your browser"),
    _("/learner and a name: where they stand"),
    _("/balance whose payment waits, and for what"),
    _("/leave your planned leave"),
    _("/oncall who is on call"),
    _("/dates meetings, applications and what runs out"),
    LINKS,
    LANGUAGE,
)
ADULT: tuple[Text, ...] = (
    *OFFICE[:2],
    _("/missing who has not answered"),
    *OFFICE[3:6],
    _("/write and a name: your words to a learner"),
    _("/broadcast and a class: your words to all of it"),
    _("/certificate and a name: the dates of the signed certificate"),
    _("/phoned and a name: what they answered you by phone"),
    _("/change and a name: a pause, an extension, an early return, or how you keep contact otherwise"),
    _("/invite who needs a new link"),
    _("/tutoring who could help whom of those who leave"),
    *OFFICE[6:],
)
UNDER_LEARNER = _("SOS at any moment: an adult is told.")
UNDER_ADULT = _("Alerts come here with their buttons.")
STRANGER = _("I can: /language another language. There is nothing else for you here yet.")


def show_help(
    tx: Tx, person: Person, lines: tuple[Text, ...], under: Text | None = None, *, rest: bool = False
) -> None:
    """A few lines and what stands under them; or, once the button was pressed, the rest."""
    shown = lines[SHOWN:] if rest else lines[:SHOWN]
    under_them = [under] if under and not rest else []
    offers = () if rest else more(len(lines) - SHOWN, "help", "rest")
    tell(tx, person, I_CAN, {"lines": {"list_lines": [phrase(line) for line in (*shown, *under_them)]}}, *offers)


def learner_help(tx: Tx, person: Person, *, rest: bool = False) -> None:
    """A colleague on a stay of their own is not spoken to as a friend."""
    stay = current_stay(tx.rows, person.id)
    lines = tuple(spoken_to(stay.kind if stay else None, line, person.language) for line in LEARNER)
    show_help(tx, person, lines, UNDER_LEARNER, rest=rest)


def adult_help(tx: Tx, person: Person, *, follows: bool, rest: bool = False) -> None:
    """Who follows learners can write to them; the others see dates and progress."""
    show_help(tx, person, ADULT if follows else OFFICE, UNDER_ADULT if follows else None, rest=rest)
