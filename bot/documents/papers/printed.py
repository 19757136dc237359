"""A paper as a file: a tagged PDF (PDF/UA-1) by typst, the extra `pdf`, or an HTML page that every browser prints."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.documents.papers.paper import Paper
from bot.i18n import Text, _, say

TEMPLATES = Path(__file__).parent / "templates"
FONTS = Path(__file__).parents[1] / "pictures" / "fonts"
HOUSE = "house"
"""What all papers have in common: letterhead, fonts, colours."""
PATIENCE = 60
MIMES = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
_BARE = {name: value for name, value in os.environ.items() if name in {"PATH", "SYSTEMROOT", "HOME", "TMPDIR"}}
"""Of the environment, which holds secrets, what a process needs to start."""
_pages = Environment(
    loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_MAIN = """#import "house.typ": frame
#import "{kind}.typ": paper
#let papers = json("papers.json")
#show: frame.with(papers)
#for (number, it) in papers.enumerate() {{
  if number > 0 {{ pagebreak(weak: true) }}
  set text(lang: it.language)
  paper(it)
}}
"""
_WHERE = re.compile(r"┌─ (?:.*[/\\])?(\w+)\.typ:(\d+):")
LETTERS = _(
    "No font of this machine has the letters of a name. Take the page for the browser (HTML): browsers have their own."
)
_FAULTS: tuple[tuple[str, Text], ...] = (
    ("unknown variable: (.+)", _("the word “{what}” is not known here")),
    ("un(?:closed|expected) (.+)", _("a bracket, a quotation mark or a comma is missing or too much near here")),
    ("expected (.+)", _("a bracket, a quotation mark or a comma is missing or too much near here")),
    ("(?:file not found|path|failed to download|failed to load).*", _("a template may use nothing but its own folder: no other file, no package")),
    ('dictionary does not contain key "(.+)"|no default value.*', _("this paper has no part “{what}”")),
    ("(?:unresolved import)", _("the frame does not offer what is asked of it here")),
)  # fmt: skip
"""What typst says most often of a template, in the reader's words."""


class PaperError(Exception):
    """The paper cannot be made; one sentence that says what to do."""


def has_typst() -> bool:
    return find_spec("typst") is not None


def shipped(kind: str) -> str:
    """The template that comes with Compagnon."""
    return (TEMPLATES / f"{kind}.typ").read_text("utf-8")


def articles(papers: Sequence[Paper]) -> Markup:
    """The papers within a page of the desk."""
    return Markup(_pages.get_template("articles.html").render(papers=[each.written() for each in papers]))


def html(papers: Sequence[Paper]) -> bytes:
    """A page that needs nothing else."""
    first = papers[0].written()
    return _pages.get_template("paper.html").render(first=first, papers=[each.written() for each in papers]).encode()


def pdf(papers: Sequence[Paper], made: datetime, changed: Mapping[str, str] | None = None, form: str = "pdf") -> bytes:
    """Papers of one kind in one document. `changed` are templates in place of those that come with Compagnon.

    Raises:
        PaperError: typst is not installed, or a template cannot be used.
    """
    if not has_typst():
        raise PaperError(say(_("A PDF needs the extra `pdf`, which is not installed here. The page for the browser needs nothing more.")))  # fmt: skip
    kind, own = papers[0].kind, changed or {}
    with TemporaryDirectory(prefix="compagnon-") as place:
        folder = Path(place)
        for name in (HOUSE, kind):
            (folder / f"{name}.typ").write_text(own.get(name) or shipped(name), "utf-8")
        (folder / "main.typ").write_text(_MAIN.format(kind=kind), "utf-8")
        (folder / "papers.json").write_text(json.dumps([each.written() for each in papers]), "utf-8")
        return _typeset(folder, made, form)


def _typeset(folder: Path, made: datetime, form: str) -> bytes:
    moment = made.replace(microsecond=0).isoformat()
    asked = {"folder": str(folder), "fonts": [str(FONTS)], "form": form, "made": moment}
    command = [sys.executable, "-I", str(Path(__file__).with_name("typeset.py"))]
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            command, input=json.dumps(asked).encode(), capture_output=True, timeout=PATIENCE, check=False, env=_BARE
        )
    except subprocess.TimeoutExpired:
        raise PaperError(say(_("This template takes too long: something in it repeats without end."))) from None
    if done.returncode == 0:
        return done.stdout
    if done.returncode != 3:
        raise PaperError(say(_("This template takes too long: something in it repeats without end.")))
    raise PaperError(_fault(**json.loads(done.stderr)))


def _fault(message: str, diagnostic: str) -> Text:
    """What typst says, with the line of the template that it says it of."""
    if "could not be displayed with font" in message:
        return say(LETTERS)
    reason: Text = message
    for pattern, words in _FAULTS:
        found = re.match(pattern, message)
        if found:
            reason = say(words, what=(found[1] if found.groups() else "") or "")
            break
    where = _WHERE.search(diagnostic)
    if where is None or where[1] == "main":
        return say(_("The template cannot be used: {reason}."), reason=reason)
    return say(_("Line {line} of {name}: {reason}."), line=where[2], name=f"{where[1]}.typ", reason=reason)
