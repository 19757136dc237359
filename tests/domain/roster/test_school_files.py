"""Files as schools have them: each is read right, or refused with what is wrong and how to mend it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.person import Role
from bot.domain.roster import Tutor
from tests.domain.roster.school_file import HEADER, VALMER, Read, line, references, said


def test_running_numbers_are_no_reference(read: Read) -> None:
    roster = read.csv(HEADER.replace("Référence", "N°"), line("1"), line("2"))
    assert roster.rows == ()
    assert said(roster)[0] == [
        'row 1, column "N°": these numbers only count the rows: sorted anew, they would name other people. Use a '
        "reference that stays with each person (INE, a number of the school, letters and a number)"
    ]


def test_numbers_of_the_school_may_stand_under_a_number_sign(read: Read) -> None:
    assert references(read.csv(HEADER.replace("Référence", "N°"), line("20417"), line("31877"))) == ["20417", "31877"]


def test_running_numbers_beside_a_reference_are_left_out(read: Read) -> None:
    roster = read.csv(f"N°;{HEADER}", f"1;{line('A7')}")
    assert references(roster) == ["A7"]
    assert said(roster) == ([], ['row 1, column "N°": left out: column "Référence" says it more exactly'])


@pytest.mark.parametrize("title", ["Langue de la mobilité", "Langue de travail", "Main language of mobility"])
def test_language_of_the_stay_is_not_the_learners(title: str, read: Read) -> None:
    roster = read.csv(f"{HEADER};{title}", f"{line('A1')};espagnol", f"{line('A2')};", f"{line('A3')};ESP2")
    assert [(row.language, row.working_language) for row in roster.rows] == [("fr", "es"), ("fr", ""), ("fr", "")]
    says = '"ESP2" is no language: write one code (fr, en, es) or name'
    assert said(roster) == ([], [f'row 4, column "{title}": {says}'])


@pytest.mark.parametrize("title", ["LV1", "Langue étrangère"])
def test_a_language_of_the_lessons_is_left_out(title: str, read: Read) -> None:
    roster = read.csv(f"{HEADER};{title}", f"{line('A1')};espagnol")
    assert [row.language for row in roster.rows] == ["fr"]
    says = "a language of the stay or of the lessons, not the one to write to the learner in: left out"
    assert said(roster) == ([], [f'row 1, column "{title}": {says}'])


def test_column_with_the_month_first_keeps_everything_out(read: Read) -> None:
    roster = read.csv(
        HEADER,
        line("M1", days="03/06/2027;03/08/2027;03/26/2027;03/27/2027"),
        line("M2", days="02/01/2027;02/02/2027;04/09/2027;04/10/2027"),
    )
    says = "nothing was read. Write them all like 31/03/2027"
    assert roster.rows == ()
    assert said(roster)[0] == [
        f'row 1, column "Fin": the dates of this column have the month first (03/26/2027, row 2): {says}',
        f'row 1, column "Retour": the dates of this column have the month first (03/27/2027, row 2): {says}',
    ]


def test_dates_that_can_hardly_be_are_said(read: Read) -> None:
    roster = read.csv(
        HEADER,
        line("D1", days="06/03/2025;08/03/2025;26/03/2025;27/03/2025"),
        line("D2", days="06/03/2027;08/06/2027;26/06/2027;27/06/2027"),
        line("D3", days="06/03/2027;08/03/2027;26/03/2027;01/01/2028"),
        line("D4", days="06/03/2027 ou 13/03/2027;08/03/2027;26/03/2027;27/03/2027"),
        line("D5", birth="04/02/1957"),
    )
    assert (references(roster), said(roster)) == (
        ["D1", "D2", "D3", "D4", "D5"],
        (
            [],
            [
                'row 2, column "Retour": 27/03/2025 has passed: nothing will be sent for this stay',
                'row 3, column "Début": 94 days after the day in column "Départ": is that right?',
                'row 4, column "Retour": 281 days after the day in column "Fin": is that right?',
                'row 5, column "Départ": "ou 13/03/2027" stands behind the date and is left out',
                'row 6, column "Date de naissance": 04/02/1957 gives an age of 70 at departure: is that right for a '
                "learner?",
            ],
        ),
    )


def test_one_person_under_two_references_is_said_once(read: Read) -> None:
    roster = read.csv(HEADER, line("A1", name="ALPHA"), line("A2", name="Alpha"))
    assert said(roster) == (
        [],
        [
            'rows 2, 3, column "Référence": the same name and birth date under A1, A2: if it is one person, keep one '
            "reference"
        ],
    )


def test_one_reference_written_in_two_ways_is_refused(read: Read) -> None:
    roster = read.csv(HEADER, line("val-01", name="ALPHA"), line("VAL 01", name="BETA"))
    assert (roster.rows, len(roster.problems)) == ((), 2)


def test_employer_of_an_apprentice_is_not_the_host(read: Read) -> None:
    title = "Entreprise;Maître d'apprentissage;E-mail maître d'apprentissage"
    roster = read.csv(f"{HEADER};{title}", f"{line('C1', track='CAP')};Boucherie Martin;MARTIN Gérard;gm@example.org")
    says = 'the employer at home, not the host abroad: left out. The host stands under "Organisme d\'accueil"'
    employer = {Role.EMPLOYER: Tutor("MARTIN Gérard", "gm@example.org", "fr")}
    assert [(row.host, row.tutor, row.externals) for row in roster.rows] == [("", None, employer)]
    assert said(roster)[1] == [f'row 1, column "Entreprise": {says}']


def test_what_a_contract_says_beside_the_employer_is_left_out(read: Read) -> None:
    roster = read.csv(
        f"{HEADER};Employeur;N° SIRET;OPCO", f"{line('C1', track='CAP')};Atelier Corvaisier;123;Constructys"
    )
    assert [row.externals for row in roster.rows] == [{Role.EMPLOYER: Tutor("Atelier Corvaisier", None, "fr")}]
    assert [each.partition(":")[0] for each in said(roster)[1]] == ['row 1, column "N° SIRET"', 'row 1, column "OPCO"']


def test_company_of_a_pupil_is_the_host(read: Read) -> None:
    roster = read.csv(f"{HEADER};Entreprise;Maître de stage", f"{line('C1')};Fjord Elektro;Ola")
    assert [(row.host, row.tutor and row.tutor.name) for row in roster.rows] == [("Fjord Elektro", "Ola")]


def test_page_of_the_tutor_speaks_german(read: Read) -> None:
    roster = read.csv(f"{HEADER};Tuteur;Langue tuteur", f"{line('A1', country='Allemagne', city='Burg')};Jan;allemand")
    assert ([row.tutor and row.tutor.language for row in roster.rows], said(roster)) == (["de"], ([], []))


def test_guest_whom_the_programme_does_not_know_is_refused(read: Read) -> None:
    outgoing_only = Read(read.programme.model_copy(update={"incoming": type(read.programme.incoming)()}))
    lines = (
        f"{HEADER};Type de mobilité;Pays d'origine",
        f"{line('R1', country='France', city='Lyon')};entrant;Maurice",
    )
    assert said(outgoing_only.csv(*lines))[0] == [
        'row 2, column "Type de mobilité": the programme has no part for stays of kind "incoming": nobody would ask '
        "after this learner"
    ]


def test_school_without_adults_is_said(read: Read) -> None:
    roster = read.csv(HEADER, line("A1"), school=replace(VALMER, adults=0))
    assert said(roster)[1] == [
        'row 2, column "Établissement": nobody of "Lycée Suzanne-Valmer" can take a case: name a coordinator in the '
        "team, then import it again"
    ]


@pytest.mark.parametrize(
    ("status", "read_as"),
    [("", "planned"), ("Annulé", "withdrawn"), ("Interrompu", "broken_off"), ("reporté", "postponed")],
)
def test_status_says_whether_the_stay_goes_on(status: str, read_as: str, read: Read) -> None:
    assert [row.status for row in read.csv(f"{HEADER};Statut", f"{line('A1')};{status}").rows] == [read_as]
