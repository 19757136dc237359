"""Typed words as the press they mean, and what they do not mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.engine.advance import Press, Session, Words
from bot.engine.flow import Flow
from bot.engine.step import Choice, Choose, Number, Write
from bot.engine.understand import Option, pick, understand

MOOD = (
    Option("good", {"fr": "🙂 Bien", "en": "🙂 Good", "es": "🙂 Bien", "de": "🙂 Gut"}, ("ça va",)),
    Option("so_so", {"fr": "😐 Moyen", "en": "😐 So-so", "es": "😐 Regular"}),
    Option("bad", {"fr": "🙁 Pas bien", "en": "🙁 Not good", "es": "🙁 Mal"}),
    Option("thumb", {"fr": "👍", "en": "👍", "es": "👍"}),
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("1", "good"),
        (" 3 ", "bad"),
        ("3.", "bad"),
        ("2️⃣", "so_so"),
        ("5", None),
        ("0", None),
        ("12", None),
        ("Bien", "good"),
        ("BIEN !!", "good"),
        ("Bien, merci", "good"),
        ("pas bien", "bad"),
        ("Not good", "bad"),
        ("not goood", "bad"),
        ("mal", "bad"),
        ("gut", "good"),
        ("ca va", "good"),
        ("Ça va ?", "good"),
        ("🙂", "good"),
        ("🙂 🙂", None),
        ("👍", "thumb"),
        ("👍🏽", "thumb"),
        ("👍️", "thumb"),
        ("!!!", None),
        ("", None),
        ("   ", None),
        ("I was ill and the bus was late 🙂", None),
        ("bien " * 20, None),
        ("hola", None),
    ],
)
def test_a_text_means_one_option_or_none(typed: str, meant: str | None) -> None:
    assert pick(MOOD, typed) == meant


@pytest.mark.parametrize(("typed", "meant"), [("0", "none"), ("2", "two"), ("3", None), ("2️⃣", "two")])
def test_where_all_labels_are_numbers_a_number_is_the_label_and_not_the_place(typed: str, meant: str | None) -> None:
    scale = tuple(Option(name, label) for name, label in (("none", "0"), ("one", "1"), ("two", "2")))
    assert pick(scale, typed) == meant


def test_what_two_options_share_means_neither() -> None:
    options = (Option("a", "Yes", ("oui",)), Option("b", "Oui"))
    assert (pick(options, "oui"), pick(options, "yes")) == (None, "a")


def test_a_label_is_typed_with_its_values() -> None:
    assert pick((Option("ring", "Call {coordinator}"),), "call anna", {"coordinator": "Anna"}) == "ring"


FLOW = Flow(
    "f",
    (
        Number("days", "Days?", 0, 5, "note"),
        Write("note", "Words?", "mood", Choice("nothing", "Rien", "mood", ("no",))),
        Choose("mood", "How?", (Choice("good", "Good"), Choice("bad", "Bad"))),
    ),
)


@pytest.mark.parametrize(
    ("asked", "typed", "meant"),
    [
        ("days", "5", Press("days", "5")),
        ("days", "0", Press("days", "0")),
        ("days", "5 jours", Press("days", "5")),
        ("days", "j'ai fait 4 jours", Press("days", "4")),
        ("days", "15", None),
        ("days", "3 ou 4", None),
        ("days", "2,5", None),
        ("days", "all", None),
        ("note", "1", Words("1")),
        ("note", "rien", Press("note", "nothing")),
        ("note", "My boss is kind", Words("My boss is kind")),
        ("note", "   ", None),
        ("mood", "2", Press("mood", "bad")),
        ("mood", "My boss is kind", None),
        ("gone", "1", None),
        (None, "1", None),
    ],
)
def test_words_are_understood_by_the_question_that_stands(
    asked: str | None, typed: str, meant: Press | Words | None
) -> None:
    assert understand(FLOW, Session(asked=asked), typed) == meant


def test_after_silence_the_last_question_still_understands() -> None:
    silent = Session({}, {"days": "5", "note": "nothing", "mood": None}, None)
    assert understand(FLOW, silent, "good") == Press("mood", "good")
    assert understand(FLOW, Session({}, {"days": "5"}, None), "good") is None


@given(st.text(max_size=100))
def test_any_text_is_understood_or_not_without_an_accident(typed: str) -> None:
    assert pick(MOOD, typed) in {"good", "so_so", "bad", "thumb", None}
    for asked in ("days", "note", "mood"):
        meant = understand(FLOW, Session(asked=asked), typed)
        if isinstance(meant, Press):
            question = FLOW.question(asked)
            assert question is not None
            assert meant.choice in {choice.id for choice in question.choices}
