"""Who is meant by what somebody typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.spelling import addressed, class_of, find, folded, letters_apart, named

NAMES = {1: "Lina Haddouche", 2: "Noémie Abadie", 3: "Marie Le Goff", 4: "Marie-Paule Œillet", 5: "Jules Morel"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Lina Haddouche", [1]),
        ("LINA", [1]),
        ("haddouche lina", [1]),
        ("Lina H.", [1]),
        ("noemie", [2]),
        ("Noé", [2]),
        ("marie", [3, 4]),
        ("marie paule", [4]),
        ("oeillet", [4]),
        ("le goff", [3]),
        ("Haddouch", [1]),
        ("Hadouche", [1]),
        ("Noemy Abady", [2]),
        ("Zoé", []),
        ("", []),
        ("…", []),
    ],
)
def test_names_are_found_without_accents_case_or_endings(typed: str, found: list[int]) -> None:
    assert find(typed, NAMES) == found


def test_the_whole_name_counts_before_a_part_of_another() -> None:
    assert find("Jules", {1: "Jules", 2: "Jules Morel"}) == [1]


@pytest.mark.parametrize(
    ("text", "found", "words"),
    [
        ("Lina are you well?", [1], "are you well?"),
        ("lina haddouche are you well?", [1], "are you well?"),
        ("Lina H. are you well?", [1], "are you well?"),
        ("Lina\nHello,\nall well?", [1], "Hello,\nall well?"),
        ("Lina h is a letter", [1], "h is a letter"),
        ("Marie hello", [3, 4], "hello"),
        ("Marie Paule hello", [4], "hello"),
        ("Marie le goff", [3], ""),
        ("Zoé hello", [], "hello"),
        ("", [], ""),
    ],
)
def test_a_message_begins_with_whom_it_is_for(text: str, found: list[int], words: str) -> None:
    assert addressed(text, NAMES) == (found, words)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2MRC hello all", ("2MRC", "hello all")),
        ("2mrc", ("2MRC", "")),
        ("2 MRC hello all", ("2MRC", "hello all")),
        ("bts ci 1 hello", ("BTS CI 1", "hello")),
        ("3MRC hello", (None, "3MRC hello")),
        ("", (None, "")),
    ],
)
def test_a_class_may_be_written_with_or_without_spaces(text: str, found: tuple[str | None, str]) -> None:
    assert class_of(text, ["2MRC", "BTS CI 1", ""]) == found


def test_a_last_name_is_told_by_as_many_letters_as_tell_it_apart() -> None:
    names = [("Lina", "Haddouche"), ("lina", "Hamdi"), ("Léa", "Hamdi"), ("Lina", "Ortiz"), ("Lina", "Ha")]

    assert letters_apart(names) == [3, 3, 1, 1, 2]


def test_two_people_of_one_name_are_told_by_all_of_it() -> None:
    assert letters_apart([("Lina", "Hamdi"), ("Lina", "Hamdi"), ("Abel", "")]) == [5, 5, 1]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sos noemie abadie", ["noemie"]),
        ("je suis lina", []),
        ("lina hadouche, au secours", ["haddouche"]),
        ("c'est moi, morel", ["jules"]),
        ("help", []),
        ("", []),
    ],
)
def test_who_is_named_in_a_sentence(words: str, found: list[str]) -> None:
    names = {
        "noemie": ("Noémie", "Abadie"),
        "haddouche": ("Lina", "Haddouche"),
        "ortiz": ("Lina", "Ortiz"),
        "jules": ("Jules", "Morel"),
    }
    assert named(words, names) == found


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_plain_letters_are_folded_like_all_others(written: str) -> None:
    assert folded(written) == folded(f"é {written}").removeprefix("e").removeprefix(" ")
