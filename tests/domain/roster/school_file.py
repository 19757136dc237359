"""A file as a school has it, read beside the shipped programme."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime

import xlsxwriter

from bot.domain.programme import Programme
from bot.domain.roster import KnownSchool, Roster, read_roster
from bot.domain.roster.headers import NO_COLUMNS, Columns
from bot.domain.roster.table import table_from

TODAY = date(2026, 11, 29)
VALMER = KnownSchool("valmer", "Lycée Suzanne-Valmer", "Ardonville", "Europe/Paris", 2)
OMBELLE = KnownSchool("ombelle", "EPL du Val d'Ombelle", "Saint-Ferrol", "Europe/Paris", 2)
HEADER = "Référence;Nom;Prénom;Date de naissance;Filière;Établissement;Pays;Ville;Départ;Début;Fin;Retour"
DAYS = "06/03/2027;08/03/2027;26/03/2027;27/03/2027"
ADULT = "04/02/2005"


def line(reference: str, *, name: str = "", track: str = "bac pro", country: str = "Espagne", city: str = "Caspe",
         days: str = DAYS, birth: str = ADULT) -> str:  # fmt: skip
    return f"{reference};{name or reference};Ana;{birth};{track};valmer;{country};{city};{days}"


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
