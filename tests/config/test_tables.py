"""Which source of settings wins, and what they are in the end."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot.config import Config, ConfigError, read
from bot.config.tables import keys
from tests.config.conftest import write

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "config.example.toml"
TOKEN = "12345:canary"


def test_without_any_source_the_defaults_hold(folder: Path) -> None:
    config = read()

    assert config.database_url.get_secret_value() == f"sqlite:///{folder}/data/compagnon.db"
    assert (config.data_dir, config.programme) == (folder / "data", folder / "programme.toml")
    assert (config.web.address, config.telegram.token, config.rehearsal.enabled) == (
        "http://127.0.0.1:8080",
        None,
        False,
    )


def test_the_file_of_this_folder_is_read(folder: Path) -> None:
    write(folder / "config.toml", "[web]\nport = 8081")

    assert read().web.port == 8081


def test_a_named_file_is_read_instead(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "config.toml", "[web]\nport = 1")
    other = write(folder / "other.toml", "[web]\nport = 2")
    third = write(folder / "third.toml", "[web]\nport = 3")
    monkeypatch.setenv("COMPAGNON_CONFIG", str(other))

    assert read().web.port == 2
    assert read(third).web.port == 3


def test_the_environment_wins_over_the_secrets_and_these_over_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "config.toml", '[email]\nuser = "file"\npassword = "file"\nsender = "file"')
    write(folder / "data" / "secrets" / "email__user", "secret\n")
    write(folder / "data" / "secrets" / "email__password", "secret\n")
    monkeypatch.setenv("COMPAGNON_EMAIL__USER", "environment")

    email = read().email

    assert email.password is not None
    assert (email.user, email.password.get_secret_value(), email.sender) == ("environment", "secret", "file")


def test_the_folder_of_secrets_may_be_elsewhere(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "run" / "telegram__token", TOKEN)
    write(folder / "run" / "something_else", "of somebody else")
    monkeypatch.setenv("COMPAGNON_SECRETS_DIR", str(folder / "run"))

    token = read().telegram.token

    assert token is not None
    assert token.get_secret_value() == TOKEN


def test_relative_paths_start_at_the_folder_of_the_file(folder: Path) -> None:
    path = write(
        folder / "etc" / "compagnon.toml",
        'database_url = "sqlite:///base.db"\ndata_dir = "/var/lib/compagnon"\nprogramme = "../p.toml"\n'
        '[keys]\nfile = "keys"',
    )

    config = read(path)

    assert config.database_url.get_secret_value() == f"sqlite:///{folder}/etc/base.db"
    assert config.data_dir == Path("/var/lib/compagnon")
    assert config.programme == folder / "etc" / "../p.toml"
    assert config.keys.file == folder / "etc" / "keys"


def test_the_address_of_a_postgresql_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPAGNON_DATABASE_URL", "postgresql://me:canary@host/name")

    config = read()

    assert config.database_url.get_secret_value() == "postgresql://me:canary@host/name"
    assert "canary" not in repr(config)


def test_secrets_do_not_show(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = [name for name in keys() if re.search("token|secret|password|ping_url", name)]
    for name in secret:
        write(folder / "data" / "secrets" / name, "canary")

    shown = f"{read()!r} {read()} {read().model_dump()} {read().model_dump_json()}"

    assert len(secret) == 7
    assert "canary" not in shown


def test_a_web_address_loses_its_last_slash(folder: Path) -> None:
    write(folder / "config.toml", "[web]\nbase_url = 'https://compagnon.example.org/'")

    assert read().web.address == "https://compagnon.example.org"


def test_the_example_names_every_key_and_holds_the_defaults(folder: Path) -> None:
    text = EXAMPLE.read_text("utf-8")
    everything = tomllib.loads(re.sub(r"(?m)^# (?=\w+ = )", "", text.replace("[import.", "[imports.")))
    named = [f"{name}__{key}" for name, table in everything.items() if isinstance(table, dict) for key in table]

    assert sorted(named + [name for name in everything if not isinstance(everything[name], dict)]) == sorted(keys())
    assert read(write(folder / "example.toml", text)) == read()
    assert isinstance(Config(**everything), Config)


@pytest.mark.parametrize(
    "written",
    ["", "sender = 'Compagnon'", 'sender = "a@b.c\\nBcc: x@y.z"', "sender = 'a@example.org'\nuser = 'me'"],
)
def test_mail_with_a_host_needs_a_sender_and_a_whole_login(folder: Path, written: str) -> None:
    write(folder / "config.toml", f"[email]\nhost = 'mail.example.org'\n{written}")

    with pytest.raises(ConfigError, match="with a host needs"):
        read()
