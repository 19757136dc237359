"""The terminal speaks the installation's language, argparse's own words too."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import COMMANDS, main
from tests.commands.conftest import Command


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_in_french(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help", "--language", "fr"])
    said = capsys.readouterr().out
    assert "montrer cette aide et finir" in said
    assert [word for word in ("positional", "show this", "default:", " the ", "with ") if word in said] == []


def test_a_wrong_argument_is_refused_in_french(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--language", "fr", "preview"])
    assert capsys.readouterr().err.endswith("erreur\u00a0: il manque\u00a0: RÉF\n")


def test_the_team_sets_the_language_and_the_option_overrides_it(
    command: Command, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    command("import", "consortium.toml")
    capsys.readouterr()
    config = ["--config", str(folder / "config.toml")]
    assert main(["preview", "X-1", *config]) == 1
    assert capsys.readouterr().err.startswith('Personne n\'a la référence "X-1".')
    assert main(["preview", "X-1", "--language", "es", *config]) == 1
    assert capsys.readouterr().err.startswith('Nadie tiene la referencia "X-1".')
