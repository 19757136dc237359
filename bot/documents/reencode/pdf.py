"""A PDF made anew from its pages: no scripts, no attachments, no links, no forms, nothing about its author."""

from __future__ import annotations

import io
import struct
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject

from bot.domain.proof import PAGES, Fault, FileRefused

BROKEN = (
    PyPdfError, OSError, ValueError, LookupError, TypeError, AttributeError, AssertionError, ArithmeticError,
    RecursionError, NotImplementedError, struct.error,
)  # fmt: skip
"""What reading a damaged PDF can raise."""
OF_A_PAGE = {"/Type", "/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Resources", "/Contents", "/Group", "/Annots"}
"""What makes a page look as it does; everything else is left out."""
NEVER = (
    "/JS", "/JavaScript", "/AA", "/OpenAction", "/EF", "/AF", "/Metadata", "/PieceInfo", "/LastModified", "/OPI",
    "/Ref", "/PtData", "/Measure", "/StructParents", "/StructParent",
)  # fmt: skip
"""What even a font or a picture may carry, and no page needs to be read."""
UNSEEN = {"/Link", "/Popup", "/FileAttachment", "/Movie", "/Screen", "/Sound", "/RichMedia", "/3D", "/TrapNet"}
"""Annotations that do something, rather than show something."""


def rebuild(content: bytes) -> bytes:
    """The same pages in a new file.

    Raises:
        FileRefused: locked, too many pages, or damaged.
    """
    try:
        reader = PdfReader(io.BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise FileRefused(Fault.LOCKED)
        if len(reader.pages) > PAGES:
            raise FileRefused(Fault.PAGES)
        if not reader.pages:
            raise FileRefused(Fault.BROKEN)
        return _written(_only_pages(reader))
    except BROKEN:
        raise FileRefused(Fault.BROKEN) from None


def _only_pages(reader: PdfReader) -> PdfWriter:
    writer = PdfWriter()
    for page in reader.pages:
        for key in [key for key in page if key not in OF_A_PAGE]:
            del page[key]
        if "/Annots" in page:
            page[NameObject("/Annots")] = _shown(page["/Annots"].get_object())
        writer.add_page(page)
    for number in range(1, len(writer._objects) + 1):
        _scrub(writer.get_object(number))
    return writer


def _written(writer: PdfWriter) -> bytes:
    writer.metadata = None
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def _shown(annotations: Any) -> ArrayObject:
    """Filled-in fields, signatures, handwriting: what they look like is kept, as a stamp; what they do is not."""
    kept = ArrayObject()
    for each in annotations if isinstance(annotations, ArrayObject) else ():
        found = each.get_object()
        looks = found.get("/AP") if isinstance(found, DictionaryObject) else None
        looks = looks.get_object() if looks is not None else None
        if not isinstance(looks, DictionaryObject) or "/N" not in looks or found.get("/Subtype") in UNSEEN:
            continue
        stamp = DictionaryObject(
            {NameObject("/Type"): NameObject("/Annot"), NameObject("/Subtype"): NameObject("/Stamp")}
        )
        for key in ("/Rect", "/F", "/AS"):
            if key in found:
                stamp[NameObject(key)] = found[key].get_object()
        stamp[NameObject("/AP")] = DictionaryObject({NameObject("/N"): looks.raw_get("/N")})
        kept.append(stamp)
    return kept


def _scrub(found: Any) -> None:
    """Take out of an object, and of what stands within it, what must never be there."""
    if isinstance(found, ArrayObject):
        for inner in found:
            _scrub(inner)
    if not isinstance(found, DictionaryObject):
        return
    for key in NEVER:
        found.pop(NameObject(key), None)
    if isinstance(found, StreamObject) and found.get("/Subtype") == "/Image" and _is_jpeg(found.get("/Filter")):
        found._data = bare_jpeg(found._data)
    for inner in found.values():
        _scrub(inner)


def _is_jpeg(filters: Any) -> bool:
    return filters == "/DCTDecode" or (isinstance(filters, ArrayObject) and list(filters) == ["/DCTDecode"])


def bare_jpeg(picture: bytes) -> bytes:
    """A JPEG without its notes (Exif, places, comments); how its colours are meant stays."""
    kept, place = bytearray(picture[:2]), 2
    while picture[place : place + 1] == b"\xff" and place + 4 <= len(picture):
        marker, size = picture[place + 1], struct.unpack(">H", picture[place + 2 : place + 4])[0] + 2
        if marker == 0xDA:
            break
        if not (0xE1 <= marker <= 0xEF and marker != 0xEE) and marker != 0xFE:
            kept += picture[place : place + size]
        place += size
    return bytes(kept) + picture[place:]
