"""The sheet as a tagged PDF (PDF/UA-1), by typst: the extra `pdf`."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from types import ModuleType

from bot.sheets.file import SheetError
from bot.sheets.sheet import Sheet, values

TEMPLATE = Path(__file__).parent / "templates" / "sheet.typ"


def need_typst() -> ModuleType:
    """Typst itself.

    Raises:
        SheetError: it is not installed.
    """
    try:
        import typst
    except ImportError:
        raise SheetError(
            "A PDF needs the extra `pdf`, which is not installed: .venv/bin/python -m pip install typst. "
            "A file that ends with .html needs nothing more, and every browser prints it."
        ) from None
    return typst


def pdf(sheet: Sheet, made: datetime) -> bytes:
    """The document, dated `made`. Values reach the template as JSON: no name can be taken for markup.

    Raises:
        SheetError: typst is not installed, or no font of this machine has the letters of a name.
    """
    typst = need_typst()
    try:
        content: bytes = typst.compile(
            TEMPLATE,
            format="pdf",
            sys_inputs={"sheet": json.dumps(values(sheet))},
            pdf_standards="ua-1",
            timestamp=made.replace(microsecond=0),
        )
    except typst.TypstError as problem:
        raise SheetError(
            f"The PDF cannot be made: {problem}. Install a font that has these letters, "
            "or make the sheet as .html: browsers have their own."
        ) from None
    return content
