"""`python -m bot catalogs`: what it finds, what it keeps, and what it says is wrong."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bot.commands import catalogs
from bot.commands.catalogs import TEMPLATE, add, catalog_path, check, extracted, update

CODE = """
# Translators: on a button
GO = _("Go")
_n("{count} day", "{count} days", "count")
_p("month", "May")
_("Hi {name}")
print("not marked")
"""
PAGE = '<h1>{{ _("Welcome to {city}", city=city) }}</h1><p>{{ _("Go") }}</p>'


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small source tree in three languages."""
    monkeypatch.setattr(catalogs, "LANGUAGES", ("fr", "en", "es"))
    monkeypatch.setattr(catalogs, "TRANSLATED", ("fr", "es"))
    (tmp_path / "bot" / "web" / "templates").mkdir(parents=True)
    (tmp_path / "bot" / "a.py").write_text(CODE, "utf-8")
    (tmp_path / "bot" / "web" / "templates" / "page.html").write_text(PAGE, "utf-8")
    (tmp_path / "programme.example.toml").write_text("# A comment\n# goes on.\nformat = 1\n", "utf-8")
    return tmp_path


def _translate(tree: Path, language: str, *pairs: tuple[str, str]) -> None:
    path = catalog_path(tree, language)
    text = path.read_text("utf-8")
    for english, words in pairs:
        before = f'msgid "{english}"\nmsgstr '
        assert before + '""' in text
        text = text.replace(before + '""', f'{before}"{words}"')
    path.write_text(text, "utf-8")


def _count(tree: Path, language: str, one: str, many: str) -> None:
    path = catalog_path(tree, language)
    text = path.read_text("utf-8")
    path.write_text(text.replace('[0] ""\nmsgstr[1] ""', f'[0] "{one}"\nmsgstr[1] "{many}"'), "utf-8")


def _problems(tree: Path, language: str = "fr") -> list[str]:
    return [
        line for line in check(tree) if line.startswith((f"{language}:", f"locales/{language}", "locales/compagnon"))
    ]


def _finish(tree: Path) -> None:
    for language in ("fr", "es"):
        words = ("Go", "Allez"), ("May", "mai"), ("Hi {name}", "Salut {name}"), ("Welcome to {city}", "Voici {city}")
        _translate(tree, language, *words, ("A comment goes on.", "Un commentaire."))
        _count(tree, language, "{count} jour", "{count} jours")


def test_texts_are_found_in_code_pages_and_the_example(tree: Path) -> None:
    found = [
        (message.context, message.id, [name for name, _ in message.locations], message.auto_comments)
        for message in extracted(tree)
        if message.id
    ]
    assert found == [
        (None, "Go", ["bot/a.py", "bot/web/templates/page.html"], ["on a button"]),
        (None, ("{count} day", "{count} days"), ["bot/a.py"], []),
        ("month", "May", ["bot/a.py"], []),
        (None, "Hi {name}", ["bot/a.py"], []),
        (None, "Welcome to {city}", ["bot/web/templates/page.html"], []),
        (None, "A comment goes on.", ["programme.example.toml"], []),
    ]


def test_before_the_first_update_everything_is_missing(tree: Path) -> None:
    assert _problems(tree) == [
        "locales/compagnon.pot is out of date: python3 run.py catalogs --update",
        "locales/fr/LC_MESSAGES/compagnon.po is out of date: python3 run.py catalogs --update",
        'fr: no translation: "Go"',
        'fr: no translation: "{count} day"',
        'fr: no translation: "May"',
        'fr: no translation: "Hi {name}"',
        'fr: no translation: "Welcome to {city}"',
        'fr: no translation: "A comment goes on."',
    ]


def test_translated_texts_are_complete_and_an_update_changes_nothing(tree: Path) -> None:
    update(tree)
    _finish(tree)
    before = [path.read_bytes() for path in sorted((tree / "locales").rglob("*.po*"))]
    update(tree)
    after = [path.read_bytes() for path in sorted((tree / "locales").rglob("*.po*"))]
    assert (list(check(tree)), len(before), after == before) == ([], 4, True)


def test_lines_that_move_change_no_file(tree: Path) -> None:
    update(tree)
    _finish(tree)
    (tree / "bot" / "a.py").write_text("\n\n\n" + CODE, "utf-8")
    assert list(check(tree)) == []


def test_lost_and_invented_names_are_told(tree: Path) -> None:
    update(tree)
    _finish(tree)
    path = catalog_path(tree, "fr")
    text = path.read_text("utf-8").replace("Salut {name}", "Salut {nom} {").replace("{count} jours", "jours")
    path.write_text(text, "utf-8")
    assert list(check(tree)) == [
        'fr: {count} is lost: "{count} day"',
        'fr: {name} is lost: "Hi {name}"',
        'fr: { is not in the English text: "Hi {name}"',
        'fr: {nom} is not in the English text: "Hi {name}"',
    ]


def test_a_plural_needs_all_its_forms(tree: Path) -> None:
    update(tree)
    _finish(tree)
    path = catalog_path(tree, "fr")
    path.write_text(path.read_text("utf-8").replace('[1] "{count} jours"', '[1] ""'), "utf-8")
    assert list(check(tree)) == ['fr: 2 plural forms are needed: "{count} day"']


def test_a_changed_text_keeps_its_translation_as_a_guess(tree: Path) -> None:
    update(tree)
    _finish(tree)
    (tree / "bot" / "a.py").write_text(CODE.replace("Hi {name}", "Hi, {name}"), "utf-8")
    update(tree)
    assert list(check(tree)) == [
        'fr: a guess (fuzzy), to be read and confirmed: "Hi, {name}"',
        'es: a guess (fuzzy), to be read and confirmed: "Hi, {name}"',
    ]


def test_a_text_that_went_and_came_back_has_its_translation(tree: Path) -> None:
    update(tree)
    _finish(tree)
    (tree / "bot" / "a.py").write_text("", "utf-8")
    update(tree)
    gone = catalog_path(tree, "fr").read_text("utf-8")
    (tree / "bot" / "a.py").write_text(CODE, "utf-8")
    update(tree)
    assert ('#~ msgstr "Salut {name}"' in gone, list(check(tree))) == (True, [])


def test_what_programs_write_about_themselves_is_left_out(tree: Path) -> None:
    update(tree)
    assert (tree / TEMPLATE).read_text("utf-8").splitlines()[:9] == [
        "# The texts of Compagnon. Made by: python3 run.py catalogs --update",
        'msgid ""',
        'msgstr ""',
        '"MIME-Version: 1.0\\n"',
        '"Content-Type: text/plain; charset=utf-8\\n"',
        '"Content-Transfer-Encoding: 8bit\\n"',
        "",
        "#. on a button",
        "#: bot/a.py bot/web/templates/page.html",
    ]


def test_the_command_says_that_all_is_well(
    tree: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalogs, "ROOT", tree)
    update(tree)
    _finish(tree)
    parser = argparse.ArgumentParser()
    add(parser.add_subparsers())
    args = parser.parse_args(["catalogs", "--check"])
    assert (args.run(args), capsys.readouterr().out) == (0, "Every text is there in fr, en, es.\n")
