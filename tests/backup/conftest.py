"""A filled installation, its backup, and the folder in which commands are tried."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.backup import making
from bot.store.keys import key_ring
from tests.commands.conftest import brought_in, command, folder, furnished, say

__all__ = ["brought_in", "command", "folder", "say"]


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, brought_in: Path) -> tuple[Path, str]:
    """A school with its team and class, something sealed, an identity on Matrix with its crypto store, and a key."""
    folder = furnished(tmp_path_factory.mktemp("school"))
    shutil.copytree(brought_in, folder / "data")
    data = folder / "data"
    (data / "sealed").write_bytes(key_ring(data / "keys").seal(1, b"a paper"))
    for name in ("identity.json", "device.json", "pickle_key", "mark", "crypto/DEVICE/crypto.db"):
        (data / "matrix" / name).parent.mkdir(parents=True, exist_ok=True)
        (data / "matrix" / name).write_text(name)
    (data / "secrets").mkdir()
    (data / "secrets" / "email__password").write_text("hush")
    secret, public = making.new_key()
    (data / "secrets" / "backup__recipient").write_text(public)
    (folder / "key").write_text(f"# of the school\n{secret.lower()}\n")
    return folder, secret


@pytest.fixture
def school(filled: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of it for a test of its own."""
    return Path(shutil.copytree(filled[0], tmp_path / "school"))


@pytest.fixture(scope="session")
def taken(filled: tuple[Path, str]) -> Path:
    """Its backup."""
    assert main(["backup", "--language", "en", "--config", str(filled[0] / "config.toml")]) == 0
    return next((filled[0] / "data" / "backups").glob("*.age"))


@pytest.fixture
def fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new machine: an empty folder, in which commands are typed."""
    (tmp_path / "new").mkdir()
    monkeypatch.chdir(tmp_path / "new")
    return tmp_path / "new"
