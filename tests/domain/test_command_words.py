"""What a text with a slash is: a command, words beside one, or a sentence."""

from __future__ import annotations

import pytest

from bot.domain.command_words import ALIASES, said_in, without_slash, word_of


@pytest.mark.parametrize(
    ("text", "command", "said", "sentence"),
    [
        ("/question Où dors-je ?", ("question", "Où dors-je ?"), "Où dors-je ?", "/question Où dors-je ?"),
        ("/preguntar\nhola", ("question", "hola"), "hola", "/preguntar\nhola"),
        ("/aide", ("help", ""), "", "/aide"),
        ("/aide moi", ("help", "moi"), "aide moi", "/aide moi"),
        ("/pas envie de vivre", ("except", "envie de vivre"), "pas envie de vivre", "/pas envie de vivre"),
        ("/write Lina ça va ?", ("write", "Lina ça va ?"), "", "/write Lina ça va ?"),
        ("/start abc", ("start", "abc"), "", "/start abc"),
        ("/je vais bien", ("help", "vais bien"), "je vais bien", "je vais bien"),
        ("/ je vais bien", ("help", "vais bien"), "je vais bien", "je vais bien"),
        ("/oops", ("help", ""), "oops", "/oops"),
        ("/", ("help", ""), "", "/"),
        ("je vais bien", ("", ""), "je vais bien", "je vais bien"),
        ("arrêtez svp", ("stop", ""), "arrêtez svp", "arrêtez svp"),
        ("", ("", ""), "", ""),
    ],
)
def test_a_slash_begins_a_command_or_stands_before_a_sentence(
    text: str, command: tuple[str, str], said: str, sentence: str
) -> None:
    assert (word_of(text), said_in(text), without_slash(text)) == (command, said, sentence)


def test_no_command_has_a_name_of_another() -> None:
    names = [name for ways in ALIASES.values() for name in ways]
    assert sorted(names) == sorted(set(names))
