"""Texts become words only when they are sent: in the reader's language, with values shown as that language does."""

from __future__ import annotations

from typing import Any

import pytest

from bot.i18n import Plural, Text, _n, best_language, catalog, direction, from_json, placeholders, render, show, to_json

WEEKS = _n("{count} return this week: {names}", "{count} returns this week: {names}")
INSTANT = "2027-03-06T15:30:00+00:00"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "Merci. Inès peut commencer."),
        ("es", "Gracias. Inès puede empezar."),
        ("en", "Thank you. Inès can begin."),
    ],
)
def test_a_message_id_is_said_in_the_language(language: str, words: str) -> None:
    assert render("Thank you. {name} can begin.", language, {"name": "Inès"}) == words


def test_a_text_nobody_translated_is_said_as_it_is() -> None:
    assert (render("Nobody translated this.", "fr"), render("Tomorrow", "xx"), render("", "fr")) == (
        "Nobody translated this.", "Tomorrow", "",
    )  # fmt: skip


@pytest.mark.parametrize(("language", "words"), [("fr", "Bonjour"), ("en", "Hello"), ("es", "Hello"), ("sv", "Hello")])
def test_the_schools_own_words_fall_back_on_english(language: str, words: str) -> None:
    assert render({"fr": "Bonjour", "en": "Hello"}, language) == words


def test_without_english_the_first_language_is_said() -> None:
    assert (render({"fr": "Bonjour", "es": "Hola"}, "de"), render({"fr": "", "en": "Hello"}, "fr"), render({}, "fr")) == (
        "Bonjour", "Hello", "",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            ["0 retour cette semaine\u00a0: –", "1 retour cette semaine\u00a0: –", "2 retours cette semaine\u00a0: –"],
        ),
        ("en", ["0 returns this week: –", "1 return this week: –", "2 returns this week: –"]),
        ("es", ["0 vueltas esta semana: –", "1 vuelta esta semana: –", "2 vueltas esta semana: –"]),
    ],
)
def test_each_language_counts_in_its_own_way(language: str, words: list[str]) -> None:
    assert [render(WEEKS, language, {"count": count, "names": "–"}) for count in range(3)] == words


def test_names_without_a_value_are_left_out_and_values_are_not_read_again() -> None:
    assert render("{a}, {b} and {C}", "en", {"a": "{b}", "C": "c"}) == "{b},  and {C}"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (7, "7"),
        ("Bergen", "Bergen"),
        ({"date": "2027-03-06"}, "6 mars 2027"),
        ({"day": "2027-03-06"}, "samedi 6 mars"),
        ({"time": INSTANT, "zone": "Europe/Oslo"}, "16:30"),
        ({"moment": INSTANT, "zone": "Europe/Oslo"}, "samedi 6 mars 16:30"),
        ({"list": ["Inès", {"country": "NO"}, "Tom"]}, "Inès, Norvège et Tom"),
        ({"list_lines": ["a", {"text": "Tomorrow"}]}, "a\nDemain"),
        ({"country": "ES"}, "Espagne"),
        ({"country": "QQ"}, "QQ"),
        ({"text": {"fr": "{n} points", "en": "{n} items"}, "values": {"n": 3}}, "3 points"),
        ({"text": to_json(WEEKS), "values": {"count": 1, "names": "Tom"}}, "1 retour cette semaine\u00a0: Tom"),
        ({"unknown": 1}, ""),
        ({}, ""),
    ],
)
def test_a_value_is_shown_as_the_language_does(value: Any, words: str) -> None:
    assert show(value, "fr") == words


def test_a_day_is_written_in_english_too() -> None:
    assert (show({"date": "2027-03-06"}, "en"), show({"day": "2027-03-06"}, "en")) == (
        "6 March 2027",
        "Saturday 6 March",
    )


@pytest.mark.parametrize("text", ["Tomorrow", "", {"fr": "Demain", "en": "Tomorrow"}, Plural("one", "many", "days")])
def test_what_is_kept_is_read_back(text: Text) -> None:
    assert from_json(to_json(text)) == text


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("fr", "fr"), ("fr-CA", "fr"), ("en_GB", "en"), ("en-US", "en"), ("es-419", "es"), ("ca", "es"), ("gl", "es"),
        ("sv", "fr"), ("de-AT", "de"), ("xx", "fr"), ("und", "fr"), ("not a tag!", "fr"), ("", "fr"), (None, "fr"),
    ],
)  # fmt: skip
def test_the_nearest_language_is_chosen(wanted: str | None, found: str) -> None:
    assert best_language(wanted) == found


def test_a_school_chooses_what_is_offered_and_what_is_said_to_others() -> None:
    assert (best_language("en", ("de", "fr"), "de"), best_language("de-AT", ("de", "fr"))) == ("de", "de")


def test_pages_run_from_right_to_left_where_the_language_does() -> None:
    assert [direction(tag) for tag in ("ar", "fa-IR", "he", "ur", "fr", "en-GB")] == ["rtl"] * 4 + ["ltr"] * 2


def test_placeholders_are_the_names_in_braces() -> None:
    assert placeholders("{name}, {first_level} {Name} {1} { x }") == {"name", "first_level"}


def test_english_needs_no_catalog() -> None:
    assert (type(catalog("en")).__name__, type(catalog("fr")).__name__) == ("NullTranslations", "GNUTranslations")


def test_names_numbers_and_commands_keep_their_direction_in_words_from_right_to_left() -> None:
    text = {"ar": "المناوب: {phone}. اكتب /stop، يا {name}.", "fr": "{phone} {name} /stop"}
    values = {"phone": "+33 4 00 00 00 00", "name": "Inès"}
    assert render(text, "ar", values) == (
        "المناوب: \u2068+33 4 00 00 00 00\u2069. اكتب \u2068/stop\u2069، يا \u2068Inès\u2069."
    )
    assert render(text, "ar", {"phone": "", "name": "سارة"}) == "المناوب: . اكتب \u2068/stop\u2069، يا سارة."
    assert render(text, "fr", values) == "+33 4 00 00 00 00 Inès /stop"


def test_portuguese_dates_are_those_of_portugal() -> None:
    assert render({"pt": "{day}"}, "pt", {"day": {"day": "2027-03-20"}}) == "sábado 20 de março"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("C'est bon ? Oui : non !", "C'est bon\u00a0? Oui\u00a0: non\u00a0!"),
        ("« Salut » dit-il ; 30 % ?!", "«\u00a0Salut\u00a0» dit-il\u00a0; 30\u00a0%\u00a0?!"),
        ("Bravo :) {name} : 8 :30", "Bravo :) Inês ?\u00a0: 8 :30"),
    ],
)
def test_no_line_of_a_schools_french_begins_with_a_colon_or_a_question_mark(typed: str, said: str) -> None:
    assert render({"fr": typed, "en": typed}, "fr", {"name": "Inês ?"}) == said
    assert render({"fr": typed, "en": "One : two"}, "en") == "One : two"
