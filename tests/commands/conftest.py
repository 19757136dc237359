"""A school's folder, as its IT person would have it after copying the examples."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main

ROOT = Path(__file__).resolve().parent.parent.parent
Command = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration, a programme, a team and a roster."""
    shutil.copy(ROOT / "programme.example.toml", tmp_path / "programme.toml")
    shutil.copy(ROOT / "consortium.example.toml", tmp_path / "consortium.toml")
    shutil.copy(ROOT / "examples/roster.csv", tmp_path / "roster.csv")
    (tmp_path / "config.toml").write_text(
        'programme = "programme.toml"\nconsortium = "consortium.toml"\ndata_dir = "data"\n'
        '[rehearsal]\nenabled = true\nstart = "2026-11-02T09:00:00Z"\n',
        encoding="utf-8",
    )
    return tmp_path


@pytest.fixture
def command(folder: Path) -> Command:
    """Run a command as typed, with the folder's configuration at its end and in English, unless it says otherwise.

    Files are named from the folder.
    """

    def run(*words: str) -> int:
        placed = [str(folder / word) if (folder / word).exists() else word for word in words]
        spoken = [] if "--language" in words else ["--language", "en"]
        return main([*placed, *spoken, "--config", str(folder / "config.toml")])

    return run
