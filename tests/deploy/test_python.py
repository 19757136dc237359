"""Which Python Compagnon runs on, and what becomes of its packages when that one is gone or another one comes."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

import run

ROOT = Path(__file__).resolve().parents[2]
TOO_NEW = (3, run.NEWEST[1] + 1, 0, "final", 0)


def program(folder: Path, name: str, does: str) -> Path:
    """An interpreter by this name, as far as anybody asks it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    (folder / name).chmod(0o755)
    return folder / name


def test_what_is_promised_is_what_is_asked_for() -> None:
    oldest, newest = (f"3.{version[1]}" for version in (run.OLDEST, run.NEWEST))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    assert project["project"]["requires-python"] == f">={oldest},<3.{run.NEWEST[1] + 1}"
    assert project["tool"]["ruff"]["target-version"] == f"py{oldest.replace('.', '')}"
    assert f"Python {oldest} to {newest}" in (ROOT / "README.md").read_text("utf-8")
    assert f"Python {oldest} à {newest}" in (ROOT / "README.fr.md").read_text("utf-8")
    assert f"Python {oldest} to {newest}" in (ROOT / "docs" / "index.md").read_text("utf-8")
    image = (ROOT / "deploy" / "Containerfile").read_text("utf-8")
    assert {*re.findall(r"python:(3\.\d+)-slim", image)} == {newest}


@pytest.mark.parametrize("version", [(3, 10, 13, "final", 0), TOO_NEW])
def test_a_python_that_does_not_fit_leaves_it_to_the_newest_that_does(
    version: tuple[object, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that only has the name (a shim of pyenv) is passed over."""
    does = f'[ "$1" = -c ] && exec {sys.executable} "$@"; echo "$0 $@" > {tmp_path}/told; exit 7'
    program(tmp_path / "bin", f"python3.{run.NEWEST[1]}", "exit 127")
    program(tmp_path / "bin", "python3.11", "exit 127")
    fitting = program(tmp_path / "bin", "python3.13", does)
    program(tmp_path / "bin", "python3.12", does)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    assert run.main(["demo", "--port", "8081"]) == 7
    assert (tmp_path / "told").read_text("utf-8") == f"{fitting} {run.__file__} demo --port 8081\n"


def test_where_none_fits_one_sentence_says_which_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", TOO_NEW)
    monkeypatch.setattr(sys, "version", f"3.{TOO_NEW[1]}.0 (main)")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert run.main(["demo"]) == 1
    assert capsys.readouterr().err == (
        "Compagnon needs Python 3.11 to 3.14; this is 3.15.0, and none of those is here. Install one, then the same command again.\n"
    )


def made(folder: Path, python: str) -> Path:
    """An environment of ours that was made by this Python, with a package in it."""
    program(folder / "bin", "python", python)
    (folder / "lib").mkdir()
    return folder / "lib"


@pytest.fixture
def nothing_to_install(tmp_path: Path) -> Path:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("# nothing\n", encoding="utf-8")
    return wanted


def test_an_environment_of_another_python_is_made_anew(tmp_path: Path, nothing_to_install: Path) -> None:
    """The new one is linked to the system's, by a name that stays what it is: so it is mended with it."""
    packages = made(tmp_path / "env", "exit 1")

    assert run.prepare(nothing_to_install, tmp_path / "env") is None
    python = tmp_path / "env" / "bin" / "python"
    assert [*packages.iterdir()] != []
    assert run.says_yes(python, f"sys.version_info[:2] == {sys.version_info[:2]}")
    assert not python.resolve().is_relative_to(tmp_path)
    assert python.resolve().name == f"python3.{sys.version_info[1]}"


def test_an_environment_that_fits_is_kept(tmp_path: Path, nothing_to_install: Path) -> None:
    packages = made(tmp_path / "env", f'[ "$1" = -c ] && exec {sys.executable} "$@"; exit 0')

    assert run.prepare(nothing_to_install, tmp_path / "env") is None
    assert [*packages.iterdir()] == []
    assert run.prepare(nothing_to_install, tmp_path / "env") is None


def test_where_it_cannot_be_made_one_sentence_says_what_to_do(tmp_path: Path, nothing_to_install: Path) -> None:
    (tmp_path / "file").touch()

    assert run.prepare(nothing_to_install, tmp_path / "file" / "env") == (
        "Could not make env: Python's venv module is missing or the folder is read-only. "
        f"On Debian: sudo apt install python3.{sys.version_info[1]}-venv"
    )
