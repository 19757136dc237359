"""Other people's ways: a guest from Chile in Spanish, a teacher abroad, a change of language, adults who tick."""

from __future__ import annotations

from sqlalchemy import select

from bot.store.db import Tx
from bot.store.people import by_ref
from bot.store.records import AuditRow
from bot.store.stays import ItemState, Mark
from tests.handlers.desk.test_views import ADULT
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.remembered import scene
from tests.journeys.scenes import arrival_asked, check_in_asked, looked_after
from tests.journeys.words import DANGER, LANGUAGES_ON_OFFER


def speaks(tx: Tx, ref: str, language: str) -> None:
    person = by_ref(tx.rows, ref)
    assert person is not None
    person.language = language


def texts(lines: list[str]) -> list[str]:
    return [line.split(" [")[0] for line in lines]


@scene
async def guest(journey: Journey) -> None:
    await journey.gather("martina")
    await journey.do(speaks, "martina", "es")
    await journey.press("martina", "yes")


async def test_a_guest_from_chile_is_welcomed_in_spanish(begin: Begin) -> None:
    journey = begin("2026-12-01 13:00", full=True)
    await guest(journey)
    journey.heard("martina")

    await journey.until("2026-12-31 12:00")
    said = texts(journey.heard("martina"))
    assert said[0] == "1/2 · Pasaporte y visado, para el 3 de diciembre de 2026. ¿Los tienes?"
    assert said[1] == (
        "Hola, Martina, te damos la bienvenida a Lycée Valmer. Tu contacto aquí es Nadia Ferhaoui. Tu página, para "
        "guardarla (a quién llamar, la casa, las clases, una ausencia): +33 6 39 98 00 10"
    )
    await journey.until("2027-01-11 20:01")
    said = texts(journey.heard("martina"))
    assert said[-1] == (
        "¿Has llegado bien al lugar donde vas a dormir, Martina? "
        "Si sigues de camino, responde más tarde: este mensaje te espera."
    )
    await journey.say("martina", "Sí, todo bien")
    await journey.until("2027-01-17 18:30")
    said = texts(journey.heard("martina"))

    assert "Hola, Martina, ¿qué tal tu semana en Lycée Valmer?" in said
    outcome = select(Mark.outcome).where(Mark.touchpoint == "arrival")
    assert journey.ask(outcome) == [("answered",)]


async def test_before_the_journey_the_guest_is_written_to_by_their_own_clock(begin: Begin) -> None:
    journey = begin("2026-12-01 13:00", full=True)
    await guest(journey)
    journey.heard("martina")

    await journey.until("2027-01-04 21:29")
    before = len([line for line in texts(journey.heard("martina")) if line.startswith("Solo quedan")])
    await journey.until("2027-01-04 21:30")

    assert before == 0
    assert texts(journey.heard("martina")) == [
        "Solo quedan 7 días. Nadia Ferhaoui te dice quién te espera, dónde y a qué hora. "
        "Guarda ese número en tu teléfono antes de salir."
    ]


async def test_a_teacher_abroad_has_papers_and_an_sos_but_no_questions_about_well_being(begin: Begin) -> None:
    journey = begin("2027-02-15 09:00", full=True)
    await journey.enrol("karim")
    await looked_after(journey, "2027-03-01 12:00")
    touchpoints = {name for (name,) in journey.ask(select(Mark.touchpoint))}

    assert {"check_in", "attendance"} & touchpoints == set()
    assert "arrival" in touchpoints
    journey.heard("karim"), journey.heard("luc")
    await journey.say("karim", "SOS")
    assert journey.heard("karim") == [DANGER]
    assert len(journey.heard("luc")) == 1


