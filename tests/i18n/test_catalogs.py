"""The catalogs are complete: no text is missing, no `{name}` is lost, no file is out of date."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from bot.commands import catalogs
from bot.commands.catalogs import EXAMPLE, TEMPLATE, TRANSLATED, catalog_path, check
from bot.domain.command_words import word_of
from bot.i18n import LANGUAGES, placeholders

from .conftest import Entry

ROOT = Path(__file__).parents[2]
extracted = cache(catalogs.extracted)
"""Every text of the code, looked for once for all tests here: nobody changes what was found."""


def test_english_is_the_source_and_the_others_are_translated() -> None:
    further = ("es", "de", "it", "pt", "nl", "pl", "uk", "ar")
    assert (("fr", "en", *further), ("fr", *further)) == (LANGUAGES, TRANSLATED)


def test_nothing_is_missing_wrong_or_out_of_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "extracted", extracted)
    assert list(check(ROOT)) == []


def test_no_text_stands_twice_in_a_catalog() -> None:
    for language in TRANSLATED:
        text = catalog_path(ROOT, language).read_text("utf-8")
        found = re.findall(r"^(?:msgctxt .*\n(?:\".*\n)*)?msgid .*\n(?:\".*\n)*", text, re.MULTILINE)
        assert sorted(each for each, times in Counter(found).items() if times > 1) == []


def test_the_files_hold_no_dates_and_no_line_numbers() -> None:
    for path in (ROOT / TEMPLATE, *(catalog_path(ROOT, language) for language in TRANSLATED)):
        text = path.read_text("utf-8")
        assert re.findall(r"^#: .*:\d+.*$|^\"[\w-]*Date: .*$|^\"Generated-By: .*$", text, re.MULTILINE) == []


def test_every_brace_of_a_text_is_a_name_that_render_fills() -> None:
    odd = []
    for message in extracted(ROOT):
        forms = [message.id] if isinstance(message.id, str) else message.id
        if {name for name, _ in message.locations} != {EXAMPLE}:
            odd += [form for form in forms if form.count("{") + form.count("}") != 2 * len(_names(form))]
    assert odd == []


def _names(text: str) -> list[str]:
    return [name for name in re.findall(r"\{([^{}]*)\}", text) if name in placeholders(text)]


def test_commands_in_a_translation_do_what_they_do_in_english(spoken: list[Entry]) -> None:
    different = [entry for entry in spoken if _commands(entry.words) != _commands(entry.english)]
    assert different == []


def _commands(text: str) -> set[str]:
    return {word_of(found)[0] for found in re.findall(r"(?<![\w/<:])/[a-z]\w+", text)}
