"""A school's folder, as its IT person would have it after copying the examples."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.journeys.conftest import begin, small_programme

__all__ = ["begin", "small_programme"]
ROOT = Path(__file__).resolve().parent.parent.parent
Command = Callable[..., int]
Say = Callable[..., tuple[int, str]]


def furnished(folder: Path) -> Path:
    """The same folder, with a configuration, a programme, a team and a roster."""
    shutil.copy(ROOT / "programme.example.toml", folder / "programme.toml")
    shutil.copy(ROOT / "consortium.example.toml", folder / "consortium.toml")
    shutil.copy(ROOT / "examples/roster.csv", folder / "roster.csv")
    (folder / "config.toml").write_text(
        'programme = "programme.toml"\nconsortium = "consortium.toml"\ndata_dir = "data"\n'
        '[rehearsal]\nenabled = true\nstart = "2026-11-02T09:00:00Z"\n',
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a configuration, a programme, a team and a roster."""
    return furnished(tmp_path)


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


@pytest.fixture(scope="session")
def brought_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept once the team and the class have been brought in, to copy."""
    folder = furnished(tmp_path_factory.mktemp("school"))
    for table in ("consortium.toml", "roster.csv"):
        assert main(["import", str(folder / table), "--config", str(folder / "config.toml")]) == 0
    return folder / "data"


@pytest.fixture
def school(command: Command, folder: Path, brought_in: Path) -> Command:
    """A school with its team and its class."""
    shutil.copytree(brought_in, folder / "data")
    return command


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Say:
    """A command in English: how it ended, and what it said."""

    def run(folder: Path, *words: str) -> tuple[int, str]:
        capsys.readouterr()
        ended = main([*words, "--language", "en", "--config", str(folder / "config.toml")])
        told = capsys.readouterr()
        return ended, told.out + told.err

    return run
