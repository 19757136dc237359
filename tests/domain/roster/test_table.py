"""Tables from files: CSV in its French dress, XLSX, ODS, and what is no table at all."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.opening import read_table
from bot.domain.roster import Table
from bot.domain.roster.grid import TableError
from bot.domain.roster.table import MOST_BYTES, MOST_ROWS

HEADER = ("Référence", "Prénom")
ROWS = (("R1", "Maëlle; l'aînée"), (None, None), ("R2", "Œdipe, fils"))
QUOTED = 'Référence;Prénom\r\nR1;"Maëlle; l\'aînée"\r\n;\r\nR2;"Œdipe, fils"\r\n;\r\n\r\n'

_ODS = "urn:oasis:names:tc:opendocument:xmlns"
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_ODS}:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" '
    'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>'
)
_CELL = '<table:table-cell office:value-type="{kind}" {value}><text:p>{text}</text:p></table:table-cell>'


def written(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def refused(path: Path) -> str:
    with pytest.raises(TableError) as caught:
        read_table(path)
    return str(caught.value)


def ods(path: Path, *rows: str) -> Path:
    """The smallest ODS that a reader accepts, with the million empty rows that LibreOffice adds."""
    content = (
        f'<office:document-content xmlns:office="{_ODS}:office:1.0" xmlns:table="{_ODS}:table:1.0" '
        f'xmlns:text="{_ODS}:text:1.0"><office:body><office:spreadsheet><table:table table:name="S">'
        + "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'table:number-columns-repeated="1024"/></table:table-row>'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("META-INF/manifest.xml", _MANIFEST)
        packed.writestr("content.xml", content)
    return path


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8", "utf-8-sig", "utf-16"])
def test_csv_is_read_in_every_encoding(encoding: str, tmp_path: Path) -> None:
    path = written(tmp_path, "Roster.CSV", QUOTED.encode(encoding))
    assert read_table(path) == Table("Roster.CSV", HEADER, ROWS)


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_csv_is_read_with_every_delimiter(delimiter: str, tmp_path: Path) -> None:
    lines = [["Référence", '"Nom, prénom; titre"', "Ville"], ["R1", '"Durand, Léa; Mme"', "Bergen"]]
    text = "\n".join(delimiter.join(line) for line in lines)
    assert read_table(written(tmp_path, "r.csv", text.encode())) == Table(
        "r.csv", ("Référence", "Nom, prénom; titre", "Ville"), (("R1", "Durand, Léa; Mme", "Bergen"),)
    )


def test_csv_that_names_its_delimiter_is_believed(tmp_path: Path) -> None:
    path = written(tmp_path, "r.csv", b"sep=|\r\na,b|c\r\n1|2\r\n")
    assert read_table(path) == Table("r.csv", ("a,b", "c"), (("1", "2"),))


def test_csv_with_one_column_is_read(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, "r.csv", b"a\n1\n")) == Table("r.csv", ("a",), (("1",),))


def test_header_may_stand_lower(tmp_path: Path) -> None:
    assert read_table(written(tmp_path, "r.csv", b";\n;\na;b\n1;2\n")) == Table("r.csv", ("a", "b"), (("1", "2"),), 4)


def test_csv_with_a_lonely_quotation_mark_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "r.csv", b'a;b\n1;"2\n3;4\n')
    assert refused(path) == "r.csv: line 3: the quotation marks do not match (unexpected end of data)"


def test_csv_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "r.csv", b"a;b\n\x81\x8d;2\n")
    assert refused(path) == "r.csv: this is no text: save the sheet as CSV UTF-8, or as .xlsx"


def test_xlsx_gives_the_first_visible_sheet_with_content(tmp_path: Path) -> None:
    path = tmp_path / "r.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("empty").activate()
        hidden = book.add_worksheet("hidden")
        hidden.write(0, 0, "secret")
        hidden.hide()
        sheet = book.add_worksheet("roster")
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, ["Référence", "Naissance", "Téléphone", "Oui"])
        sheet.write_string(1, 0, " R1 ")
        sheet.write_datetime(1, 1, datetime(2009, 3, 31), day)
        sheet.write_number(1, 2, 612345678)
        sheet.write_boolean(1, 3, True)
        sheet.write_string(3, 0, "R2")
    header = ("Référence", "Naissance", "Téléphone", "Oui")
    rows = (("R1", date(2009, 3, 31), 612345678.0, True), (None,) * 4, ("R2", None, None, None))
    assert read_table(path) == Table("r.xlsx", header, rows)


def test_ods_is_read_without_its_million_empty_rows(tmp_path: Path) -> None:
    head = "".join(_CELL.format(kind="string", value="", text=text) for text in ("Référence", "Naissance", "Téléphone"))
    row = (
        _CELL.format(kind="string", value="", text="R1")
        + _CELL.format(kind="date", value='office:date-value="2009-03-31"', text="31/03/09")
        + _CELL.format(kind="float", value='office:value="612345678"', text="612 345 678")
    )
    assert read_table(ods(tmp_path / "r.ods", head, row)) == Table(
        "r.ods", ("Référence", "Naissance", "Téléphone"), (("R1", date(2009, 3, 31), 612345678.0),)
    )


@pytest.mark.parametrize("name", ["r.xlsx", "r.ods"])
def test_spreadsheet_that_is_none_is_refused(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, b"Reference;Nom")
    assert refused(path) == f"{name}: this is no spreadsheet, or it is damaged: save it again"


def test_zip_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w") as packed:
        packed.writestr("letter.txt", "Bonjour")
    assert refused(tmp_path / "r.xlsx") == "r.xlsx: this is no spreadsheet, or it is damaged: save it again"


def test_spreadsheet_that_unpacks_to_too_much_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "r.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"\0" * 100_000_001)
    assert refused(tmp_path / "r.xlsx") == (
        "r.xlsx: far too much is packed into this file: copy the table into a new one"
    )


@pytest.mark.parametrize("content", [b"", b"\n;;\n \n", b"\xef\xbb\xbf"])
def test_file_with_nothing_in_it_is_refused(content: bytes, tmp_path: Path) -> None:
    assert refused(written(tmp_path, "r.csv", content)) == "r.csv: there is nothing in this file"


def test_workbook_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "r.xlsx") as book:
        book.add_worksheet()
    assert refused(tmp_path / "r.xlsx") == "r.xlsx: there is nothing in this file"


def test_file_that_is_missing_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "r.csv") == "r.csv: cannot be read: there is no such file or folder"


@pytest.mark.parametrize(
    ("name", "way_out"),
    [
        ("r.doc", "a roster is a .csv, .xlsx or .ods file"),
        ("r", "a roster is a .csv, .xlsx or .ods file"),
        ("r.xls", "this is the old format of Excel: open it and save it as .xlsx, then send that file"),
        ("r.TXT", "open it in a spreadsheet, check the columns and save it as .xlsx or .csv, then send that file"),
        ("r.pdf", "no table can be read from a PDF: ask for the list as a spreadsheet (.xlsx, .ods or .csv)"),
    ],
)
def test_file_of_another_kind_is_refused_with_the_way_out(name: str, way_out: str, tmp_path: Path) -> None:
    assert refused(written(tmp_path, name, b"a")) == f"{name}: {way_out}"


def test_file_that_is_too_big_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "r.csv", b"a" * (MOST_BYTES + 1))
    assert refused(path) == "r.csv: more than 5 MB: remove pictures and other sheets"


def test_as_many_rows_as_allowed_are_read_and_one_more_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "r.csv", b"a\n" + b"1\n" * MOST_ROWS)
    assert len(read_table(path).rows) == MOST_ROWS
    path.write_bytes(path.read_bytes() + b"1\n")
    assert refused(path) == "r.csv: 5001 rows; 5000 at most can be read at once"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=300), name=st.sampled_from(["r.csv", "r.xlsx", "r.ods"]))
def test_file_of_nonsense_is_read_or_refused(content: bytes, name: str, tmp_path: Path) -> None:
    path = written(tmp_path, name, content)
    try:
        outcome = read_table(path).name
    except TableError as error:
        outcome = str(error).partition(":")[0]
    assert outcome == name


def test_a_cell_in_the_furthest_corner_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "corner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write(0, 0, "Référence")
        sheet.write(1_048_575, 16_383, "x")
    assert refused(path) == "corner.xlsx: far too much is packed into this file: copy the table into a new one"
