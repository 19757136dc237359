"""Spreadsheets and exports as schools have them: title rows, hidden rows, lost letters, maps of other programs."""

from __future__ import annotations

import pytest

from bot.domain.roster.column_map import shipped
from bot.domain.stay import Track
from tests.domain.roster.school_file import DAYS, HEADER, Read, line, references, said


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
