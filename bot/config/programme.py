"""The programme as files: the school's own, those of other languages beside it, and the shipped one that it may extend."""

from __future__ import annotations

import tomllib
from pathlib import Path

from babel.localedata import exists

from bot.domain.encoding import text_from
from bot.domain.programme import Programme
from bot.domain.programme.inherit import half_changed
from bot.domain.programme.load import language_of
from bot.domain.programme.problem import Problem
from bot.flows.programme import load_ready

SHIPPED = Path(__file__).resolve().parents[2] / "programme.example.toml"


def read_programme(path: Path) -> Programme:
    """The programme of a school, ready for use: `programme.toml`, with the texts of `programme.de.toml` beside it.

    Raises:
        OSError: a file cannot be read.
        EncodingError: a file is no text.
        ProgrammeError: it is not right; every problem is named.
    """
    beside = {each.name: text_from(each.read_bytes()) for each in language_files(path)}
    shipped = SHIPPED.read_text(encoding="utf-8")
    return load_ready(text_from(path.read_bytes()), path.name, shipped=shipped, beside=beside)


def half_translated(path: Path) -> list[Problem]:
    """Texts that a programme, fit for use, changes in some of its languages only."""
    written = tomllib.loads(text_from(path.read_bytes()))
    return list(half_changed(written, tomllib.loads(SHIPPED.read_text(encoding="utf-8"))))


def language_files(path: Path) -> list[Path]:
    """The files of texts beside a programme, one per language."""
    found = path.parent.glob(f"{path.stem}.*{path.suffix}")
    return sorted(each for each in found if exists(language_of(each.name).replace("-", "_")))
