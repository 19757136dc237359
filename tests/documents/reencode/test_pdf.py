"""Real PDFs, made anew: their pages are kept, what they do and who made them is not."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import suppress

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from bot.documents.reencode import reencode
from bot.documents.reencode.pdf import bare_jpeg
from bot.domain.proof import PAGES, Fault, FileRefused

FORBIDDEN = (
    b"CANARY",
    b"/JavaScript",
    b"/JS",
    b"/EmbeddedFile",
    b"/OpenAction",
    b"/AA",
    b"/URI",
    b"/Launch",
    b"/AcroForm",
)


def blank(pages: int = 1) -> PdfWriter:
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(200, 100)
    return writer


def written(writer: PdfWriter) -> bytes:
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def rebuilt(content: bytes) -> bytes:
    made = reencode(content)
    assert made.mime == "application/pdf"
    assert [word for word in FORBIDDEN if word in made.content] == []
    return made.content


def refused(content: bytes) -> Fault:
    with pytest.raises(FileRefused) as caught:
        reencode(content)
    return caught.value.fault


def named(**entries: object) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in entries.items()})


def drawing(words: bytes) -> DecodedStreamObject:
    """Something to see, as a form that a page can show."""
    form = DecodedStreamObject()
    form.set_data(words)
    box = ArrayObject([FloatObject(each) for each in (0, 0, 10, 10)])
    form.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Form"), BBox=box))
    return form


def with_script(writer: PdfWriter) -> None:
    script = named(S=NameObject("/JavaScript"), JS=TextStringObject("app.alert('CANARY')"))
    tree = named(Names=ArrayObject([TextStringObject("CANARY"), writer._add_object(script)]))
    writer.root_object[NameObject("/Names")] = named(JavaScript=writer._add_object(tree))


def with_attachment(writer: PdfWriter) -> None:
    writer.add_attachment("CANARY.txt", b"CANARY")


def with_author(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": "CANARY", "/Title": "CANARY"})


def with_link(writer: PdfWriter) -> None:
    writer.add_annotation(0, Link(rect=(0, 0, 50, 50), url="https://canary.example/CANARY"))


def with_action(writer: PdfWriter) -> None:
    action = named(S=NameObject("/Launch"), F=TextStringObject("CANARY.exe"))
    writer.pages[0][NameObject("/AA")] = named(O=writer._add_object(action))
    writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)


def with_notes_everywhere(writer: PdfWriter) -> None:
    note = DecodedStreamObject()
    note.set_data(b"<x>CANARY</x>")
    form = drawing(b"0 0 10 10 re f")
    form[NameObject("/Metadata")] = writer._add_object(note)
    form[NameObject("/PieceInfo")] = named(Secret=TextStringObject("CANARY"))
    held = named(XObject=named(Fm0=writer._add_object(form)))
    writer.pages[0][NameObject("/Resources")] = held
    writer.pages[0][NameObject("/Metadata")] = writer._add_object(note)


@pytest.mark.parametrize(
    "add", [with_script, with_attachment, with_author, with_link, with_action, with_notes_everywhere]
)
def test_what_a_pdf_does_carries_or_says_of_its_author_is_gone(add: Callable[[PdfWriter], None]) -> None:
    writer = blank()
    add(writer)
    content = written(writer)
    assert b"CANARY" in content or add is with_attachment
    pages = PdfReader(io.BytesIO(rebuilt(content))).pages
    assert [(float(page.mediabox.width), float(page.mediabox.height)) for page in pages] == [(200.0, 100.0)]


def test_what_was_filled_in_or_signed_is_still_seen() -> None:
    writer = blank()
    shown = writer._add_object(drawing(b"(signed) Tj"))
    widget = named(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Widget"),
        Rect=ArrayObject([FloatObject(each) for each in (10, 10, 90, 30)]),
        AP=named(N=shown),
        A=named(S=NameObject("/URI"), URI=TextStringObject("https://CANARY")),
        TU=TextStringObject("CANARY"),
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(widget)])
    kept = PdfReader(io.BytesIO(rebuilt(written(writer)))).pages[0]["/Annots"]
    assert isinstance(kept, ArrayObject)
    assert len(kept) == 1
    stamp = kept[0].get_object()
    assert sorted(stamp) == ["/AP", "/Rect", "/Subtype", "/Type"]
    assert (stamp["/Subtype"], stamp["/AP"]["/N"].get_data()) == ("/Stamp", b"(signed) Tj")


def test_a_picture_on_a_page_says_no_more_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY"
    photo = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(photo, "JPEG", exif=exif, comment=b"CANARY")
    picture = DecodedStreamObject()
    picture.set_data(photo.getvalue())
    picture.update(named(Type=NameObject("/XObject"), Subtype=NameObject("/Image"), Filter=NameObject("/DCTDecode")))
    writer = blank()
    writer.pages[0][NameObject("/Resources")] = named(XObject=named(Im0=writer._add_object(picture)))
    content = rebuilt(written(writer))
    start = content.index(b"\xff\xd8")
    shown = Image.open(io.BytesIO(content[start:]))
    shown.load()
    assert (shown.size, dict(shown.getexif())) == ((40, 30), {})


@pytest.mark.parametrize("content", [b"", b"\xff\xd8", b"\xff\xd8\xff", b"\xff\xd8\xff\xe1\xff\xff12", b"no picture"])
def test_a_damaged_picture_is_left_as_it_is_or_shortened(content: bytes) -> None:
    assert len(bare_jpeg(content)) <= len(content)


def test_a_pdf_behind_which_something_else_hides_is_only_its_pages() -> None:
    assert b"CANARY" not in rebuilt(written(blank()) + b"PK\x03\x04 CANARY")


def test_a_locked_pdf_is_refused() -> None:
    writer = blank()
    writer.encrypt("secret", algorithm="AES-256")
    assert refused(written(writer)) is Fault.LOCKED
    open_to_all = blank()
    open_to_all.encrypt("", "owner", algorithm="RC4-128")
    assert refused(written(open_to_all)) is Fault.LOCKED


def test_a_pdf_has_some_pages_and_not_too_many() -> None:
    assert len(PdfReader(io.BytesIO(rebuilt(written(blank(PAGES))))).pages) == PAGES
    assert refused(written(blank(PAGES + 1))) is Fault.PAGES
    assert refused(written(PdfWriter())) is Fault.BROKEN


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7", b"%PDF-1.7\n" + bytes(500), b"%PDF-1.4\ntrailer<</Root 1 0 R>>\n%%EOF"]
)
def test_what_only_begins_like_a_pdf_is_refused(content: bytes) -> None:
    assert refused(content) is Fault.BROKEN


def test_a_pdf_of_which_the_end_is_missing_harms_nobody() -> None:
    whole = written(blank(3))
    for length in range(20, len(whole), 37):
        with suppress(FileRefused):
            assert PdfReader(io.BytesIO(rebuilt(whole[:length]))).pages


def test_a_pdf_that_is_too_heavy_is_refused() -> None:
    assert refused(written(blank()) + bytes(10_000_000)) is Fault.HEAVY
