"""`python -m bot catalogs`: for whoever changes or translates a text.

English is the source: its message ids are its texts, so it has no catalog of its own. What changes nothing for a
reader (dates, line numbers, names of tools) is kept out of the files, so that a diff shows texts only.
"""

from __future__ import annotations

import argparse
import io
import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from gettext import c2py
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from bot.commands.terminal import tell
from bot.domain.programme.inherit import words_in
from bot.i18n import LANGUAGES, _

if TYPE_CHECKING:
    Subparsers = argparse._SubParsersAction[argparse.ArgumentParser]

ROOT = Path(__file__).resolve().parents[2]
SOURCE = "en"
TRANSLATED = tuple(language for language in LANGUAGES if language != SOURCE)
TEMPLATE = Path("locales/compagnon.pot")
WRITTEN = ("fr", "en", "es")
"""The languages that stand in the example programme itself; its texts in all others are a catalog of their own."""
EXAMPLE = "programme.example.toml"
KEYWORDS = {"_": None, "_n": (1, 2), "_p": ((1, "c"), 2)}
TAGS = ("Translators:",)
COMMENTS = "bot.domain.programme.example:extract"
WIDTH = 100
ALIKE = 0.85
"""How much of an old text a new one must keep for its translation to be a useful guess."""
_FLEETING = re.compile(
    r'^"(?:Project-Id-Version|Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator'
    r"|Language-Team|Generated-By|X-Generator): .*\n",
    re.MULTILINE,
)
_MARK = re.compile(rf"\b(?:{'|'.join(KEYWORDS)})\s*\(".encode())
"""Where a text of the code begins."""
_BRACES = re.compile(r"\{[^{}]*\}|[{}]")


