"""The sheet as a file: an HTML page that needs nothing else, or a tagged PDF (PDF/UA-1) by typst, the extra `pdf`."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import ModuleType

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.documents.invitations.sheet import Sheet, values
from bot.i18n import _, file_fault, say

TEMPLATES = Path(__file__).parent / "templates"
_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters["drawing"] = Markup
"""Our own drawings only: never a value that somebody wrote."""


class SheetError(Exception):
    """The sheet cannot be made; one line that says what to do."""


def html(sheet: Sheet) -> bytes:
    return _templates.get_template("sheet.html").render(sheet=values(sheet)).encode()


def need_typst() -> ModuleType:
    """Typst itself.

    Raises:
        SheetError: it is not installed.
    """
    try:
        import typst
    except ImportError:
        raise SheetError(
            say(
                _(
                    "A PDF needs the extra `pdf`, which is not installed: .venv/bin/python -m pip install typst. A file that ends with .html needs nothing more, and every browser prints it."
                )
            )
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
            TEMPLATES / "sheet.typ",
            format="pdf",
            sys_inputs={"sheet": json.dumps(values(sheet))},
            pdf_standards="ua-1",
            timestamp=made.replace(microsecond=0),
        )
    except typst.TypstError:
        raise SheetError(
            say(
                _(
                    "The PDF cannot be made: no font of this machine has the letters of a name. Install one that has them, or make the sheet as .html: browsers have their own."
                ),
            )
        ) from None
    return content


@contextmanager
def placed(path: Path, *, force: bool) -> Iterator[Callable[[bytes], None]]:
    """A function that writes the file. Whether it can be written is known before it is called.

    Raises:
        SheetError: the file is there and `force` is not given, or the folder cannot be written to.
    """
    if path.is_dir():
        raise SheetError(say(_("{path} is a folder: name a file in it"), path=path))
    if path.exists() and not force:
        raise SheetError(
            say(_("{path} is there already. Add --force to replace it; its codes then stop working."), path=path)
        )
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        handle = os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except OSError as problem:
        raise SheetError(
            say(_("{path} cannot be written: {reason}. Name another place."), path=path, reason=file_fault(problem))
        ) from None

    def write(content: bytes) -> None:
        with os.fdopen(handle, "wb", closefd=False) as file:
            file.write(content)
        os.fsync(handle)
        os.replace(draft, path)

    try:
        yield write
    finally:
        os.close(handle)
        draft.unlink(missing_ok=True)
