"""What is held about people, as the register of processing lists it: from `bot/domain/personal_data.py`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.domain.person import Adult, Role
from bot.domain.personal_data import HELD
from bot.domain.programme.model import Retention
from bot.domain.purposes import PURPOSES, Kind, Purpose
from bot.domain.rights import Act, may
from bot.i18n import render
from bot.web.desk.people import ROLES

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "privacy"
PAGES = {"en": FOLDER / "register.md", "fr": FOLDER / "register.fr.md"}
BEGIN, END = "<!-- data: begin -->", "<!-- data: end -->"
HEADS = {
    "en": ("What", "Why", "Lawful basis", "Days after the return", "Read at the desk by", "Tables"),
    "fr": ("Quoi", "Pourquoi", "Base légale", "Jours après le retour", "Lu au bureau par", "Tables"),
}
NOBODY = {"en": "nobody but the person", "fr": "personne d'autre que la personne"}


def readers(act: Act | None, language: str) -> str:
    """The roles that may read a kind of data at the school at which they are held."""
    if act is None:
        return NOBODY[language]
    roles = (role for role in Role if may(Adult(1, frozenset({role}), 1), act, 1))
    return ", ".join(render(ROLES[role], language) for role in roles)


def line(kind: Kind, purpose: Purpose, language: str) -> str:
    tables = sorted(name for name, held in HELD.items() if kind in held.kinds)
    words = [render(text, language) for text in (purpose.name, purpose.why, purpose.basis)]
    days = str(Retention().days(purpose.kept))
    cells = (*words, days, readers(purpose.act, language), ", ".join(f"`{name}`" for name in tables))
    return f"| {' | '.join(cells)} |"


def table(language: str) -> Iterable[str]:
    heads = HEADS[language]
    yield f"| {' | '.join(heads)} |"
    yield "|---" * len(heads) + "|"
    for kind, purpose in PURPOSES.items():
        yield line(kind, purpose, language)


def page(language: str) -> str:
    """The whole page, with the table as the data model has it now."""
    text = PAGES[language].read_text("utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    return "\n".join([f"{before}{BEGIN}", *table(language), f"{END}{after}"])
