"""The file appears whole or not at all."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from bot.documents.invitations import SheetError, placed


def test_file_is_for_its_owner_only(tmp_path: Path) -> None:
    with placed(tmp_path / "a.pdf", force=False) as write:
        write(b"whole")
    assert ((tmp_path / "a.pdf").read_bytes(), [path.name for path in tmp_path.iterdir()]) == (b"whole", ["a.pdf"])
    assert stat.S_IMODE((tmp_path / "a.pdf").stat().st_mode) == 0o600


def test_failure_leaves_what_was_there(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"before")
    with pytest.raises(RuntimeError), placed(tmp_path / "a.pdf", force=True):
        raise RuntimeError
    assert ((tmp_path / "a.pdf").read_bytes(), len(list(tmp_path.iterdir()))) == (b"before", 1)


def test_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(SheetError, match="is a folder: name a file in it"), placed(tmp_path, force=True):
        pass
