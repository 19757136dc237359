"""Rules of voice that a machine can check. Warmth is checked by reading aloud."""

from __future__ import annotations

import re

from .conftest import Entry

LEARNERS = (
    "bot/flows/",
    "bot/engine/",
    "bot/domain/sos.py",
    "bot/domain/programme/item.py",
    "bot/domain/programme/journey.py",
    "bot/handlers/case/sos.py",
)
ADULTS = (
    "bot/domain/programme/starter.py",
    "bot/domain/programme/inherit.py",
    "bot/handlers/case/alert.py",
    "bot/handlers/case/buttons.py",
    "bot/handlers/conversation/tasks.py",
    "bot/handlers/desk/",
)
TO_STAFF = "Good morning {name}"
TO_ADULTS = "{learner} "
"""What the SOS handler tells adults begins with the learner's name."""
ACRONYMS = frozenset({"RULE", "SEEING", "RULES", "STARTTLS", "SECRET", "DSGVO"})
ARGUMENTS = frozenset(
    {
        "ADDRESS",
        "ADRESSE",
        "ADRES",
        "DIRECCIÓN",
        "ENDEREÇO",
        "INDIRIZZO",
        "NUMBER",
        "NÚMERO",
        "NUMERO",
        "ANZAHL",
        "AANTAL",
        "LICZBA",
        "COMMAND",
        "COMMANDE",
        "ORDEN",
        "FICHIER",
        "FICHERO",
        "NOMBRE",
        "CONVERSATION",
        "CONVERSACIÓN",
        "LENGTH",
        "DURÉE",
        "DURACIÓN",
        *("BEFEHL", "DATEI", "DAUER", "GESPRÄCH", "COMANDO", "FICHEIRO", "DURAÇÃO", "CONVERSA", "CONVERSAZIONE"),
        *("FOLDER", "DOSSIER", "CARPETA", "ORDNER", "CARTELLA", "PASTA", "MAP", "ТЕКА"),
        *("DURATA", "OPDRACHT", "BESTAND", "GESPREK", "POLECENIE", "NAZWA", "ROZMOWA"),
    }
)
"""How a terminal writes what is to be replaced."""
CURLY = frozenset({"uk", "nl"})
"""Ukrainian writes its apostrophe so, Dutch its single quotes."""

FORMAL = {
    "fr": r"(?<!-)\b(vous|votre|vos)\b",
    "es": r"\b(usted|ustedes)\b",
    "nl": r"\b(u|uw)\b",
    "uk": r"\b(ви|вам|вас|ваш\w*)\b",
}
FAMILIAR = {
    "nl": r"\b(je|jij|jou|jouw)\b",
    "de": r"\b(du|dich|dir|dein\w*)\b",
    "uk": r"\b(ти|тебе|тобі|твій|твоя|твоє|твої\w*)\b",
    "fr": r"(?<!-)\b(tu|ton|ta|tes|toi|te)\b|\bt['’]",
    "es": r"\b(tú|tu|tus|te|ti|contigo|tuyo|tuya)\b",
}
SCOLDING = r"!!|dernier rappel|last reminder|último recordatorio|rappel automatique|recordatorio automático"


def _breaking(found: list[Entry], rules: dict[str, str]) -> list[str]:
    known = [entry for entry in found if entry.language in rules]
    return [entry.words for entry in known if re.search(rules[entry.language], entry.words, re.IGNORECASE)]


def test_learners_are_told_tu(spoken: list[Entry]) -> None:
    to_learners = [entry for entry in spoken if entry.within(*LEARNERS)]
    young = [entry for entry in to_learners if not entry.english.startswith((TO_STAFF, TO_ADULTS))]
    assert (len(young) > 100, _breaking(young, FORMAL)) == (True, [])


def test_adults_are_told_vous(spoken: list[Entry]) -> None:
    quoting = "/write Lina"
    adults = [entry for entry in spoken if entry.within(*ADULTS) or entry.english.startswith(TO_STAFF)]
    adults = [entry for entry in adults if quoting not in entry.english]
    assert (len(adults) > 100, _breaking(adults, FAMILIAR)) == (True, [])


def test_nobody_is_scolded(catalogs: list[Entry]) -> None:
    said = [words for entry in catalogs for words in (entry.english, entry.words)]
    assert [words for words in said if re.search(SCOLDING, words, re.IGNORECASE)] == []


def test_nobody_is_shouted_at(spoken: list[Entry]) -> None:
    shouted = {word for entry in spoken for word in re.findall(r"\b[A-ZÀ-ÝÑ]{5,}\b", f"{entry.english} {entry.words}")}
    assert shouted - ACRONYMS - ARGUMENTS == set()


def test_one_emoji_at_the_most(spoken: list[Entry]) -> None:
    assert [entry.words for entry in spoken if len(re.findall(r"[\U0001F300-\U0001FAFF]", entry.words)) > 1] == []


def test_french_has_no_break_spaces_before_double_signs_and_within_quotes(catalogs: list[Entry]) -> None:
    french = [entry.words for entry in catalogs if entry.language == "fr"]
    wrong = r"[^\u00a0\s…?!][?!;»](?!\w)|[^\S\u00a0][?!:;»]|«[^\u00a0]|\w:(?=\s)"
    assert [words for words in french if re.search(wrong, words)] == []


def test_spanish_opens_what_it_closes(catalogs: list[Entry]) -> None:
    spanish = [entry.words for entry in catalogs if entry.language == "es"]
    pairs = (("¿", "?"), ("¡", "!"), ("«", "»"))
    assert [words for words in spanish for first, last in pairs if words.count(first) != words.count(last)] == []
    assert [words for words in spanish if re.search(r"\s[?!:;,»]|[¿¡«]\s", words)] == []


def test_apostrophes_and_dots_are_written_one_way(catalogs: list[Entry]) -> None:
    said = [entry for entry in catalogs if "..." in entry.words or ("’" in entry.words and entry.language not in CURLY)]
    assert [entry.words for entry in said] == []


def test_a_translation_ends_as_its_text_does(spoken: list[Entry]) -> None:
    stop = re.compile(r"[.?!…؟]$")
    odd = [entry for entry in spoken if bool(stop.search(entry.english)) != bool(stop.search(entry.words))]
    assert [(entry.english, entry.words) for entry in odd] == []
