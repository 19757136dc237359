"""The team's file: what is refused, and what is told."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.roster import TeamError, load_team, weak_spots


def refused(text: str) -> tuple[str, ...]:
    """What is said of a file that cannot be used."""
    with pytest.raises(TeamError) as caught:
        load_team(text, "team.toml")
    return caught.value.problems


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            "[consortium]",
            "consortium]",
            'line 2: a key is followed by = and its value: name = "…"',
        ),
        ('name = "Trois Rivières"\n', "", "consortium, name: this is missing"),
        (
            "français",
            "françois",
            'consortium, language: "françois" is no language: write one code (fr, en, es) or name; '
            'did you mean "français"?',
        ),
        ('first_name = "Luc"\n', "", 'person "luc", first_name: this is missing'),
        ('ref = "luc"\n', "", "person no. 2, ref: this is missing"),
        (
            'ref = "luc"',
            'ref = "Luc P"',
            'person "Luc P", ref: "Luc P" is no ref: small letters, digits, _ and -, starting with a letter',
        ),
        ("city = ", 'citty = "A"\ncity = ', 'school "valmer", citty: no such key; did you mean "city"?'),
        (
            "city = ",
            'zzz = "A"\ncity = ',
            'school "valmer", zzz: no such key; known are ref, was, name, city, phone, on_call_phone, zone, duties',
        ),
        (
            '"deputy", ',
            '"deputty", ',
            'person "luc", roles 1: "deputty" is none of coordinator, deputy, head, on_call, '
            'teacher, finance, administration, quality, consortium; did you mean "deputy"?',
        ),
        ('["deputy", "on_call"]', "[]", 'person "luc", roles: this must not be empty'),
        ("639980011", "12", 'person "nadia", phone: "12" is no telephone number: write it like +33 6 12 34 56 78'),
        (
            "luc@example.org",
            "luc",
            'person "luc", email: "luc" is no e-mail address: write one address, like prenom.nom@example.org',
        ),
        (
            "end = 2027-01-03",
            "end = 2026-12-01",
            'person "nadia", leave 1: the end (2026-12-01) comes before the start (2026-12-19)',
        ),
        ("end = 2027", "ends = 1, end = 2027", 'person "nadia", leave 1, ends: no such key; did you mean "end"?'),
        (
            'city = "Ardonville"',
            'city = "A"\nzone = "Europe/Pariss"',
            'school "valmer", zone: "Europe/Pariss" is no time '
            'zone: write it like Europe/Madrid; did you mean "Europe/Paris"?',
        ),
        (
            'school = "valmer"\nroles = ["deputy"',
            'school = "valmere"\nroles = ["deputy"',
            'person "luc", school: no school has the ref "valmere"; did you mean "valmer"?',
        ),
        (
            "leave = [{ start = 2026-12-19, end = 2027-01-03 }]",
            'leave = { start = 2026-12-19, end = "soon" }',
            'person "nadia", leave: a list is expected here: write [{ start = 2026-12-19, end = "soon" }]',
        ),
        (
            'roles = ["deputy", "on_call"]',
            'roles = "deputy"',
            'person "luc", roles: a list is expected here: write ["deputy"]',
        ),
        ('ref = "luc"', 'ref = "nadia"', 'person "nadia": 2 entries bear this ref; give each its own'),
        ("[[schools]]", "[[shools]]", 'shools: no such key; did you mean "schools"?'),
    ],
)
def test_team_with_a_fault_is_refused(good: str, bad: str, problem: str, team_text: str) -> None:
    assert good in team_text
    expected = f"team.toml: {problem}"
    found = refused(team_text.replace(good, bad, 1))
    assert [line for line in found if line == expected] == [expected], found


def test_team_tells_all_its_faults_at_once(team_text: str) -> None:
    text = team_text.replace('name = "Trois Rivières"\n', "").replace("luc@example.org", "luc")
    assert refused(text) == (
        "team.toml: consortium, name: this is missing",
        'team.toml: person "luc", email: "luc" is no e-mail address: write one address, like prenom.nom@example.org',
    )


@pytest.mark.parametrize(
    ("good", "bad", "says"),
    [
        ('["coordinator"]', '["head"]', 'school "valmer" has no coordinator: its cases go to the next rung at once'),
        (
            '["deputy", "on_call"]',
            '["finance"]',
            'school "valmer" needs two people who can take a case: add a deputy, a head, a teacher or an on_call',
        ),
        (
            'on_call_phone = "01 99 00 12 00"\n',
            "",
            'school "valmer" has no on_call_phone, nor has the consortium: an SOS can name only 112',
        ),
        ('["consortium"]', '["finance"]', 'nobody has the role "consortium": the last rung of every ladder is empty'),
        (
            'email = "luc@example.org"\n',
            "",
            'person "luc" has neither email nor phone: no alert can reach them before they enrol',
        ),
    ],
)
def test_team_with_a_gap_is_used_and_told(good: str, bad: str, says: str, team_text: str) -> None:
    assert weak_spots(load_team(team_text.replace(good, bad)), "team.toml") == (f"team.toml: {says}",)


def test_duties_that_nobody_does_are_told(team_text: str) -> None:
    shared = team_text.replace('city = "Ardonville"', 'city = "A"\nduties = ["coordination", "finance", "quality"]')
    team = load_team(shared.replace('["deputy"', '["finance", "deputy"'))
    assert weak_spots(team) == (
        'consortium.toml: no school has the duty "administration"',
        'consortium.toml: school "valmer" has the duty "quality", but nobody there has that role',
    )


@pytest.mark.parametrize(
    ("good", "bad", "problem"),
    [
        (
            'school = "valmer"\nroles = ["deputy", "on_call"]',
            'school = "valmer"\nschools = ["valmer"]\nroles = ["deputy"]',
            'person "luc": school and schools say the same: write one of them',
        ),
        ('roles = ["deputy", "on_call"]', "", 'person "luc": roles: this is missing'),
        (
            'school = "valmer"\nroles = ["deputy", "on_call"]',
            'schools = ["valmer", "vallmer"]\nroles = ["deputy"]',
            'person "luc", school: no school has the ref "vallmer"; did you mean "valmer"?',
        ),
        (
            'ref = "valmer"',
            'ref = "valmer"\nwas = "valmer"',
            'school "valmer", was: "valmer" is still in the file: nobody can be both',
        ),
    ],
)
def test_several_schools_and_renamed_schools_are_checked(good: str, bad: str, problem: str, team_text: str) -> None:
    assert good in team_text
    assert refused(team_text.replace(good, bad, 1)) == (f"team.toml: {problem}",)


def test_days_on_which_a_whole_school_is_on_leave_are_told(team_text: str) -> None:
    days = "leave = [{ start = 2026-12-24, end = 2026-12-28 }, { start = 2026-12-29, end = 2027-01-05 }]"
    text = team_text.replace('roles = ["deputy", "on_call"]', f'roles = ["deputy", "on_call"]\n{days}')
    told = 'school "valmer": everybody who can take a case is on leave from 2026-12-24 to 2027-01-03'
    assert weak_spots(load_team(text), today=date(2027, 1, 3)) == (f"consortium.toml: {told}",)
    assert weak_spots(load_team(text), today=date(2027, 1, 4)) == ()
