"""What a draft changes is said in words: days, levels, yes and no, and never a key where a form has a name for it."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.domain.programme.difference import difference, differences
from bot.domain.programme.load import load
from bot.i18n import Text, render
from bot.web.desk.studio.draft_changes import in_words
from bot.web.desk.visitor import Visitor
from tests.example import EXAMPLE


class Reader:
    """Somebody at the desk, as far as words go."""

    def __init__(self, language: str) -> None:
        self.language = language

    def says(self, text: Text, **values: Any) -> str:
        return render(text, self.language, values)


def changed(marker: str, old: str, new: str) -> str:
    start = EXAMPLE.index(marker)
    assert old in EXAMPLE[start:]
    return EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1)


@pytest.mark.parametrize(
    ("marker", "old", "new", "words", "keys"),
    [
        (
            'id = "insurance"',
            'due = "J-45"',
            'due = "J-30"',
            "outgoing › Before departure › Insurance certificate: liability, accident, illness, … › Due: "
            "45 days before departure is now 30 days before departure",
            'outgoing.before "insurance".due: "J-45" is now "J-30"',
        ),
        (
            'id = "insurance"',
            'blocking = "yes"',
            'blocking = "warn"',
            "outgoing › Before departure › Insurance certificate: liability, accident, illness, … › Needed to leave: "
            '"yes: no departure without it" is now "with a written reason"',
            'outgoing.before "insurance".blocking: "yes" is now "warn"',
        ),
        (
            "[levels.today]",
            'en = "Today"',
            'en = "This day"',
            'Rules for all › Today › Name › English: "Today" is now "This day"',
            'levels.today.name.en: "Today" is now "This day"',
        ),
    ],
)
def test_a_change_is_said_in_words_and_in_the_keys_of_the_file(
    marker: str, old: str, new: str, words: str, keys: str
) -> None:
    before, after = load(EXAMPLE, "a.toml"), load(changed(marker, old, new), "b.toml")
    who = cast(Visitor, Reader("en"))
    assert [in_words(each, before, who) for each in differences(before, after)] == [words]
    assert [str(each) for each in difference(before, after)] == [keys]
