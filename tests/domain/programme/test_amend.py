"""A change to the text of a programme: what is asked for, and nothing else."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

from bot.domain.programme.amend import NoPlace, add, amend, amend_words, leave_out
from bot.domain.programme.inherit import Inheritance

EXAMPLE = Path("programme.example.toml").read_text("utf-8")
SHIPPED = tomllib.loads(EXAMPLE)
KNOWN = {"outgoing", "levels", "tutor", "check_in", "arrival", "questions", "choices", "before", "messages"}
OWN = """# Our programme
extends = "compagnon"

[hours]
contact = "17:30"  # after the last lesson

[[outgoing.before]]
id = "ehic"
due = "J-40"  # the office is slow
"""


def laid(text: str) -> dict[str, Any]:
    return Inheritance(tomllib.loads(text), SHIPPED).table


def test_a_value_is_changed_where_it_stands_and_its_comment_stays() -> None:
    changed = amend(OWN, laid(OWN), ("outgoing", "before", "ehic", "due"), "J-50")
    assert changed == OWN.replace('"J-40"', '"J-50"')


def test_of_what_is_inherited_only_the_change_is_written() -> None:
    changed = amend(OWN, laid(OWN), ("outgoing", "before", "identity", "remind"), [30, 7])
    assert changed == OWN + '\n[[outgoing.before]]\nid = "identity"\nremind = [30, 7]\n'


def test_a_key_that_is_taken_away_is_inherited_again() -> None:
    changed = amend(OWN, laid(OWN), ("outgoing", "before", "ehic", "due"), None)
    assert changed == OWN.replace('due = "J-40"  # the office is slow\n', "")
    ours = next(each for each in SHIPPED["outgoing"]["before"] if each["id"] == "ehic")
    now = next(each for each in laid(changed)["outgoing"]["before"] if each["id"] == "ehic")
    assert now == ours


def test_words_are_changed_in_one_language() -> None:
    path = ("outgoing", "before", "ehic", "title")
    changed = amend_words(OWN, laid(OWN), path, "fr", 'La "carte"', "fr")
    now = next(each for each in laid(changed)["outgoing"]["before"] if each["id"] == "ehic")
    ours = next(each for each in SHIPPED["outgoing"]["before"] if each["id"] == "ehic")
    assert now["title"] == {**ours["title"], "fr": 'La "carte"'}
    again = amend_words(changed, laid(changed), path, "en", "The card", "fr")
    now = next(each for each in laid(again)["outgoing"]["before"] if each["id"] == "ehic")
    assert now["title"] == {**ours["title"], "fr": 'La "carte"', "en": "The card"}


def test_a_text_in_one_language_becomes_two() -> None:
    text = '[[outgoing.before]]\nid = "own"\ntitle = "À nous"\n'
    table = tomllib.loads(text)
    changed = amend_words(text, table, ("outgoing", "before", "own", "title"), "en", "Ours", "fr")
    assert tomllib.loads(changed)["outgoing"]["before"][0]["title"] == {"fr": "À nous", "en": "Ours"}


def test_an_inherited_item_is_left_out_by_name() -> None:
    changed = leave_out(OWN, laid(OWN), SHIPPED, ("outgoing", "before", "ehic"))
    names = [each["id"] for each in laid(changed)["outgoing"]["before"]]
    assert names == [each["id"] for each in SHIPPED["outgoing"]["before"] if each["id"] != "ehic"]
    assert "J-40" not in changed


def test_an_item_of_the_schools_own_is_taken_out() -> None:
    added = add(OWN, SHIPPED, ("outgoing", "before"), {"id": "boots", "due": "J-10", "title": {"fr": "Les bottes"}})
    assert laid(added)["outgoing"]["before"][-1] == {"id": "boots", "due": "J-10", "title": {"fr": "Les bottes"}}
    assert tomllib.loads(leave_out(added, laid(added), SHIPPED, ("outgoing", "before", "boots"))) == tomllib.loads(OWN)


def test_a_choice_of_an_inherited_item() -> None:
    path = ("outgoing", "before", "identity", "choices", "renew", "level")
    changed = amend(OWN, laid(OWN), path, "follow_up")
    expected = deepcopy(laid(OWN))
    item = next(each for each in expected["outgoing"]["before"] if each["id"] == "identity")
    next(each for each in item["choices"] if each["id"] == "renew")["level"] = "follow_up"
    assert laid(changed) == expected
    fresh = {"id": "lost", "label": "Perdue", "means": "help"}
    more = add(changed, laid(changed), ("outgoing", "before", "identity", "choices"), fresh)
    item["choices"].append(fresh)
    assert laid(more) == expected


def test_what_leads_nowhere_is_said() -> None:
    for path in (("outgoing", "before", "nobody", "due"), ("hours", "contact", "deep", "deeper")):
        with pytest.raises(NoPlace):
            amend(OWN, laid(OWN), path, "J-1")


def _places(value: Any, path: tuple[str, ...] = ()) -> Any:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*path, key))
    elif isinstance(value, list) and value and isinstance(value[0], dict) and "id" in value[0]:
        for inner in value:
            yield from _places({key: each for key, each in inner.items() if key != "id"}, (*path, inner["id"]))
    elif path:
        yield path, value


@pytest.mark.parametrize(("text", "most"), [(OWN, 1000), (EXAMPLE, 4)], ids=["extending", "whole"])
def test_every_value_of_a_programme_can_be_reached(text: str, most: int) -> None:
    """Of every kind of table of the shipped programme one value: it is changed, and nothing else."""
    seen: set[tuple[str, ...]] = set()
    before = laid(text) if text is OWN else SHIPPED
    all_before = dict(_places(before))
    for path, value in all_before.items():
        shape = (*(step for step in path if step in KNOWN), path[-1])
        if not isinstance(value, str) or shape in seen or len(seen) == most:
            continue
        seen.add(shape)
        changed = amend(text, before, path, value + "!")
        after = laid(changed) if text is OWN else tomllib.loads(changed)
        assert dict(_places(after)) == {**all_before, path: value + "!"}, path
