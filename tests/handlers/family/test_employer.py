"""The employer hears of an absence, and that an adult learner cannot be reached: the fact, and whom to ring."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.external import News, news_for_employer
from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.programme.check import check
from bot.domain.stay import Kind, Stay, Track
from bot.handlers.case.exclusion import leave_out
from bot.handlers.say.host import external_of
from bot.store.contacts import keep_contacts
from bot.store.db import Tx
from bot.store.stays import StayRow
from tests.handlers.family.test_external import ATELIER, letters
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.visits import Browser, by_post, path_in, words

HELD = frozenset({"outgoing", "vet", "apprentice"})
ABSENT = (
    "Bonjour. Lycée Valmer a constaté une absence au travail de Lina Haddouche dans la semaine du lundi 8 mars. Une lettre "
    "comme celle-ci ne dit pas les raisons. Merci d'appeler Nadia Ferhaoui : +33 2 40 00 00 00."
)
KNOWS = "Good to know: at Elektro Winkelmann too you answer to your employer."


def stay(birth: date = date(2005, 1, 1), kind: Kind = Kind.OUTGOING) -> Stay:
    days = date(2027, 3, 6), date(2027, 3, 8), date(2027, 3, 26), date(2027, 3, 27)
    return Stay(1, "L1", kind, Track.VET, "DE", "Leipzig", "Europe/Berlin", "Europe/Paris", *days, birth=birth)


@pytest.mark.parametrize(
    ("topic", "birth", "kind", "held", "heard"),
    [
        ("attendance", 2005, Kind.OUTGOING, HELD, News.ABSENCE),
        ("attendance", 2011, Kind.OUTGOING, HELD, News.ABSENCE),
        ("tutor_absent", 2005, Kind.OUTGOING, HELD, News.ABSENCE),
        ("silent", 2005, Kind.OUTGOING, HELD, News.UNREACHABLE),
        ("silent_unreachable", 2005, Kind.OUTGOING, HELD, News.UNREACHABLE),
        ("silent", 2011, Kind.OUTGOING, HELD, None),
        ("silent_stopped", 2005, Kind.OUTGOING, HELD, None),
        ("silent_paused", 2005, Kind.OUTGOING, HELD, None),
        ("attendance", 2005, Kind.OUTGOING, HELD - {"apprentice"}, None),
        ("attendance", 2005, Kind.INCOMING, HELD, None),
        *[(topic, 2005, Kind.OUTGOING, HELD, None) for topic in ("mood", "work", "missed", "trend", "sos", "distress")],
    ],
)
def test_what_is_an_employers_to_hear(
    programme: Programme, topic: str, birth: int, kind: Kind, held: frozenset[str], heard: News | None
) -> None:
    found = news_for_employer(programme, stay(date(birth, 1, 1), kind), held, topic, date(2027, 3, 20))

    assert found is heard


def test_a_programme_that_tells_an_employer_tells_the_learner_first(programme: Programme) -> None:
    def says(**changed: object) -> list[str]:
        rules = programme.employer.model_copy(update=changed)
        return [str(each) for each in check(programme.model_copy(update={"employer": rules}))]

    assert says(notice=None) == ["employer, notice: a learner must know it beforehand: name the message that says so"]
    assert says(notice="employer_hear") == [
        'employer, notice: there is no message "employer_hear" in outgoing.messages; did you mean "employer_hears"?'
    ]
    assert says(any_of=("aprentice",)) == ['employer, any_of: "aprentice" is no condition; did you mean "apprentice"?']
    assert says() == says(hears=(), notice=None) == []


def with_employer(journey: Journey, programme: Programme) -> None:
    """The days at work are asked on Fridays, and the learner is told what their employer hears."""
    notice = tuple(each for each in programme.outgoing.messages if each.id == programme.employer.notice)
    changed = {"attendance": programme.outgoing.attendance, "check_in": None, "messages": notice}
    out = journey.programme.outgoing.model_copy(update=changed)
    journey.programme = journey.db.programme = journey.programme.model_copy(update={"outgoing": out})


def employ(tx: Tx, number: int) -> None:
    row = tx.rows.get_one(StayRow, number)
    row.tags, row.school.phone, row.wake_at = ["apprentice"], "+33240000000", tx.now
    keep_contacts(tx.rows, number, {Role.EMPLOYER: ATELIER})


@scene
async def missed_two_days(journey: Journey) -> None:
    """Lina, an apprentice, has told that she was at work on three days of five."""
    await journey.enrol("lina")
    await journey.do(employ, journey.stay("lina"))
    await journey.until("2027-03-06 20:30")
    for choice in ("yes", "as_planned", "yes"):
        await journey.press("lina", choice)
    await journey.until("2027-03-12 17:30")
    await journey.press("lina", "3")
    await journey.press("lina", "ill")


async def test_the_fact_leaves_in_the_morning_and_the_learner_knew(begin: Begin, programme: Programme) -> None:
    journey = begin()
    with_employer(journey, programme)
    post = by_post(journey)
    await missed_two_days(journey)
    assert letters(post) == []

    await journey.until("2027-03-13 09:00")
    assert [letter.partition("\n")[0] for letter in letters(post)] == [ABSENT]
    assert [line.partition(".")[0] + "." for line in journey.heard("lina") if "employer" in line] == [KNOWS]
    page = words(await Browser(journey, "fr").look(path_in(letters(post)[0])))
    assert page[2] == "Rien n'est en attente de votre part. Merci."


async def test_nothing_leaves_where_it_was_a_mistake(begin: Begin, programme: Programme) -> None:
    journey = begin()
    with_employer(journey, programme)
    post = by_post(journey)
    await missed_two_days(journey)

    await journey.press("nadia", "take")
    await journey.press("nadia", "close")
    await journey.press("nadia", "false_alarm")
    await journey.until("2027-03-13 09:00")

    assert letters(post) == []


async def test_nothing_leaves_while_somebody_has_cried_for_help(begin: Begin, programme: Programme) -> None:
    journey = begin()
    with_employer(journey, programme)
    post = by_post(journey)
    await missed_two_days(journey)

    await journey.say("lina", "SOS")
    await journey.until("2027-03-13 09:00")

    assert letters(post) == []


async def test_nothing_is_written_to_whom_the_learner_keeps_out(begin: Begin, programme: Programme) -> None:
    journey = begin()
    with_employer(journey, programme)
    post = by_post(journey)
    await missed_two_days(journey)

    await journey.do(_keep_out, journey.stay("lina"))
    await journey.until("2027-03-13 09:00")

    assert letters(post) == []


def _keep_out(tx: Tx, number: int) -> None:
    row = tx.rows.get_one(StayRow, number)
    employer = external_of(tx, row, Role.EMPLOYER)
    assert employer is not None
    leave_out(tx, row, employer.id, by_learner=True)
