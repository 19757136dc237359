"""The short file of a school: what it shows, switched on, is what Compagnon does anyway."""

from __future__ import annotations

import re
import tomllib

import pytest

from bot.domain.programme.check import check
from bot.domain.programme.difference import difference
from bot.domain.programme.load import load, shipped_words
from bot.domain.programme.starter import Audience, starter, texts_file
from bot.i18n import LANGUAGES, render
from tests.example import EXAMPLE, example

SHIPPED = example()
OWN = ("programme.", "hours.closures", "tags.host_family", "levels.today.rungs")
"""What the file itself says, or shows as an example."""


def switched_on(text: str) -> str:
    return re.sub(r"^#(?=\S)", "", text, flags=re.MULTILINE)


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_shown_is_what_compagnon_does_anyway(audience: Audience, language: str) -> None:
    text = starter(SHIPPED, [audience], language, "programme.toml")
    as_written = load(text, "programme.toml", shipped=EXAMPLE)
    all_on = load(switched_on(text), "programme.toml", shipped=EXAMPLE)
    assert len(text.splitlines()) < 400
    assert (check(as_written), check(all_on)) == ((), ())
    assert [line for line in difference(SHIPPED, as_written) if not line.startswith(OWN)] == []
    assert [line for line in difference(SHIPPED, all_on) if not line.startswith(OWN)] == []


def test_a_school_of_all_five_kinds_holds_its_programme_in_its_hands() -> None:
    for language in LANGUAGES:
        assert len(starter(SHIPPED, list(Audience), language, "programme.toml").splitlines()) < 400, language


def test_a_school_sees_what_concerns_its_learners() -> None:
    def shown(*audiences: Audience) -> set[str]:
        return set(re.findall(r'^#id = "(\w+)"', starter(SHIPPED, audiences, "fr", "x.toml"), re.MULTILINE))

    vet, hed, staff = shown(Audience.VET), shown(Audience.HED), shown(Audience.STAFF)
    both = shown(Audience.VET, Audience.HED)
    assert both == vet | hed
    assert (vet - hed, hed - vet) == ({"dareic", "pfmp_days", "ufm_registration"}, {"extension"})
    assert staff <= {each.id for each in SHIPPED.staff.items} | {each.id for each in SHIPPED.staff.messages}


@pytest.mark.parametrize("language", ["fr", "es", "en"])
def test_the_file_of_a_language_says_what_is_shipped(language: str) -> None:
    texts = texts_file(tomllib.loads(EXAMPLE), language, shipped_words)
    name = f"programme.{language}.toml"
    assert load('extends = "compagnon"\n', "programme.toml", shipped=EXAMPLE, beside={name: texts}) == SHIPPED
    laid = load('extends = "compagnon"\n', "programme.toml", shipped=EXAMPLE, beside={name: switched_on(texts)})
    assert difference(SHIPPED, laid) == []


def test_a_programme_speaks_the_language_of_its_file() -> None:
    german = '[outgoing.before.ehic]\ntext = "Deine Karte"\n'
    mine = load('extends = "compagnon"\n', "p.toml", shipped=EXAMPLE, beside={"p.de.toml": german})
    assert mine.programme.languages == (*SHIPPED.programme.languages, "de")
    item = mine.outgoing.item("ehic")
    assert item is not None
    assert render(item.text or "", "de") == "Deine Karte"
