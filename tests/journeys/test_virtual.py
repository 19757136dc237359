"""A virtual exchange from the import to its end: from home, helped as everybody, and nobody is asked whether they arrived."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.domain.roster import KnownSchool, Roster, Table, read_roster
from bot.handlers.people.roster import bring_in
from bot.store.cases import CaseRow
from tests.journeys.conftest import Begin
from tests.journeys.driver import Journey
from tests.journeys.people import ADULTS, join, settle_in

HEADER = (
    "Référence", "Prénom", "Nom", "Date de naissance", "Type de mobilité", "Filière", "Établissement",
    "Début d'activité", "Fin d'activité", "Organisme d'accueil", "Langue",
)  # fmt: skip
MIRA = (
    "mira", "Mira", "Okonjo", "19/06/2011", "échange virtuel", "bac pro", "valmer", "08/03/2027",
    "26/03/2027", "Berufskolleg Weimar", "français",
)  # fmt: skip


def roster(programme: Programme) -> Roster:
    school = KnownSchool("valmer", "Lycée Valmer", "Ardonville", "Europe/Paris")
    return read_roster(Table("virtuel.csv", HEADER, (MIRA,)), programme, (school,), date(2027, 2, 1))


async def imported(begin: Begin, *, joins: bool = True) -> Journey:
    journey = begin("2027-02-15 09:00", full=True)
    read = roster(journey.programme)
    assert [str(problem) for problem in read.problems] == []
    await journey.do(settle_in, ())
    await journey.do(bring_in, read.rows)
    await journey.do(join, *ADULTS, *(("mira",) if joins else ()))
    return journey


async def test_a_life_is_a_few_words_and_one_press_half_way(begin: Begin) -> None:
    journey = await imported(begin)
    heard = [journey.heard("mira")[0].partition("\n")[0]]
    for choice, local in (
        ("yes", "2027-02-23 12:00"), ("", "2027-03-02 18:00"), ("ready", "2027-03-08 12:00"), ("", "2027-03-15 18:00"),
        ("well", "2027-03-27 18:00"), ("", "2027-03-30 18:00"), ("given", "2027-09-01 12:00"),
    ):  # fmt: skip
        if choice:
            await journey.press("mira", choice)
        await journey.until(local)
        heard += journey.heard("mira")

    noted = "C'est noté, merci\u00a0!"
    assert heard == [
        "Salut Mira, je suis Compagnon, le robot de ton établissement (Lycée Valmer), pour ton échange en ligne avec "
        "Berufskolleg Weimar. Tu participes d'ici, sans partir. Je ne suis pas un humain\u00a0: si tu as besoin de "
        "quelqu'un, écris SOS et un adulte de l'établissement est prévenu.",
        "Super\u00a0! Une chose à la fois. Pour tout voir maintenant\u00a0: /liste.",
        "Bientôt ton échange en ligne avec Berufskolleg Weimar, Mira\u00a0: première séance le lundi 8 mars, dernière le "
        "vendredi 26 mars. Pour le lien, les séances et les règles\u00a0: +33 6 39 98 00 10 [Compris] [J'ai une question]",
        "1/3 · L'échange en ligne commence le lundi 8 mars. Tu as le lien et de quoi te connecter, en cours ou à la "
        "maison\u00a0? [C'est prêt] [Il me manque quelque chose]",
        noted,
        "C'est aujourd'hui, Mira\u00a0: première séance avec Berufskolleg Weimar. Si quelque chose te gêne en ligne, écris-le "
        "ici ou SOS\u00a0: un adulte est prévenu.",
        "2/3 · Tu es à la moitié de l'échange avec Berufskolleg Weimar. Comment ça se passe\u00a0? [Bien] [La technique me "
        "bloque] [J'ai décroché] [Quelqu'un me gêne]",
        noted,
        "L'échange est fini, Mira. Bravo d'être allé au bout\u00a0! Qu'as-tu appris\u00a0? Une pression, et c'est noté pour ton "
        "CV. [Ce que j'ai appris]",
        "3/3 · Reste ton bilan de l'échange\u00a0: quelques lignes ou un enregistrement, à Nadia Ferhaoui. Où en es-tu\u00a0? "
        "[Donné] [Pas encore]",
        noted,
    ]
    assert journey.ask(select(CaseRow.topic)) == []


async def test_help_comes_as_always_with_the_numbers_of_home(begin: Begin) -> None:
    journey = await imported(begin)
    await journey.press("mira", "yes")
    await journey.until("2027-03-10 12:00")
    journey.heard("luc"), journey.heard("mira")

    await journey.say("mira", "SOS")

    assert "112" in journey.heard("mira")[0]
    assert journey.heard("luc")[0].splitlines()[0] == "🆘 SOS · Mira O., at home (12:00 there)"


async def test_who_never_began_is_asked_after_once_and_nobody_is_woken(begin: Begin) -> None:
    """The link is never opened: one case to follow up, three days before, and no more when the first session comes."""
    journey = await imported(begin, joins=False)
    await journey.until("2027-03-04 20:00")
    early = journey.ask(select(CaseRow.topic))
    await journey.until("2027-03-29 12:00")

    assert early == []
    told = "\n".join(journey.heard("nadia"))
    assert ("never started" in told, "departure" in told, "return" in told, "abroad" in told) == (
        True,
        False,
        False,
        False,
    )
    assert journey.ask(select(CaseRow.topic, CaseRow.level)) == [("never_started", Level.FOLLOW_UP)]
