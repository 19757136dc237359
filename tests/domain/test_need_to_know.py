"""Who may know of a cry: each role in each place; and whose name stands in somebody's words."""

from __future__ import annotations

from itertools import product

import pytest

from bot.domain.need_to_know import Circle, may_close, may_know, named_in, refused_in, roles_in, speaks_to
from bot.domain.nicknames import nicknames
from bot.domain.person import Adult, Role
from bot.domain.rights import Act, may
from bot.domain.spelling import folded
from tests.architecture.who_may import HOME, ME, NEXT_DOOR, PAGE, PERSON, page, places
from tests.domain.phrases.measure import phrases

TEAM = (
    (1, "Luc", "Perrichon"), (2, "Nadia", "Benali-Roussel"), (3, "Cathy", "von der Heyden"), (4, "Éloïse", "Müller"),
    (5, "Al", "Ng"), (6, "Олена", "Коваль"),
    (7, "Jean", "Martin"), (8, "Catherine", "Astruc"), (9, "Jean-Michel", "Roy"),
)  # fmt: skip


def test_the_page_says_what_the_rules_answer() -> None:
    assert PAGE.read_text("utf-8") == page()


@pytest.mark.parametrize("role", Role)
def test_whoever_is_left_out_knows_nothing_whatever_their_role_and_their_school(role: Role) -> None:
    for school, grave, home in product((HOME, NEXT_DOOR), (True, False), (HOME, None)):
        adult = Adult(PERSON, frozenset({role}), home)
        circle = Circle(school, grave, frozenset(Role), told=ME, left_out=ME)
        assert (may_know(adult, circle), may_close(adult, circle)) == (False, False)


@pytest.mark.parametrize("role", Role)
def test_nobody_knows_of_a_case_whose_role_sees_none_and_nobody_closes_what_they_do_not_know(role: Role) -> None:
    adult = Adult(PERSON, frozenset({role}), HOME)
    for circle in places(role).values():
        assert may_know(adult, circle) <= may(adult, Act.SEE_CASES, circle.school)
        assert may_close(adult, circle) <= may_know(adult, circle)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Luc me fait peur", {1}),
        ("c'est Luc.", {1}),
        ("M. PERRICHON m'a touchée", {1}),
        ("monsieur perichon m'a touchée", {1}),
        ("mr perrcihon", {1}),
        ("Mme Benali", {2}),
        ("madame roussel et luc", {1, 2}),
        ("Frau von der Heyden schlägt mich", {3}),
        ("eloise muller", {4}),
        ("Mr Mueller", {4}),
        ("Олену я боюсь, Коваль", {6}),
        ("al mare con ng", set()),
        ("I want to die, von der Tür weg", set()),
        ("je veux mourir depuis ce matin", set()),
        ("monsieur marttin", {7}),
        ("Kathy me fait peur", {8}),
        ("it is because of cath", {8}),
        ("jeanmi m'a touchée", {9}),
        ("", set()),
    ],
)
def test_a_name_is_found_however_it_is_written(words: str, named: set[int]) -> None:
    assert named_in(words, TEAM) == named


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("mon prof me touche", {Role.TEACHER}),
        ("Моя вчителька б'є мене", {Role.TEACHER}),
        ("المعلم يضربني", {Role.TEACHER}),
        ("la coordinatrice me frappe", {Role.COORDINATOR}),
        ("Der Schulleiter hat mich geschlagen", {Role.HEAD}),
        ("je veux parler à la coordinatrice", set()),
        ("please call my teacher, I am hurt", set()),
        ("le professionnel du port", set()),
    ],
)
def test_whom_words_mean_without_a_name(words: str, roles: set[Role]) -> None:
    assert roles_in(words) == roles


@pytest.mark.parametrize(
    ("words", "refused", "spoken_to"),
    [
        ("pas Luc", {1}, False),
        ("surtout pas à M. Perrichon svp", {1}, False),
        ("not with Nadia please, and not Luc", {1, 2}, False),
        ("nicht Herr Martin", {7}, False),
        ("не Олена", {6}, False),
        ("it is not Luc who comes, thanks", {1}, True),
        ("merci Luc", set(), True),
        ("I am not well. Luc knows", set(), False),
        ("c'est à cause de Luc", set(), False),
    ],
)
def test_whom_words_keep_out_and_whether_they_speak_to_somebody(words: str, refused: set[int], spoken_to: bool) -> None:
    assert (set(refused_in(words, TEAM)), speaks_to(words)) == (refused, spoken_to)


def test_what_people_are_called_is_no_word_of_a_sentence() -> None:
    names = ("Catherine", "Jean-Michel", "Anna", "Benjamin", "Giuliano", "Michael", "Samuel", "Alexandra", "Nikolaus")
    called = frozenset[str]().union(*map(nicknames, names))
    said = {word for text in phrases("all", "harmless") for word in folded(text).split()}
    assert len(called) > 50
    assert called.isdisjoint(said)