def add(subparsers: Subparsers) -> None:
    """Say what the command takes."""
    parser = subparsers.add_parser("catalogs", help=_("for translators: keep the texts of each language up to date"))
    parser.add_argument("--update", action="store_true", help=_("bring new and changed texts into locales/"))
    parser.add_argument("--check", action="store_true", help=_("say what is missing or wrong; part of `run.py lint`"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Update, or check; without a word about it, check."""
    if args.update:
        update(ROOT)
    problems = list(check(ROOT))
    for problem in problems:
        print(problem)
    if not problems:
        tell(_("Every text is there in {languages}."), languages=", ".join(LANGUAGES))
    return 1 if problems and (args.check or not args.update) else 0


@dataclass(frozen=True)
class Domain:
    """One kind of texts: where they stand, and in which languages they have catalogs."""

    name: str
    languages: tuple[str, ...]
    extracted: Callable[[Path], Catalog]

    @property
    def template(self) -> Path:
        return Path("locales") / f"{self.name}.pot"


def domains() -> tuple[Domain, Domain]:
    """Compagnon's own texts, and those of the programme that it is shipped with."""
    further = tuple(language for language in LANGUAGES if language not in WRITTEN)
    return Domain("compagnon", TRANSLATED, extracted), Domain("programme", further, programme_texts)


def update(root: Path) -> None:
    """Write the templates, and merge them into the catalogs of each language. No translation is lost."""
    for domain in domains():
        template = domain.extracted(root)
        _write(root / domain.template, written(template))
        for language in domain.languages:
            found = merged(root, language, template, domain.name, guess=True)
            _write(catalog_path(root, language, domain.name), written(found))


def check(root: Path) -> Iterator[str]:
    """What is out of date, missing or wrong, in plain lines."""
    for domain in domains():
        yield from _check(root, domain)


def _check(root: Path, domain: Domain) -> Iterator[str]:
    template = domain.extracted(root)
    wanted = {root / domain.template: written(template)}
    catalogs = {language: merged(root, language, template, domain.name) for language in domain.languages}
    wanted |= {catalog_path(root, language, domain.name): written(found) for language, found in catalogs.items()}
    for path, text in wanted.items():
        if not path.exists() or path.read_text("utf-8") != text:
            yield f"{path.relative_to(root)} is out of date: python3 run.py catalogs --update"
    for language, found in catalogs.items():
        for message in found:
            if message.id:
                told = faults(message, found.num_plurals, _alone(found.plural_expr))
                yield from (f"{language}: {fault}: {_shown(message)}" for fault in told)


def extracted(root: Path) -> Catalog:
    """Every text of the code, the pages and the example programme, file by file in the order they stand there."""
    template = Catalog(
        header_comment="# The texts of Compagnon. Made by: python3 run.py catalogs --update", fuzzy=False
    )
    for path in sorted((root / "bot").rglob("*.py")):
        _extract(template, root, path, "python")
    for path in sorted((root / "bot").rglob("*.html")):
        if "templates" in path.parts:
            _extract(template, root, path, babel_extract)
    if (root / EXAMPLE).exists():
        _extract(template, root, root / EXAMPLE, COMMENTS)
    return template


def programme_texts(root: Path) -> Catalog:
    """Every text of the example programme in English, with the place where it stands."""
    template = Catalog(header_comment="# The texts of the programme that Compagnon is shipped with.", fuzzy=False)
    if (root / EXAMPLE).exists():
        for path, words in words_in(tomllib.loads((root / EXAMPLE).read_text("utf-8"))):
            notes = [f"{'.'.join(map(str, path))}; fr: {words['fr']}"] if "fr" in words else []
            template.add(words[SOURCE], None, [(EXAMPLE, 1)], auto_comments=notes)
    return template


def _extract(template: Catalog, root: Path, path: Path, method: Any) -> None:
    name, source = path.relative_to(root).as_posix(), path.read_bytes()
    if method == "python" and not _MARK.search(source):
        return  # half of the code, which need not be read word by word
    options = {"silent": "false"}
    found = extract(method, io.BytesIO(source), KEYWORDS, TAGS, options, strip_comment_tags=True)
    for line, message, notes, context in found:
        template.add(message, None, [(name, line)], auto_comments=notes, context=context)


def merged(root: Path, language: str, template: Catalog, domain: str = "compagnon", *, guess: bool = False) -> Catalog:
    """The catalog of a language with the texts of the template. What it lost comes back when its text does.

    With `guess` a new text takes the translation of a similar old one, marked fuzzy: never shown to anybody.
    """
    path = catalog_path(root, language, domain)
    found = Catalog(locale=language, header_comment=f"# Compagnon: {language}", fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            found = read_po(file, locale=language)
    for message in found.obsolete.values():
        if found.get(message.id, message.context) is None:
            found[message.id] = message
    found.obsolete.clear()
    found.update(template, no_fuzzy_matching=not guess, update_creation_date=False)
    for message in found:
        if message.previous_id and _unlike(_forms(message.id)[0], message.previous_id[0]):
            message.string, message.flags = _nothing(message), message.flags - {"fuzzy"}
    return found


def _unlike(text: str, earlier: str) -> bool:
    """Babel guesses boldly; a bad guess is more work than none."""
    return SequenceMatcher(None, text, earlier).ratio() < ALIKE


def _nothing(message: Message) -> str | tuple[str, ...]:
    return "" if isinstance(message.id, str) else ("",) * len(_forms(message.string or ""))


def catalog_path(root: Path, language: str, domain: str = "compagnon") -> Path:
    """Where the texts of a language are kept."""
    return root / "locales" / language / "LC_MESSAGES" / f"{domain}.po"


def written(texts: Catalog) -> str:
    """A catalog as it stands in its file."""
    file = io.BytesIO()
    write_po(file, texts, width=WIDTH, include_lineno=False)
    return _FLEETING.sub("", file.getvalue().decode()).rstrip("\n") + "\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="\n")


@cache
def _alone(plural: str) -> frozenset[int]:
    """The plural forms that stand for one number alone: "two days" need not say 2."""
    form = c2py(plural)
    numbers = [form(number) for number in range(200)]
    return frozenset(each for each in set(numbers) if numbers.count(each) == 1)


def faults(message: Message, plurals: int, alone: Collection[int] = ()) -> Iterator[str]:
    """What is wrong with the translation of one text. A form that is `alone` need not name its number."""
    sources, forms = _forms(message.id), _forms(message.string or "")
    if not any(forms):
        yield "no translation"
        return
    if message.fuzzy:
        yield "a guess (fuzzy), to be read and confirmed"
        return
    if not all(forms) or len(forms) != (1 if len(sources) == 1 else plurals):
        yield f"{plurals} plural forms are needed"
    for place, form in enumerate(forms):
        if form:
            yield from _names(sources, form, counted=len(sources) == 1 or place not in alone)


def _names(sources: tuple[str, ...], form: str, *, counted: bool) -> Iterator[str]:
    """`{names}` that a form lost or made up. A form may follow the singular or the plural."""
    wanted = [set(_BRACES.findall(source)) for source in sources]
    found = set(_BRACES.findall(form))
    if found in wanted or (not counted and found | {"{count}"} in wanted):
        return
    for name in sorted(wanted[-1] - found):
        yield f"{name} is lost"
    for name in sorted(found - set().union(*wanted)):
        yield f"{name} is not in the English text"


def _forms(text: str | Sequence[str]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text)


def _shown(message: Message) -> str:
    return f'"{_forms(message.id)[0]}"'.replace("\n", "\\n")
