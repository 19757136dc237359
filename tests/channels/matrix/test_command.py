"""`python -m bot matrix …` as a person types it."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from tests.synapse.homeserver import Homeserver


def written(folder: Path, homeserver: str, user_id: str, password: str) -> str:
    path = folder / "config.toml"
    path.write_text(
        f'[matrix]\nhomeserver = "{homeserver}"\nuser_id = "{user_id}"\npassword = "{password}"\n', encoding="utf-8"
    )
    return str(path)


def test_command_sets_up_once_and_repairs(
    homeserver: Homeserver, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = asyncio.run(homeserver.newcomer("Compagnon"))
    config = written(tmp_path, homeserver.url, made.user_id, made.password)

    assert main(["matrix", "setup", "--config", config]) == 0
    said = capsys.readouterr().out
    assert main(["matrix", "setup", "--config", config]) == 1
    refused = capsys.readouterr().err
    assert main(["matrix", "repair", "--config", config]) == 0

    identity = tmp_path / "data" / "matrix" / "identity.json"
    assert f"Back up {identity} in a safe place" in said
    assert made.password not in said
    assert refused == "This is set up already. If the crypto store is lost, run: python3 run.py matrix repair\n"
    assert identity.stat().st_mode & 0o777 == 0o600


def test_command_without_an_account_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text("", encoding="utf-8")
    assert main(["matrix", "setup", "--config", str(config)]) == 1
    assert capsys.readouterr().err == (
        "Matrix is off: write homeserver and user_id under [matrix] in the configuration.\n"
    )
