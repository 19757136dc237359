"""Files as schools have them: each is read right, or refused with what is wrong and how to mend it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

import pytest
import xlsxwriter

from bot.domain.person import Role
from bot.domain.programme import Programme
from bot.domain.roster import KnownSchool, Roster, Tutor, read_roster
from bot.domain.roster.column_map import shipped
from bot.domain.roster.headers import NO_COLUMNS, Columns
from bot.domain.roster.table import table_from
from bot.domain.stay import Track

TODAY = date(2026, 11, 29)
VALMER = KnownSchool("valmer", "Lycée Suzanne-Valmer", "Ardonville", "Europe/Paris", 2)
OMBELLE = KnownSchool("ombelle", "EPL du Val d'Ombelle", "Saint-Ferrol", "Europe/Paris", 2)
HEADER = "Référence;Nom;Prénom;Date de naissance;Filière;Établissement;Pays;Ville;Départ;Début;Fin;Retour"
DAYS = "06/03/2027;08/03/2027;26/03/2027;27/03/2027"
ADULT = "04/02/2005"


def line(reference: str, *, name: str = "", track: str = "bac pro", country: str = "Espagne", city: str = "Caspe",
         days: str = DAYS, birth: str = ADULT) -> str:  # fmt: skip
    return f"{reference};{name or reference};Ana;{birth};{track};valmer;{country};{city};{days}"


@pytest.fixture(scope="session")
def read(programme: Programme) -> Read:
    return Read(programme)


class Read:
    """Reads a file of some lines, as UTF-8 CSV or as a workbook."""

    def __init__(self, programme: Programme) -> None:
        self.programme = programme

    def csv(self, *lines: str, columns: Columns = NO_COLUMNS, school: KnownSchool = VALMER) -> Roster:
        return self.file("r.csv", "\r\n".join(lines).encode("utf-8-sig"), columns, school)

    def file(self, name: str, content: bytes, columns: Columns = NO_COLUMNS, school: KnownSchool = VALMER) -> Roster:
        return read_roster(
            table_from(name, content, columns=columns), self.programme, (school, OMBELLE), TODAY, columns
        )

    def book(self, sheets: dict[str, Sequence[Sequence[object]]], hidden: dict[str, list[int]] | None = None) -> Roster:
        made = io.BytesIO()
        with xlsxwriter.Workbook(made) as book:
            day = book.add_format({"num_format": "dd/mm/yyyy"})
            for name, rows in sheets.items():
                sheet = book.add_worksheet(name)
                for number, row in enumerate(rows):
                    for place, cell in enumerate(row):
                        if isinstance(cell, datetime):
                            sheet.write_datetime(number, place, cell, day)
                        else:
                            sheet.write(number, place, cell)
                for row_number in (hidden or {}).get(name, []):
                    sheet.set_row(row_number - 1, None, None, {"hidden": True})
        return self.file("r.xlsx", made.getvalue())


def said(roster: Roster) -> tuple[list[str], list[str]]:
    """Problems and warnings, as the terminal shows them."""
    return [str(each) for each in roster.problems], [str(each) for each in roster.warnings]


def references(roster: Roster) -> list[str]:
    return [row.reference for row in roster.rows]


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


@pytest.mark.parametrize(
    ("country", "city", "zone"),
    [
        ("Espagne", "San Bartolomé de Tirajana", "Atlantic/Canary"),
        ("Espagne", "La Laguna - Tenerife", "Atlantic/Canary"),
        ("Îles Canaries", "Las Palmas", "Atlantic/Canary"),
        ("Canaries", "Adeje", "Atlantic/Canary"),
        ("Canaries", "Un hameau", "Atlantic/Canary"),
        ("Portugal", "Terceira", "Atlantic/Azores"),
        ("Açores", "Ponta Delgada", "Atlantic/Azores"),
        ("Madère", "Un hameau", "Atlantic/Madeira"),
        ("Danemark", "Tórshavn", "Atlantic/Faroe"),
        ("ESP", "Madrid", "Europe/Madrid"),
        ("Kosovo", "Pristina", "Europe/Belgrade"),
        ("Canada", "Montréal", "America/Toronto"),
        ("La Réunion", "Saint-Denis", "Indian/Reunion"),
    ],
)
def test_zone_is_that_of_the_island(country: str, city: str, zone: str, read: Read) -> None:
    roster = read.csv(HEADER, line("I1", country=country, city=city))
    assert ([row.zone for row in roster.rows], said(roster)[0]) == ([zone], [])


def test_place_in_doubt_is_asked_for_with_the_candidates(read: Read) -> None:
    roster = read.csv(HEADER, line("I1", city="Los Cristianos"), line("I2", city="Valverde"))
    assert said(roster)[0] == [
        'row 2, column "Time zone": ES has several time zones and "Los Cristianos" does not tell which: write one '
        "(such as Europe/Madrid, Atlantic/Canary, Africa/Ceuta)",
        'row 3, column "Time zone": "Valverde" is a place in several time zones of ES: write which one '
        "(Europe/Madrid, Atlantic/Canary)",
    ]


@pytest.mark.parametrize("city", ["Saint-Pierre", "Saint-Denis", "Un hameau"])
def test_guest_of_a_school_overseas_lives_by_its_clock(city: str, read: Read) -> None:
    volcan = replace(VALMER, city="Saint-Pierre", zone="Indian/Reunion")
    roster = read.csv(
        f"{HEADER};Type de mobilité;Pays d'origine",
        f"{line('R1', country='', city=city)};entrant;Maurice",
        school=volcan,
    )
    assert [(row.zone, row.home_zone) for row in roster.rows] == [("Indian/Reunion", "Indian/Mauritius")]


@pytest.mark.parametrize(
    ("zone", "written", "number"),
    [
        ("Indian/Reunion", "0692 11 22 33", "+262692112233"),
        ("Europe/Paris", "0692 11 22 33", "+262692112233"),
        ("Europe/Paris", "+33 692 11 22 33", "+262692112233"),
        ("Indian/Reunion", "06 39 01 23 45", "+262639012345"),
        ("America/Martinique", "0696 11 22 33", "+596696112233"),
        ("Indian/Reunion", "06 12 34 56 78", "+33612345678"),
    ],
)
def test_phone_overseas_has_its_own_country_code(zone: str, written: str, number: str, read: Read) -> None:
    roster = read.csv(f"{HEADER};Téléphone", f"{line('R1')};{written}", school=replace(VALMER, zone=zone))
    assert [row.phone for row in roster.rows] == [number]


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


def test_title_rows_above_the_header_do_not_matter(read: Read) -> None:
    roster = read.csv("Liste des mobilités 2026-2027;;;", ";;;", f"{HEADER};;", f"{line('E1')};;")
    assert ([(row.row, row.reference) for row in roster.rows], said(roster)) == ([(4, "E1")], ([], []))


CELLS = line("A1").split(";")


def test_every_sheet_with_the_header_is_read_and_the_others_are_named(read: Read) -> None:
    header = HEADER.split(";")
    roster = read.book(
        {
            "Lisez-moi": [["Ne pas modifier les en-têtes."]],
            "2MELEC": [header, CELLS],
            "TMCV": [["Terminales"], header, ["A2", "BETA", *CELLS[2:]], ["A3", "GAMMA", "?", "hier", *CELLS[4:]]],
        }
    )
    assert references(roster) == ["A1", "A2"]
    assert said(roster) == (
        ['sheet "TMCV", row 4, column "Date de naissance": "hier" is no date: write it like 31/03/2009 or 2009-03-31'],
        ['row 1: sheet "Lisez-moi" was not read: it has no header of a roster'],
    )


def test_hidden_row_is_read_and_said(read: Read) -> None:
    roster = read.book({"Liste": [HEADER.split(";"), CELLS, ["A2", "BETA", *CELLS[2:]]]}, {"Liste": [3]})
    says = "this row is hidden in the spreadsheet and is read all the same: delete it if it is not meant"
    assert (references(roster), said(roster)) == (["A1", "A2"], ([], [f"row 3: {says}"]))


@pytest.mark.parametrize("written", [1234567890123456789, "1,23457E+18", "1234567890123457024"])
def test_reference_that_a_spreadsheet_has_rounded_is_refused(written: object, read: Read) -> None:
    roster = read.book({"Liste": [HEADER.split(";"), [written, *CELLS[1:]]]})
    assert roster.rows == ()
    assert [each.says.partition("is a number")[1] for each in roster.problems] == ["is a number"]


def test_tracks_are_read_by_their_first_words_and_the_others_said_once(read: Read) -> None:
    tracks = (
        "Bac Pro MELEC",
        "BTS MCO",
        "CAP agricole",
        "2nde pro",
        "BPREA",
        "VET-SHORT",
        "Apprentissage",
        "Autre",
        "Autre",
    )
    roster = read.csv(HEADER, *(line(f"T{number}", track=track) for number, track in enumerate(tracks)))
    assert [row.track for row in roster.rows] == [Track.VET, Track.HED, *(Track.VET,) * 4]
    assert said(roster)[0] == [
        'rows 8, 9, 10, column "Filière": no track is known as "Apprentissage", "Autre": write vet, hed or staff '
        "(bac pro, BTS, personnel)"
    ]


def test_page_of_the_tutor_speaks_german(read: Read) -> None:
    roster = read.csv(f"{HEADER};Tuteur;Langue tuteur", f"{line('A1', country='Allemagne', city='Burg')};Jan;allemand")
    assert ([row.tutor and row.tutor.language for row in roster.rows], said(roster)) == (["de"], ([], []))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman", "cp850"])
def test_names_survive_every_encoding(encoding: str, read: Read) -> None:
    content = f"{HEADER}\n{line('A1', name='Zoé Bréhaut-Noël')}\n".encode(encoding)
    roster = read.file("r.csv", content)
    guessed = any("accents of this file were guessed" in each for each in said(roster)[1])
    assert ([row.last_name for row in roster.rows], guessed) == (
        ["Zoé Bréhaut-Noël"],
        encoding in {"mac_roman", "cp850"},
    )


def test_names_whose_letters_were_lost_are_refused_together(read: Read) -> None:
    lost = ("ZoŽ BrŽhaut", "ZoÃ© BrÃ©haut", "Zo? Br?haut", "Zo\ufffd")
    roster = read.csv(HEADER, *(line(f"A{number}", name=name) for number, name in enumerate(lost)))
    assert roster.rows == ()
    assert said(roster)[0] == [
        'rows 2, 3, 4, 5, column "Nom": letters were lost or mixed up in "ZoŽ BrŽhaut", "ZoÃ© BrÃ©haut", "Zo? Br?haut", '
        '"Zo\ufffd": save the sheet as .xlsx, or as CSV UTF-8'
    ]


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


SHAPES = {
    "siecle": ("INE;Nom de famille;Prénom 1;Né(e) le;Division;Lib. MEF;Tél. portable;Établissement;Pays;Ville;"
               "Départ;Début;Fin;Retour", "0712345678A;ALPHA;Ana;04/02/2005;2MELEC;BAC PRO;06 12 34 56 78;valmer"),
    "pronote": ("Numéro national;Nom;Prénom;Né(e) le;Classe;LV1;Filière;Établissement;Pays;Ville;Départ;Début;Fin;Retour",
                "0712345678A;ALPHA;Ana;04/02/2005;2MELEC;ANGLAIS;bac pro;valmer"),
    "charlemagne": ("CodeEleve;NomEleve;PrenomEleve;DateNaissance;CodeClasse;LibelleFormation;Établissement;Pays;Ville;"
                    "Départ;Début;Fin;Retour", "E0712;ALPHA;Ana;04/02/2005;2MELEC;BAC PRO;valmer"),
    "wincfa": ("N° apprenti;Nom apprenti;Prénom apprenti;Date de naissance apprenti;Section;Diplôme;Entreprise;"
               "Établissement;Pays;Ville;Départ;Début;Fin;Retour",
               "20417;ALPHA;Ana;04/02/2005;CAP1;CAP Boucher;Boucherie Martin;valmer"),
    "ypareo": ("Code apprenant;Nom apprenant;Prénom apprenant;Date naissance apprenant;Nom groupe;Nom formation;Statut;"
               "Raison sociale;Établissement;Pays;Ville;Départ;Début;Fin;Retour",
               "20417;ALPHA;Ana;04/02/2005;CAP1;CAP Boucher;Apprenti;Boucherie Martin;valmer"),
}  # fmt: skip


@pytest.mark.parametrize("program", SHAPES)
def test_exports_of_school_programs_are_read_by_their_map(program: str, read: Read) -> None:
    header, cells = SHAPES[program]
    roster = read.csv(header, f"{cells};Espagne;Caspe;{DAYS}", columns=shipped(program))
    assert said(roster)[0] == []
    assert [(row.last_name, row.first_name, row.track, row.host) for row in roster.rows] == [
        ("ALPHA", "Ana", Track.VET, "")
    ]


@pytest.mark.parametrize(
    ("program", "header", "cells"),
    [
        (
            "mobility-online",
            "Application ID;Last name;First name;Date of birth;Home institution;Country of host institution;City of host "
            "institution;Host institution;Stay from;Stay to",
            "MO-77;Alpha;Ana;04/02/2005;valmer;Spain;Caspe;Universidad;08/03/2027;26/06/2027",
        ),
        (
            "beneficiary-module",
            "Mobility ID;Participant Last Name;Participant First Name;Participant Date of Birth;Activity Type;Sending "
            "Organisation;Receiving Country;Receiving City;Receiving Organisation;Mobility Start Date;Mobility End Date",
            "BM-77;Alpha;Ana;04/02/2005;Short-term learning mobility of VET learners;valmer;ES;Caspe;Empresa;"
            "2027-03-08;2027-03-26",
        ),
    ],
)
def test_european_tools_name_one_day_for_the_journey_and_the_activity(
    program: str, header: str, cells: str, read: Read
) -> None:
    roster = read.csv(header, cells, columns=shipped(program))
    assert said(roster)[0] == []
    assert [(row.departure == row.start, row.end == row.back, bool(row.host)) for row in roster.rows] == [(True,) * 3]
