"""The lists are packed once and kept beside their sources, for every process that comes later."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.cries import shipped, word_list
from bot.domain.cries.deobfuscation import read
from bot.domain.cries.lexicon import Lexicon
from bot.domain.cries.matches import Found


@pytest.fixture
def words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of two small lists, beside which they are kept packed."""
    monkeypatch.setattr(shipped, "KEPT", tmp_path / "words.packed")
    for module in (shipped, word_list):
        monkeypatch.setattr(module, "FOLDER", tmp_path)
    for name, line in (("en", "hits me"), ("fr", "me frappe")):
        (tmp_path / f"{name}.toml").write_text(f'violence = """\n{line}\n"""\n', encoding="utf-8")
    return tmp_path


def _heard(text: str) -> list[str]:
    return sorted(Found(Lexicon(shipped.shipped_lists()), read(text)).kinds())  # as a process would that has just begun


def _names(folder: Path) -> list[str]:
    return [each.name for each in sorted(folder.iterdir())]


def test_what_was_packed_is_read_by_the_next_process(words: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _heard("He hits me")
    monkeypatch.setattr(shipped, "tables", lambda: pytest.fail("packed a second time"))
    assert (first, _heard("He hits me"), _names(words)) == (["violence"], first, ["en.toml", "fr.toml", "words.packed"])


@pytest.mark.parametrize("change", ["another list", "one more list"])
def test_lists_that_changed_are_packed_anew(words: Path, change: str) -> None:
    before = _heard("He slaps me")
    added = words / ("en.toml" if change == "another list" else "nl.toml")
    added.write_text('violence = """\nslaps me\n"""\n', encoding="utf-8")
    assert (before, _heard("He slaps me")) == ([], ["violence"])


@pytest.mark.parametrize("left", [b"", b"\x00" * 32, b"\x00" * 4000])
def test_what_is_not_ours_is_packed_anew(words: Path, left: bytes) -> None:
    (words / "words.packed").write_bytes(left)
    assert (_heard("He hits me"), (words / "words.packed").read_bytes() == left) == (["violence"], False)


@pytest.mark.parametrize("harm", ["cut short", "one bit"])
def test_what_was_harmed_is_packed_anew(words: Path, harm: str) -> None:
    _heard("He hits me")
    whole = (words / "words.packed").read_bytes()
    bit = bytes([whole[-9] ^ 1])
    (words / "words.packed").write_bytes(whole[:-40] if harm == "cut short" else whole[:-9] + bit + whole[-8:])
    assert (_heard("Il me frappe"), (words / "words.packed").read_bytes()) == (["violence"], whole)


def test_where_nothing_can_be_written_they_are_packed_in_memory(words: Path) -> None:
    (words / "words.packed").mkdir()  # root may write into any folder, but nobody over one
    assert (_heard("He hits me"), [each.name for each in words.glob("*.packed.*")]) == (["violence"], [])
