"""A catalog is compiled once and kept beside its source, for every process that comes later."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot import i18n

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(i18n, "LOCALES", tmp_path)
    source = tmp_path / "fr" / "LC_MESSAGES" / "compagnon.po"
    source.parent.mkdir(parents=True)
    _write(source, "Bonjour", 1)
    return source


def _write(source: Path, greeting: str, second: int) -> None:
    source.write_text(f'{HEADER}msgid "Hello"\nmsgstr "{greeting}"\n', encoding="utf-8")
    os.utime(source, ns=(second * 10**9, second * 10**9))


def _hello() -> str:
    return i18n.catalog.__wrapped__("fr").gettext("Hello")  # as a process would that has just begun


def test_what_was_compiled_is_read_by_the_next_process(source: Path) -> None:
    assert _hello() == "Bonjour"
    source.write_text(source.read_text().replace("Bonjour", "Salut"))
    os.utime(source, ns=(10**9, 10**9))  # so that only the compiled one can say what it says
    assert (_hello(), [each.name for each in sorted(source.parent.iterdir())]) == (
        "Bonjour",
        ["compagnon.mo", "compagnon.po"],
    )


def test_a_source_of_another_instant_is_compiled_anew_be_it_older(source: Path) -> None:
    _write(source, "Salut", 5)
    newer = _hello()
    _write(source, "Coucou", 3)
    assert (newer, _hello()) == ("Salut", "Coucou")


@pytest.mark.parametrize(
    "left", [b"", b"\xde\x12\x04\x95", b"\xde\x12\x04\x95" + b"\xff" * 40, b"not one of ours at all"]
)
def test_one_that_was_cut_short_is_compiled_anew(source: Path, left: bytes) -> None:
    compiled = source.with_suffix(".mo")
    compiled.write_bytes(left)
    os.utime(compiled, ns=(10**9, 10**9))
    assert (_hello(), compiled.read_bytes() == left) == ("Bonjour", False)


def test_where_nothing_can_be_written_it_is_compiled_in_memory(source: Path) -> None:
    source.with_suffix(".mo").mkdir()  # root may write into any folder, but nobody over one
    assert (_hello(), [each.name for each in source.parent.glob("*.mo.*")]) == ("Bonjour", [])
