"""A school writes the difference: what it does not write is Compagnon's, in every language that Compagnon knows."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.programme.inherit import Inheritance, fill, half_changed, is_words, lay_texts
from bot.domain.programme.load import load
from bot.domain.programme.problem import ProgrammeError
from tests.example import EXAMPLE

OURS: dict[str, Any] = {
    "programme": {"language": "fr", "languages": ["fr", "en"]},
    "hours": {"contact": "18:00", "working_days": ["monday", "friday"]},
    "outgoing": {
        "before": [
            {"id": "ehic", "due": "J-60", "text": {"fr": "La carte", "en": "The card"}},
            {"id": "bag", "due": "J-2", "text": {"fr": "Le sac", "en": "The bag"}},
        ],
        "check_in": {"day": "sunday", "opening": {"fr": "Ça va ?", "en": "How are you?"}},
    },
}


def laid(**theirs: Any) -> dict[str, Any]:
    found = Inheritance({"extends": "compagnon", **theirs}, OURS)
    assert found.problems == []
    return found.table


def test_what_a_school_does_not_write_is_taken_over() -> None:
    assert laid() == OURS


def test_a_table_is_changed_key_by_key_and_a_plain_list_as_a_whole() -> None:
    assert laid(hours={"working_days": ["tuesday"]})["hours"] == {"contact": "18:00", "working_days": ["tuesday"]}


def test_an_item_is_changed_by_its_id_and_a_new_one_comes_last() -> None:
    mine = {"before": [{"id": "bag", "due": "J-5"}, {"id": "keys", "due": "J-1", "text": "Les clés"}]}
    assert laid(outgoing=mine)["outgoing"]["before"] == [
        OURS["outgoing"]["before"][0],
        {"id": "bag", "due": "J-5", "text": {"fr": "Le sac", "en": "The bag"}},
        {"id": "keys", "due": "J-1", "text": "Les clés"},
    ]


def test_a_plain_text_replaces_what_compagnon_says_in_the_schools_language() -> None:
    mine = {"check_in": {"opening": "Alors, cette semaine ?"}}
    assert laid(outgoing=mine)["outgoing"]["check_in"]["opening"] == {
        "fr": "Alors, cette semaine ?",
        "en": "How are you?",
    }
    assert OURS["outgoing"]["check_in"]["opening"]["fr"] == "Ça va ?"


def test_a_school_does_without_an_item() -> None:
    assert [each["id"] for each in laid(outgoing={"without": ["ehic"]})["outgoing"]["before"]] == ["bag"]


def test_a_school_puts_rows_in_an_order_of_its_own() -> None:
    mine = {"order": ["keys", "bag"], "before": [{"id": "keys", "due": "J-1", "text": "Les clés"}]}
    assert [each["id"] for each in laid(outgoing=mine)["outgoing"]["before"]] == ["keys", "bag", "ehic"]
    whole = Inheritance({**OURS, "outgoing": {**OURS["outgoing"], "order": ["bag", "baag"]}}, {})
    assert [each["id"] for each in whole.table["outgoing"]["before"]] == ["bag", "ehic"]
    assert [(str(each.where), each.field) for each in whole.problems] == [("outgoing", "order")]


def test_what_is_called_nothing_is_named_with_what_was_meant() -> None:
    found = Inheritance({"extends": "compagnon", "outgoing": {"without": ["ehik"]}}, OURS)
    assert [str(each) for each in found.problems] == [
        'outgoing, without: nothing here is called "ehik"; did you mean "ehic"?'
    ]
    found = Inheritance({"extends": "compagnion"}, OURS)
    assert [str(each) for each in found.problems] == ['extends: "compagnion" is not known here: write compagnon']


def test_a_file_of_one_language_adds_its_texts() -> None:
    table = laid(outgoing={"before": [{"id": "keys", "due": "J-1", "text": "Les clés"}]})
    german = {"outgoing": {"before": {"bag": {"text": "Die Tasche"}, "keys": {"text": "Die Schlüssel"}}}}
    assert list(lay_texts(table, german, "de")) == []
    assert [each["text"] for each in table["outgoing"]["before"]] == [
        {"fr": "La carte", "en": "The card"},
        {"fr": "Le sac", "en": "The bag", "de": "Die Tasche"},
        {"fr": "Les clés", "de": "Die Schlüssel"},
    ]


def test_what_a_file_of_one_language_says_of_nothing_is_named() -> None:
    german = {"outgoing": {"before": {"bagg": {"text": "x"}, "bag": {"due": 5, "text": {"de": "x"}}}, "befor": {}}}
    assert [str(each) for each in lay_texts(laid(), german, "de")] == [
        'outgoing.before, bagg: nothing here is called "bagg"; did you mean "bag"?',
        "outgoing.before.bag, due: this is no text: a file of one language holds texts only",
        "outgoing.before.bag, text: this is no text: a file of one language holds texts only",
        'outgoing, befor: nothing here is called "befor"; did you mean "before"?',
    ]


def test_promised_languages_are_filled_where_compagnon_knows_the_english() -> None:
    table = {**laid(), "programme": {"language": "fr", "languages": ["fr", "en", "de"]}}
    fill(table, lambda english: {"de": "Die Tasche"} if english == "The bag" else {})
    assert [each["text"].get("de") for each in table["outgoing"]["before"]] == [None, "Die Tasche"]


def test_a_text_changed_in_one_language_is_told_of() -> None:
    mine = {"before": [{"id": "bag", "text": "Ton sac"}, {"id": "ehic", "text": {"fr": "Ta carte", "en": "Your card"}}]}
    told = half_changed({"extends": "compagnon", "outgoing": mine}, OURS)
    assert [str(each) for each in told] == [
        "outgoing.before.bag, text: in en it still says what Compagnon says: does that fit what you changed?"
    ]
    assert list(half_changed(OURS, OURS)) == []


def test_a_table_of_ids_is_no_text() -> None:
    assert (is_words({"id": "x"}), is_words({"fr": "x"}), is_words({"start": "08:00"}), is_words({})) == (
        False, True, False, False,
    )  # fmt: skip


def test_a_programme_of_one_line_is_the_shipped_one() -> None:
    assert load('extends = "compagnon"\n', "mine.toml", shipped=EXAMPLE) == load(EXAMPLE, "programme.example.toml")


def test_problems_name_the_file_they_are_in() -> None:
    with pytest.raises(ProgrammeError) as caught:
        load('extends = "compagnon"\n', "mine.toml", shipped=EXAMPLE, beside={"mine.de.toml": "[outgoin]\n"})
    assert caught.value.lines == ('mine.de.toml, outgoin: nothing here is called "outgoin"; did you mean "outgoing"?',)
    with pytest.raises(ProgrammeError) as caught:
        load('extends = "compagnon"\n', "mine.toml", shipped=EXAMPLE, beside={"mine.de.toml": "[outgoin\n"})
    assert caught.value.lines[0].startswith("mine.de.toml, line 1")
