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
from bot.domain.programme.written import Written
from bot.flows.programme import load_ready

SHIPPED = Path(__file__).resolve().parents[2] / "programme.example.toml"


def read_programme(path: Path) -> Programme:
    """The programme of a school, ready for use: `programme.toml`, with the texts of `programme.de.toml` beside it.

    Raises:
        OSError: a file cannot be read.
        EncodingError: a file is no text.
        ProgrammeError: it is not right; every problem is named.
    """
    return ready(read_written(path))


def ready(written: Written) -> Programme:
    """The models of a programme, fit for use, its conversations included.

    Raises:
        ProgrammeError: it is not right; every problem is named.
    """
    return load_ready(written.text, written.name, shipped=written.shipped, beside=written.beside)


def read_written(path: Path) -> Written:
    """The texts of a school's programme.

    Raises:
        OSError: a file cannot be read.
        EncodingError: a file is no text.
    """
    beside = {each.name: text_from(each.read_bytes()) for each in language_files(path)}
    return Written(text_from(path.read_bytes()), beside, SHIPPED.read_text(encoding="utf-8"), path.name)


def half_translated(path: Path) -> list[Problem]:
    """Texts that a programme, fit for use, changes in some of its languages only."""
    written = tomllib.loads(text_from(path.read_bytes()))
    return list(half_changed(written, tomllib.loads(SHIPPED.read_text(encoding="utf-8"))))


def language_files(path: Path) -> list[Path]:
    """The files of texts beside a programme, one per language."""
    found = path.parent.glob(f"{path.stem}.*{path.suffix}")
    return sorted(each for each in found if exists(language_of(each.name).replace("-", "_")))
