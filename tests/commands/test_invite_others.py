"""`invite REF --family` and `invite REF --tutor`: links to hand over, and links that stop working."""

from __future__ import annotations

import re

import pytest

from tests.commands.conftest import Command

LINA = "VAL-27-04"


def test_a_guardian_gets_one_code_with_a_link_per_channel(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("invite", LINA, "--family") == 0

    said = capsys.readouterr()
    name, *links = said.out.splitlines()
    assert name == "Samira Haddouche"
    found = [re.fullmatch(r"  (\w+) http://127\.0\.0\.1:8080/(\w)/([\w-]{22})", line) for line in links]
    assert [each and each.group(1, 2) for each in found] == [("email", "f"), ("web", "j")]
    assert len({each.group(3) for each in found if each}) == 1
    assert "tells families nothing" in said.err


def test_a_tutor_gets_a_link_and_earlier_ones_can_be_taken_back(
    school: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert school("invite", LINA, "--tutor") == 0
    first = capsys.readouterr().out
    assert school("invite", LINA, "--tutor", "--revoke") == 0

    said = capsys.readouterr()
    assert re.fullmatch(r"http://127\.0\.0\.1:8080/t/[\w-]{22}\n", said.out)
    assert said.out != first
    assert said.err == "Earlier links that no longer work: 1.\n"


def test_what_does_not_go_together_is_refused(school: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert school("invite", LINA, "--family", "--tutor") != 0
    assert "each go alone" in capsys.readouterr().err
