"""The employer and the teacher at the partner school: written to about what is theirs to do, by a page without an account."""

from __future__ import annotations

from sqlalchemy import select

from bot.domain.occasion import slot_of
from bot.domain.person import Role
from bot.domain.roster import Tutor
from bot.handlers.case.exclusion import leave_out
from bot.handlers.say.host import external_of
from bot.handlers.say.links import Page, take_back
from bot.store.contacts import keep_contacts
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.stays import ItemState, Mark, StayRow
from bot.store.team import team
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import settle_in
from tests.journeys.visits import Browser, Post, by_post, path_in, words

ATELIER = Tutor("Atelier Corvaisier", "atelier@example.org", "fr")
LETTER = (
    "Bonjour. Lycée Valmer vous demande quelque chose pour la mobilité de Lina à Leipzig, du lundi 8 mars au vendredi 26 mars : "
    "Convention de mobilité de l'apprenti (mise à disposition ou en veille), employeur et OPCO (au plus tard le lundi 21 décembre)."
    " La page ci-dessous le montre, et reçoit votre réponse."
)


def employed(tx: Tx, stay: int) -> None:
    """As the roster names an apprentice's employer."""
    row = tx.rows.get_one(StayRow, stay)
    row.tags, row.school.phone, row.wake_at = ["apprentice"], "+33240000000", tx.now
    keep_contacts(tx.rows, stay, {Role.EMPLOYER: ATELIER})


async def apprentice(begin: Begin, local: str = "2026-12-01 09:00") -> tuple[Journey, Post]:
    """Lina is an apprentice, and has not opened her link."""
    journey = begin(local, full=True)
    post = by_post(journey)
    await journey.do(settle_in, ("lina",))
    await journey.do(employed, journey.stay("lina"))
    return journey, post


def letters(post: Post) -> list[str]:
    return [plain(sent.text) for sent in post.sent if sent.native == "atelier@example.org"]


def plain(text: str) -> str:
    return text.replace("\xa0", " ")


def outcomes(journey: Journey) -> list[tuple[str, str]]:
    wanted = select(Mark.occurrence, Mark.outcome).where(Mark.touchpoint == "external.employer")
    return [(slot_of(occurrence), outcome) for occurrence, outcome in journey.ask(wanted.order_by(Mark.id))]


def states(journey: Journey) -> list[str]:
    return [state for (state,) in journey.ask(select(ItemState.state).where(ItemState.item == "apprentice_agreement"))]


async def test_the_employer_is_written_to_before_the_learner_has_begun_and_again_until_it_is_done(begin: Begin) -> None:
    journey, post = await apprentice(begin)

    await journey.until("2026-12-19 12:00")

    assert [letter.partition("\n")[0] for letter in letters(post)] == [LETTER, LETTER]
    browser = Browser(journey, "fr")
    page = await browser.look(path_in(letters(post)[-1]))
    assert [plain(line) for line in words(page)] == [
        "Ce qui vous revient",
        "Pour la mobilité de Lina à Leipzig, du lundi 8 mars au vendredi 26 mars (Lycée Valmer).",
        "Convention de mobilité de l'apprenti (mise à disposition ou en veille), employeur et OPCO",
        "Au plus tard le lundi 21 décembre.",
        "C'est fait",
        "Quelque chose n'est pas clair, ou pas possible ? Appelez l'établissement : +33 2 40 00 00 00.",
        "Mes données",
    ]
    assert states(journey) == []

    done = await browser.send(path_in(letters(post)[-1]), {"item": "apprentice_agreement"})
    again = await browser.send(path_in(letters(post)[-1]), {"item": "apprentice_agreement"})
    foreign = await browser.send(path_in(letters(post)[-1]), {"item": "ehic"})

    assert words(done)[1] == "Merci. L'établissement l'a bien reçu."
    assert words(again)[1] == words(foreign)[1] == "C'est déjà réglé. Merci."
    assert states(journey) == ["declared"]
    await journey.until("2026-12-22 12:00")
    assert len(letters(post)) == 2
    assert outcomes(journey) == [
        ("apprentice_agreement.14", "told"),
        ("apprentice_agreement.3", "told"),
        ("apprentice_agreement.0", "nothing open"),
    ]


async def test_who_is_imported_late_gets_one_letter_for_all_that_was_missed(begin: Begin) -> None:
    journey, post = await apprentice(begin, "2027-02-15 10:00")

    await journey.until("2027-02-20 10:00")

    assert len(letters(post)) == 1
    assert outcomes(journey) == [
        ("apprentice_agreement.14", "expired"),
        ("apprentice_agreement.3", "expired"),
        ("apprentice_agreement.0", "told"),
    ]


async def test_who_is_kept_out_by_the_learner_hears_and_sees_nothing(begin: Begin) -> None:
    journey, post = await apprentice(begin)
    await journey.until("2026-12-08 12:00")
    path = path_in(letters(post)[0])

    await journey.do(_keep_out, journey.stay("lina"))
    await journey.until("2026-12-19 12:00")

    assert len(letters(post)) == 1
    assert words(await Browser(journey, "fr").look(path))[-3] == "Rien n'est en attente de votre part. Merci."
    assert outcomes(journey) == [("apprentice_agreement.14", "told"), ("apprentice_agreement.3", "held back")]


def _keep_out(tx: Tx, stay: int) -> None:
    row = tx.rows.get_one(StayRow, stay)
    employer = external_of(tx, row, Role.EMPLOYER)
    assert employer is not None
    leave_out(tx, row, employer.id, by_learner=True)


async def test_a_link_ends_when_somebody_else_is_named_and_a_wrong_one_says_nothing_of_anybody(begin: Begin) -> None:
    journey, post = await apprentice(begin)
    await journey.until("2026-12-08 12:00")
    path = path_in(letters(post)[0])

    ended = await journey.do(_put_another, journey.stay("lina"))
    gone = await Browser(journey, "fr").look(path)

    assert ended == 1
    assert (gone.status_code, "Lina" in gone.text, "112" in gone.text) == (404, False, True)


def _put_another(tx: Tx, stay: int) -> int:
    keep_contacts(tx.rows, stay, {Role.EMPLOYER: Tutor("Menuiserie Poirel", None, "fr")})
    return take_back(tx, tx.rows.get_one(StayRow, stay), Page.EXTERNAL)


async def test_an_employer_is_no_member_of_the_team(begin: Begin) -> None:
    journey, _post = await apprentice(begin)
    await journey.until("2026-12-08 12:00")

    found = journey.ask(
        select(Person.first_name, Person.last_name, Person.language).where(Person.ref == "lina~employer")
    )

    assert found == [("Atelier", "Corvaisier", "fr")]
    assert journey.db.run(lambda tx: [each for each in team(tx.rows) if Role.EMPLOYER in each.every_role]) == []
