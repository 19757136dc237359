"""Comments of the example: found for translators, put back in a school's language."""

from __future__ import annotations

from pathlib import Path

from babel.messages.pofile import read_po

from bot.domain.programme.example import Comment, Shape, comments, extract, in_language, translated
from tests.example import EXAMPLE

ROOT = Path(__file__).parents[3]


def test_comments_are_found_by_paragraph() -> None:
    text = "# ── A title ──────\n\n# One thing\n# goes on.\n# - first\n#   of two\n# - second\n#off = 1\n# ─────\na = 1\n# End.\n"
    assert list(comments(text)) == [
        Comment(0, 1, Shape.HEADING, "A title"),
        Comment(2, 2, Shape.PLAIN, "One thing goes on."),
        Comment(4, 2, Shape.ITEM, "first of two"),
        Comment(6, 1, Shape.ITEM, "second"),
        Comment(10, 1, Shape.PLAIN, "End."),
    ]


def test_comments_are_put_back_in_another_language() -> None:
    french = {"A title": "Un titre", "One thing": "Une chose", "first": "premier"}
    text = "# ── A title ──\n# One\n# thing\n# - first\n#off = 1\na = 1\n"
    assert translated(text, lambda words: french[words]) == (
        "# ── Un titre ".ljust(100, "─") + "\n# Une chose\n# - premier\n#off = 1\na = 1\n"
    )


def test_the_example_is_laid_out_as_it_would_be_written() -> None:
    assert translated(EXAMPLE, lambda words: words) == EXAMPLE


def test_babel_extracts_each_comment_with_its_line() -> None:
    with (ROOT / "programme.example.toml").open("rb") as file:
        found = list(extract(file, {}, (), {}))
    assert [(line, words) for line, _, words, _ in found] == [(each.line + 1, each.words) for each in comments(EXAMPLE)]


def test_a_language_comes_first_in_every_text() -> None:
    text = 'language = "fr"\nlanguages = ["fr", "en"]\ntitle.fr = "A"\ntitle.en = "B"\nlabel = { fr = "\\"C\\"", en = "D" }\n'
    assert in_language(text, "en", lambda words: words) == (
        'language = "en"\nlanguages = ["en", "fr"]\ntitle.en = "B"\ntitle.fr = "A"\nlabel = { en = "D", fr = "\\"C\\"" }\n'
    )


def test_every_comment_has_a_translation() -> None:
    wanted = {each.words for each in comments(EXAMPLE)}
    for language in ("fr", "es"):
        separate = ROOT / "locales" / f"programme_comments.{language}.po"
        path = separate if separate.exists() else ROOT / "locales" / language / "LC_MESSAGES" / "compagnon.po"
        with path.open("rb") as file:
            catalog = read_po(file, locale=language)
        assert sorted(wanted - {str(message.id) for message in catalog if message.string}) == []
