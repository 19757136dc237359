"""The team's file: what is read."""

from __future__ import annotations

from datetime import date

from bot.domain.person import Leave, Role
from bot.domain.roster import Consortium, KnownSchool, Member, School, Team, load_team, weak_spots


def test_team_is_read_whole(team_text: str) -> None:
    nadia = Member.model_validate(
        {
            "ref": "nadia",
            "first_name": "Nadia",
            "last_name": "Ferhaoui",
            "school": "valmer",
            "roles": ["coordinator"],
            "phone": "+33639980011",
            "language": "fr",
            "leave": [{"start": date(2026, 12, 19), "end": date(2027, 1, 3)}],
        }
    )
    luc = Member(
        ref="luc",
        first_name="Luc",
        last_name="Perrichon",
        school="valmer",
        roles=("deputy", "on_call"),
        email="luc@example.org",
        language="en",
    )
    helene = Member(
        ref="helene", first_name="Hélène", last_name="Marchandeau", roles=("consortium",), email="helene@example.org"
    )
    school = School(ref="valmer", name="Lycée Valmer", city="Ardonville")
    consortium = Consortium(name="Trois Rivières", on_call_phone="+33199001200")
    team = load_team(team_text)
    assert team == Team(consortium=consortium, schools=(school,), people=(nadia, luc, helene))
    assert (consortium.language, consortium.zone, school.zone) == ("fr", "Europe/Paris", "Europe/Paris")
    assert weak_spots(team) == ()


def test_team_gives_what_the_rest_needs(team_text: str) -> None:
    team = load_team(team_text)
    nadia, luc, _ = team.people
    assert team.schools[0].known() == KnownSchool("valmer", "Lycée Valmer", "Ardonville", "Europe/Paris")
    assert team.of_school("valmer") == (nadia, luc)
    assert luc.held == frozenset({Role.DEPUTY, Role.ON_CALL})
    assert nadia.leaves == (Leave(date(2026, 12, 19), date(2027, 1, 3)),)


def test_people_speak_the_language_of_the_consortium(team_text: str) -> None:
    team = load_team(team_text.replace("français", "espagnol"))
    assert [member.language for member in team.people] == ["es", "en", "es"]


def test_somebody_of_several_schools_holds_the_same_roles_at_each_or_others() -> None:
    written = {"ref": "luc", "first_name": "Luc", "last_name": "Perrichon"}
    both = Member.model_validate(written | {"schools": ["valmer", "ombelle"], "roles": ["deputy"]})
    mixed = both.model_copy(update={"roles_at": {"ombelle": ("head",), "tellier": ("teacher",)}})
    only = Member.model_validate(written | {"roles_at": {"tellier": ["teacher"]}})
    deputy, head, teacher = (frozenset({role}) for role in (Role.DEPUTY, Role.HEAD, Role.TEACHER))
    assert both.posts == {"valmer": deputy, "ombelle": deputy}
    assert mixed.posts == {"valmer": deputy, "ombelle": head, "tellier": teacher}
    assert (only.posts, only.home, both.home, both.held) == ({"tellier": teacher}, "tellier", "valmer", deputy)
