"""What is a cry for help, and what only sounds like one."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from bot.domain.programme.walk import texts
from bot.domain.sos import COMMANDS, is_sos
from tests.example import example

ROOT = Path(__file__).parents[2]
CRIES = (
    "SOS", "sos", "S.O.S", "s.o.s. je suis perdue", "S O S", "SOS!!!", "SOOOOS", "sosss", "sos sos sos",
    "sos je suis à la gare", "🆘", "🆘 vite", "/sos", "/SOS", "/sos maintenant", "/urgence", "/secours", "/emergency",
    "/emergencia", "/socorro", "/notfall", "/hilfe", "/emergenza", "/aiuto",
    "/au secours", "/ sos", "/aidez-moi", "/help me", "/aide moi", "/question SOS", "/question aidez-moi", "/ask\nau secours",
    "Au secours !", "AU SECOURS", "au secour", "au secours au secours", "à l'aide", "A l aide", "à l’aide !!", "aidez-moi",
    "aidez moi svp", "Aide-moi", "J'ai besoin d'aide", "sauvez moi", "urgence",
    "Help", "help me", "HEEEELP", "help help", "helpme", "please help", "I need help!", "emergency",
    "ayuda", "¡Ayuda!", "ayúdame", "ayudame por favor", "¡Socorro!", "auxilio", "necesito ayuda", "emergencia",
    "Hilfe", "Hilfe!!!", "HILFEEE", "zu Hilfe", "Notfall", "hilf mir", "ich brauche Hilfe",
    "aiuto", "Aiutooo", "aiutatemi", "ho bisogno di aiuto", "emergenza", "pomocy",
)  # fmt: skip
ORDINARY = (
    "aide", "/aide", "/help", "/ayuda", "/start sos-abc", "/help checklist", "/aide liste", "/next help",
    "/broadcast En cas de danger, écrivez SOS", "/write Lina SOS ?", "/phoned Lina SOS hier", "/question", "/", "/help how do I get my card",
    "l'aide-soignante est gentille", "il m'aide bien",
    "J'ai aidé mon tuteur au secours d'un chat", "la sortie de secours est à gauche", "pas d'urgence, demain ça ira",
    "Can you help me with the test?", "they help me a lot", "la ayuda llegó tarde", "no necesito ayuda con el test",
    "Die Hilfe war gut", "mi serve aiuto con il test", "Oui", "1", "!!!", "🙂", "", "soso", "so so", "ossos",
    "on a mangé de la sauce", "miss OS", "s o", "J'aide en cuisine", "le SAV a répondu",
)  # fmt: skip


@pytest.mark.parametrize("text", CRIES)
def test_a_cry_is_heard_however_it_is_written(text: str) -> None:
    assert is_sos(text)


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_words_are_no_cry(text: str) -> None:
    assert not is_sos(text)


@pytest.mark.parametrize(
    ("beginning", "middle", "end", "cry"),
    [
        ("Lundi on a visité l'atelier.", "On a mangé.", "À demain.", False),
        ("SOS", "On a mangé.", "À demain.", True),
        ("Lundi on a visité l'atelier.", "sos", "À demain.", True),
        ("Lundi on a visité l'atelier.", "On a mangé.", "Appelle la police, vite.", True),
        ("J'ai besoin d'aide.", "On a mangé.", "À demain.", False),
    ],
)
def test_of_a_long_story_the_beginning_and_the_end_are_heard_and_sos_anywhere(
    beginning: str, middle: str, end: str, cry: bool
) -> None:
    story = "Ensuite on a fait des pièces au tour. " * 60
    assert is_sos(f"{beginning} {story}{middle} {story}{end}") is cry


def test_a_school_adds_its_own_words() -> None:
    assert (is_sos("¡Peligro!!", ("peligro",)), is_sos("Peligroso", ("peligro",))) == (True, False)


def test_nothing_that_the_example_offers_is_a_cry() -> None:
    programme = example()
    labels = [each.words for each in texts(programme) if each.field == "label"]
    written = [word for label in labels for word in ([label] if isinstance(label, str) else label.values())]
    assert [word for word in written if is_sos(word, programme.sos.words)] == []


def test_the_page_knows_the_same_commands() -> None:
    script = (ROOT / "bot/web/chat/static/sos.js").read_text("utf-8")
    found = re.search(r"COMMANDS = new Set\((\[.*?\])\)", script)
    assert found is not None
    assert set(json.loads(found[1])) == COMMANDS
