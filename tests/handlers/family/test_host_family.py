"""The host family: their number for the learner and for adults, their page; and what befalls if the cry is about them."""

from __future__ import annotations

from bot.domain.person import Role
from bot.domain.roster import Tutor
from bot.store.contacts import keep_contacts
from bot.store.db import Tx
from bot.store.stays import StayRow
from tests.handlers.family.test_external import plain
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.visits import Browser, Post, by_post, path_in, words

MOAL = Tutor("Jeanne Moal", "moal@example.org", "fr", "+33639980104")


def lodge(tx: Tx, stay: int) -> None:
    """As the roster names them."""
    row = tx.rows.get_one(StayRow, stay)
    row.tags, row.school.phone, row.wake_at = ["host_family"], "+33240000000", tx.now
    keep_contacts(tx.rows, stay, {Role.HOST_FAMILY: MOAL})


@scene
async def at_the_moals(journey: Journey) -> None:
    """Martina, a guest from Chile, lives with a family."""
    await journey.enrol("martina")
    await journey.do(lodge, journey.stay("martina"))
    await journey.until("2027-01-13 12:00")


async def lodged(begin: Begin) -> tuple[Journey, Post]:
    journey = begin("2026-12-28 09:00", full=True)
    post = by_post(journey)
    await at_the_moals(journey)
    return journey, post


async def test_the_number_is_at_hand_and_the_family_has_a_page(begin: Begin) -> None:
    journey, post = await lodged(begin)

    told = [line for line in journey.heard("martina") if "to keep in your phone" in line.lower()]
    assert [line.split("\n")[-2:-1] for line in told] == [["Jeanne Moal, your host family: +33 6 39 98 01 04"]]
    letters = [plain(sent.text) for sent in post.sent if sent.native == "moal@example.org"]
    assert [letter.partition("\n")[0] for letter in letters] == [
        "Bonjour. Lycée Valmer vous demande quelque chose pour la mobilité de Martina à Ardonville, du lundi 18 janvier au "
        "vendredi 16 avril : Chambre prête, heure et lieu de l'arrivée connus, numéro de téléphone vérifié (au plus tard le "
        "vendredi 1 janvier). La page ci-dessous le montre, et reçoit votre réponse."
    ] * 2
    page = words(await Browser(journey, "fr").look(path_in(letters[0])))
    assert page[2] == "Chambre prête, heure et lieu de l'arrivée connus, numéro de téléphone vérifié"


async def test_adults_who_are_alerted_have_their_number(begin: Begin) -> None:
    journey, _post = await lodged(begin)
    journey.heard("luc"), journey.heard("martina")

    await journey.say("martina", "SOS")
    await journey.press("martina", "numbers")

    assert ["Phone of Jeanne Moal, host family: +33 6 39 98 01 04" in line for line in journey.heard("luc")] == [True]
    assert "Jeanne Moal, your host family: +33 6 39 98 01 04" in journey.heard("martina")[-1]


async def test_a_cry_about_them_hides_their_number_and_empties_their_page(begin: Begin) -> None:
    journey, post = await lodged(begin)
    path = path_in(next(plain(sent.text) for sent in post.sent if sent.native == "moal@example.org"))
    journey.heard("luc"), journey.heard("martina")

    await journey.say("martina", "SOS, the father of the family comes into my room")
    await journey.press("martina", "numbers")

    alert = "\n".join(journey.heard("luc"))
    assert "The words may be about Jeanne Moal, host family: speak with Martina" in alert
    assert "+33 6 39 98 01 04" not in alert + "\n".join(journey.heard("martina"))
    assert "Chambre prête" not in " ".join(words(await Browser(journey, "fr").look(path)))


async def test_a_guest_has_a_page_with_whom_to_call_and_what_the_school_wrote(begin: Begin) -> None:
    journey, _post = await lodged(begin)

    told = next(line for line in journey.heard("martina") if "welcome to Lycée Valmer. Your contact" in line)
    path = path_in(told.partition(" [")[0])
    page = words(await Browser(journey).look(path))

    assert page[:2] == [
        "Welcome to Lycée Valmer",
        "For the stay of Martina in Ardonville, from Monday 18 January to Friday 16 April (Lycée Valmer).",
    ]
    assert page[2:4] == ["Whom to call", "Nadia Ferhaoui: +33 2 40 00 00 00"]
    assert "Jeanne Moal, your host family: +33 6 39 98 01 04" in page
    assert {"Where you sleep", "Classes and the canteen", "Absent, late or ill"} <= set(page)
    assert (await Browser(journey).look(path[:-1] + "x")).status_code == 404
