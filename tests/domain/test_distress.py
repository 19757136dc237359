"""Words of distress: found within any sentence, never in ordinary ones."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.catalogs import WRITTEN
from bot.domain.distress import distress_in
from bot.domain.level import Level
from bot.domain.programme import Programme
from bot.domain.programme.check import check
from bot.domain.programme.load import load
from bot.domain.programme.model import Distress
from bot.domain.programme.walk import texts
from bot.i18n import LANGUAGES
from tests.example import EXAMPLE, example

PROGRAMME = example()
ORDINARY = (
    "Oui", "Non", "Très bien", "ça va", "J'étais mort de fatigue", "mourir de rire", "c'est à mourir d'ennui parfois",
    "j'ai coupé du bois toute la journée", "je me suis coupé les cheveux", "on a tué le temps au bowling",
    "mon tuteur est sympa", "le chef m'a montré la machine", "j'ai frappé à la porte", "il bat les œufs",
    "j'ai perdu du temps dans le bus", "j'ai perdu mes clés", "j'ai rendu mon passeport à l'hôtel", "on finit vendredi",
    "je rentre chez moi le 27", "la violette est en fleur", "un violon", "il y avait une battle de rap",
    "J'ai vu un film sur la guerre", "pas de souci", "la maison est loin", "je suis seul dans la chambre, c'est bien",
    "I cut wood all day", "that movie killed me", "dying to see you", "I beat him at chess", "my boss is nice",
    "I lost the bus ticket", "we went home at five", "I am never lonely here", "hit the road early", "grapes and rapeseed",
    "Todo bien", "me muero de hambre", "me pego un susto cada mañana", "me pegué al cristal", "la película era de miedo",
    "perdí el autobús", "estoy solo en la oficina por la mañana", "nos vemos el lunes", "1", "👍", "",
)  # fmt: skip
TOLD = {
    "J'ai envie de mourir": Level.NOW,
    "JE VEUX MOURIR...": Level.NOW,
    "franchement j'ai plus envie de vivre depuis lundi": Level.NOW,
    "jai pas dormi, je pense au suicide": Level.NOW,
    "mon colocataire m’a frappée hier soir": Level.NOW,
    "I want to kill myself": Level.NOW,
    "they hit me at work": Level.NOW,
    "no quiero vivir mas": Level.NOW,
    "Je ne sais pas où dormir, il m'a mise à la porte": Level.NOW,
    "J'ai perdu mon passeport à la gare": Level.FOLLOW_UP,
    "me han robado la cartera": Level.FOLLOW_UP,
    "je n'en peux plus": Level.NONE,
    "I can't take it anymore": Level.NONE,
    "j'ai perdu mon passeport et je veux mourir": Level.NOW,
}


@pytest.mark.parametrize("text", TOLD)
def test_words_of_distress_are_found_within_any_sentence(text: str) -> None:
    assert distress_in(text, PROGRAMME) is TOLD[text]


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_answers_hold_none(text: str) -> None:
    assert distress_in(text, PROGRAMME) is None


@given(st.lists(st.sampled_from(ORDINARY), min_size=1, max_size=6))
def test_nor_do_several_of_them_together(answers: list[str]) -> None:
    assert distress_in(". ".join(answers), PROGRAMME) is None


@pytest.mark.parametrize("text", ["stoooop", "Not now", "ahora no", "hello?", "wer da?"])
def test_two_words_that_no_list_knows_are_none(text: str) -> None:
    assert distress_in(text, PROGRAMME) is None


def said(field: str, languages: Sequence[str] = LANGUAGES) -> list[str]:
    found = [written.words for written in texts(PROGRAMME) if written.field == field]
    spoken = [words if isinstance(words, dict) else {"en": words} for words in found]
    return [words[language] for words in spoken for language in languages if language in words]


def test_what_a_button_says_is_that_answer_and_nothing_else() -> None:
    assert [label for label in said("label") if distress_in(label, PROGRAMME) is not None] == []


def test_nothing_that_compagnon_says_holds_any() -> None:
    fields = ("text", "help", "reply")
    assert [text for field in fields for text in said(field, WRITTEN) if distress_in(text, PROGRAMME)] == []


def problems(old: str, new: str) -> list[str]:
    assert old in EXAMPLE
    text = EXAMPLE.replace('languages = ["fr", "en", "es"]', 'languages = ["fr", "en", "es", "de"]', 1)
    return [str(problem) for problem in check(load(text.replace(old, new, 1), "p.toml"))]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("[distress.no_roof]", "[distress.no_bed]",
         'distress.no_bed, words: there are no words in "de": nobody would be heard in it; add words.de'),
        ('"nowhere to sleep"', '"a 1"', 'distress.no_roof, words.en: "a 1" is too short: it would be found in ordinary messages; write 4 letters or more'),
    ],
)  # fmt: skip
def test_lists_that_would_hear_nothing_or_everything_are_refused(old: str, new: str, says: str) -> None:
    assert problems(old, new) == [says]


def test_without_a_list_compagnons_own_words_are_heard() -> None:
    silent: Programme = PROGRAMME.model_copy(update={"distress": {}})
    assert (distress_in("je veux mourir", silent), distress_in("zut alors", silent)) == (Level.NOW, None)


def test_a_school_adds_words_and_decides_how_grave_a_kind_is() -> None:
    own = Distress(level=Level.TODAY, words={"fr": ("zut alors",)})
    low = Distress(level=Level.FOLLOW_UP, words={})
    school = PROGRAMME.model_copy(update={"distress": {"own": own, "go_home": low}})
    assert [distress_in(text, school) for text in ("ben ZUT, alors !", "I want to go home", "zut")] == [
        Level.TODAY, Level.FOLLOW_UP, None,
    ]  # fmt: skip


def test_the_words_of_a_button_are_distress_where_no_question_stands() -> None:
    words = "J'ai nulle part où dormir ce soir"
    label = next(label for label in said("label") if label == "Je n'ai nulle part où dormir ce soir")
    assert (distress_in(label, PROGRAMME), distress_in(label, PROGRAMME, asked=False)) == (None, Level.NOW)
    assert distress_in(words, PROGRAMME) is Level.NOW