async def test_a_colleague_in_danger_is_called_vous_a_learner_tu(begin: Begin) -> None:
    journey = begin("2027-02-15 09:00", full=True)
    await journey.enrol("karim", "noemie")
    for who in ("karim", "noemie"):
        await journey.say(who, "/langue")
        await journey.press(who, "Français")
        journey.heard(who)
        await journey.say(who, "SOS")
    assert journey.heard("karim")[-1].replace("\u00a0", " ") == (
        "🆘 Danger immédiat : appelez tout de suite le 112. Je suis un robot, je ne peux pas venir.\n"
        "Astreinte de votre établissement : +33 6 39 98 00 10. Je la préviens maintenant.\n"
        "Pouvez-vous parler ? [Oui, appelez-moi] [Non, écrivez-moi] [C'était une erreur] [Autres numéros] [Pas cet adulte…]"
    )
    assert (
        journey.heard("noemie")[-1]
        .replace("\u00a0", " ")
        .startswith("🆘 Danger immédiat : appelle tout de suite le 112.")
    )


async def test_a_change_of_language_holds_from_the_next_words_on(begin: Begin) -> None:
    journey = begin()
    await arrival_asked(journey)
    journey.heard("lina")

    await journey.say("lina", "/langue")
    assert journey.heard("lina") == [f"Which language? {LANGUAGES_ON_OFFER}"]
    await journey.press("lina", "Español")
    journey.heard("lina")
    await journey.say("lina", "1")

    assert journey.heard("lina") == [
        "Gracias, Lina, es una buena noticia. Vuelvo a escribir en unos días; mientras tanto, respondo a cualquier hora."
    ]


async def test_a_coordinator_ticks_what_they_have_seen(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    await journey.press("lina", "have")
    journey.heard("nadia"), journey.heard("pascale"), journey.heard("yann")

    for ref in ("nadia", "pascale", "yann"):
        await journey.say(ref, "/tasks")
    none = ["There is nothing for you to tick. Thank you."]
    assert journey.heard("nadia") == [
        "There is 1 thing to tick once you have seen it.\n"
        "European Health Insurance Card (EHIC): Lina H. [✓ European Health Insurance Card (EHIC) · Lina H.]"
    ]
    assert journey.heard("pascale") == journey.heard("yann") == none
    await journey.press("nadia", "ehic")

    assert journey.heard("nadia") == []  # the list says so in its place
    await journey.say("nadia", "/tasks")
    assert journey.heard("nadia") == none
    assert journey.ask(select(ItemState.item, ItemState.state)) == [("ehic", "done")]
    assert journey.ask(select(AuditRow.action, AuditRow.target).where(AuditRow.action == "tick")) == [
        ("tick", "stay 1 ehic")
    ]


async def test_on_monday_only_adults_with_something_to_know_are_written_to(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    for ref in ("nadia", "yann"):
        journey.heard(ref)

    await journey.until("2027-03-22 09:00")

    assert journey.heard("yann") == []
    assert [line for line in journey.heard("nadia") if line.startswith("Your week")][-1].split("\n")[1:] == [
        "1 learner abroad has given no sign this week: Lina H.",
        "1 return this week: Lina H.",
        "1 case open",
    ]


async def test_a_week_without_anything_to_say_is_said_to_the_coordinator(begin: Begin) -> None:
    journey = begin()
    await check_in_asked(journey)

    await journey.until("2027-03-15 08:30")

    well = ["All is well: 1 learner abroad, 1 check-in received."]
    assert journey.heard("nadia") == journey.heard("helene") == well
    assert [journey.heard(ref) for ref in ("luc", "cathy", "pascale", "yann")] == [[], [], [], []]


async def test_before_the_departures_nobody_is_abroad_and_after_the_last_return_nothing_is_said(begin: Begin) -> None:
    journey = begin("2027-01-22 09:00")
    await journey.enrol("lina")
    journey.heard("nadia")

    await journey.until("2027-01-25 08:30")
    before = journey.heard("nadia")
    await looked_after(journey, "2027-07-30 09:00")
    journey.heard("nadia")
    await journey.until("2027-08-02 09:00")

    assert before == ["All is well: nobody is abroad at the moment."]
    assert [line for line in journey.heard("nadia") if "All is well" in line] == []


async def test_an_adult_who_chats_is_told_what_there_is(begin: Begin) -> None:
    journey = begin()
    await journey.enrol("lina")
    journey.heard("nadia")

    await journey.say("nadia", "bonjour")
    await journey.say("nadia", "/checklist")

    assert journey.heard("nadia") == [
        "I am a robot and understand little. /help shows what I can do.",
        ADULT,
    ]
