"""How settings that cannot be used are refused: by place, with the remedy, without their value."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import ConfigError, read
from bot.config.tables import Import
from tests.config.conftest import write

TOKEN = "12345:canary"


def refusal(named: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        read(named)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("name", ["gone.toml", "folder"])
def test_a_named_file_that_is_missing_is_refused(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "folder").mkdir()
    wanted = (f"{name}: there is no such file; copy config.example.toml there, or name another",)

    assert refusal(Path(name)) == wanted
    monkeypatch.setenv("COMPAGNON_CONFIG", name)
    assert refusal() == wanted


def test_a_named_folder_of_secrets_that_is_missing_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPAGNON_SECRETS_DIR", "gone")

    assert refusal() == (f"COMPAGNON_SECRETS_DIR: {folder}/gone is no folder; make it, or remove the variable",)


def test_unknown_settings_are_refused_by_name_wherever_they_stand(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(folder / "config.toml", '_env_file = "x"\n[web]\nprot = 1\n[wbe]\nport = 1\n[telegram]\nxyzzy = 1')
    write(folder / "data" / "secrets" / "telegram_token", TOKEN)
    monkeypatch.setenv("COMPAGNON_WEB__PROT", "1")
    monkeypatch.setenv("COMPAGNON_XYZZY", "1")

    assert refusal() == (
        "COMPAGNON_WEB__PROT: no such setting; did you mean COMPAGNON_WEB__PORT?",
        "COMPAGNON_XYZZY: no such setting; config.example.toml lists them all",
        "secrets/telegram_token: no such setting; did you mean telegram__token?",
        "config.toml: _env_file: no such setting; did you mean keys.file?",
        "config.toml: web.prot: no such setting; did you mean web.port?",
        "config.toml: wbe.port: no such setting; did you mean web.port?",
        "config.toml: telegram.xyzzy: no such setting; did you mean telegram.mode?",
    )


def test_wrong_values_are_refused_by_place_and_not_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(folder / "config.toml", "matrix = 3\n[telegram]\nmode = 'canary'\n[rehearsal]\nstart = 2026-03-02T09:00:00")
    write(folder / "data" / "secrets" / "email__port", "canary")
    monkeypatch.setenv("COMPAGNON_WEB__PORT", "70000")

    problems = refusal()

    assert problems == (
        "COMPAGNON_WEB__PORT: should be 65535 or less",
        "config.toml: telegram.mode: should be 'polling' or 'webhook'",
        "config.toml: matrix: should be a table",
        "secrets/email__port: should be a whole number",
        "config.toml: rehearsal.start: should be an instant with its zone: 2026-11-02T09:00:00Z",
    )


def test_a_webhook_needs_its_address_and_its_secret(folder: Path) -> None:
    write(folder / "config.toml", "[telegram]\nmode = 'webhook'")

    assert refusal() == ('config.toml: telegram: with mode = "webhook" needs webhook_url and webhook_secret',)


def test_what_is_no_web_address_is_refused(folder: Path) -> None:
    write(folder / "config.toml", "[web]\nbase_url = 'compagnon.example.org'")

    assert refusal() == ("config.toml: web.base_url: should begin with https:// (or http:// on this machine)",)


def test_what_is_no_address_of_a_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPAGNON_DATABASE_URL", "canary")

    [problem] = refusal()

    assert problem == (
        "database_url: this is no address of a database; write sqlite:///file.db or "
        "postgresql://user:password@host/name"
    )


def test_a_file_that_is_no_toml_is_refused_with_its_line(folder: Path) -> None:
    write(folder / "config.toml", "[web]\nport = ")

    assert refusal() == (
        'config.toml: line 2: this is no value: a text is written between quotation marks, "…"; yes and no are true and false',
    )


def test_a_file_that_is_no_text_is_refused(folder: Path) -> None:
    (folder / "config.toml").write_bytes(b"\x81\x8d")

    assert refusal() == ("config.toml: it is no text; save it as UTF-8",)


def test_columns_of_a_schools_own_rosters_stand_under_import(folder: Path) -> None:
    text = '[import.columns]\n"Code stagiaire" = "Référence"\n"Semaine" = ["Départ", "Début"]\n'
    (folder / "config.toml").write_text(text + '[import.fixed]\n"Filière" = "bac pro"\n', "utf-8")

    assert read().imports == Import(
        columns={"Code stagiaire": "Référence", "Semaine": ["Départ", "Début"]}, fixed={"Filière": "bac pro"}
    )
