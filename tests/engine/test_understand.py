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
        ("regualr", "so_so"),
        ("moyne", "so_so"),
        ("moyneen", None),
        ("miel", None),
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


ARRIVED = (Option("yes", {"fr": "Oui, je suis là", "en": "Yes, I'm here", "es": "Sí, ya estoy aquí"}),
           Option("trouble", {"fr": "J'ai un souci", "en": "I have a problem", "es": "Tengo un problema"}),
           Option("stranded", {"fr": "Je suis bloqué en route", "en": "I'm stranded", "es": "Me he quedado tirado"}))  # fmt: skip
HOME = (Option("fine", {"en": "Yes, all is well"}), Option("home", {"en": "I am at home"}))
SIGNED = (Option("signed", {"fr": "Tout est signé", "en": "All signed", "es": "Todo firmado"}),
          Option("sent", {"fr": "Signée et envoyée", "en": "Signed and sent", "es": "Firmado y enviado"}),
          Option("no", {"fr": "Non, pas encore", "en": "No, not yet", "es": "No, todavía no"}),
          Option("how", {"fr": "Je ne sais pas", "en": "I don't know how", "es": "No sé cómo"}))  # fmt: skip


@pytest.mark.parametrize(
    ("options", "typed", "meant"),
    [
        (ARRIVED, "I have no problem", None),
        (ARRIVED, "J'ai aucun souci", None),
        (ARRIVED, "I have a problm", "trouble"),
        (ARRIVED, "i have a prolbem!!", "trouble"),
        (ARRIVED, "yes", "yes"),
        (ARRIVED, "Ouiii", "yes"),
        (ARRIVED, "sí", "yes"),
        (ARRIVED, "si", "yes"),
        (ARRIVED, "да", "yes"),
        (ARRIVED, "oui je suis bien arrivée", "yes"),
        (ARRIVED, "yes but I have a problem", None),
        (ARRIVED, "yes stranded", None),
        (ARRIVED, "oui pas encore", None),
        (ARRIVED, "oui ?", None),
        (ARRIVED, "si j'arrive ce soir", None),
        (ARRIVED, "yes at 8", None),
        (ARRIVED, "no", None),
        (HOME, "yes I am", "fine"),
        (HOME, "yes at home", None),
        (SIGNED, "no", "no"),
        (SIGNED, "non", "no"),
        (SIGNED, "no todo firmado", None),
        (SIGNED, "signée et pas envoyée", None),
        (SIGNED, "signée et envoyé", "sent"),
        (SIGNED, "no signed", None),
        (SIGNED, "yes", None),
        (SIGNED, "-1", None),
    ],
)
def test_a_word_more_or_less_is_another_answer(options: tuple[Option, ...], typed: str, meant: str | None) -> None:
    assert pick(options, typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("absent 2 jours", None),
        ("j'ai raté 1 jour", None),
        ("tous sauf 2", None),
        ("-2", None),
        ("1 jour férié", None),
        ("3", Press("days", "3")),
        ("3 jours", Press("days", "3")),
        ("4 days this week", Press("days", "4")),
        ("4j", Press("days", "4")),
    ],
)
def test_a_number_is_the_answer_alone_or_with_its_unit(typed: str, meant: Press | None) -> None:
    assert understand(FLOW, Session(asked="days"), typed) == meant
