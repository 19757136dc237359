"""A colleague on a stay of their own is never called « tu » or «tú»."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot import flows
from bot.domain.formal import formal, spoken_to
from bot.domain.sos import card, danger
from bot.domain.stay import Kind
from bot.engine.flow import Flow
from bot.i18n import LANGUAGES, Text, catalog, placeholders, render
from tests.flows.talk import PROGRAMME

_BEGINS = r"(?:^|[.:;!?]\s+)"
FAMILIAR = {
    "fr": re.compile(
        rf"\b(tu|ton|ta|tes|toi|te)\b|\bt'|{_BEGINS}(écris|appelle|dis|réponds|regarde|montre|envoie)\b", re.I
    ),
    "es": re.compile(
        rf"\b(tú|tu|tus|te|ti|contigo|puedes|quieres)\b|{_BEGINS}(llama|escribe|envía|responde|muestra)\b", re.I
    ),
    "de": re.compile(r"\b(du|dich|dir|dein\w*)\b", re.I),
    "it": re.compile(r"\b(tu|te|ti|tuo|tua|tuoi|tue)\b", re.I),
    "pt": re.compile(r"\b(tu|te|ti|teu|tua|teus|tuas|contigo)\b", re.I),
    "nl": re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.I),
    "pl": re.compile(r"\b(ty|cię|ciebie|tobie|ci|twój|twoja|twoje|twojej|twojego|masz|możesz|chcesz)\b", re.I),
    "uk": re.compile(r"\b(ти|тебе|тобі|твій|твоя|твоє|твоєї|твого|маєш|можеш|хочеш)\b", re.I),
}
"""Pronouns, and the imperative at the beginning of a sentence; Arabic says the one in the plural of courtesy."""
JOURNEY = PROGRAMME.staff


def every_flow() -> Iterator[Flow]:
    names = [("enrolment", ""), ("catch_up", ""), ("away", ""), ("arrival", ""), ("safe_return", "")]
    names += [(item.flow, item.id) for item in JOURNEY.items] + [("message", each.id) for each in JOURNEY.messages]
    for flow, name in names:
        if (built := flows.build(flow, JOURNEY, "staff", name)) is not None:
            yield built


def said(flow: Flow) -> Iterator[Text]:
    for step in flow.steps:
        yield from (getattr(step, name) for name in ("text", "reply") if getattr(step, name, None))
        for choice in getattr(step, "choices", ()):
            yield from (getattr(choice, name) for name in ("label", "reply") if getattr(choice, name, None))


def test_no_conversation_of_staff_is_familiar() -> None:
    every = [text for flow in every_flow() for text in said(flow)]
    every += [words(on_call) for words in (card, danger) for on_call in ("+33 1", None)]
    assert len(every) > 40
    for language, familiar in FAMILIAR.items():
        words = [render(spoken_to(Kind.STAFF, text, language), language) for text in every]
        assert [each for each in words if familiar.search(each)] == [], language


def test_the_formal_words_are_of_texts_that_exist_and_say_as_much() -> None:
    for text, words in formal().items():
        assert {"en"} < set(words) <= set(LANGUAGES)
        assert catalog("fr").gettext(text) != text, text
        for language, familiar in FAMILIAR.items():
            if language in words:
                assert placeholders(words[language]) == placeholders(text), text
                assert not familiar.search(words[language]), words[language]


def test_learners_and_other_languages_hear_what_they_heard() -> None:
    assert spoken_to(Kind.OUTGOING, card(None), "fr") == spoken_to(None, card(None), "fr") == card(None)
    assert spoken_to(Kind.STAFF, card(None), "ro") == card(None)
