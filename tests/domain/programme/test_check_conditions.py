"""Ids stand once, and some stay fulfils every condition."""

from __future__ import annotations

import pytest

from bot.domain.programme.check import check
from bot.domain.programme.load import load
from tests.example import EXAMPLE


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def errors(text: str) -> tuple[str, ...]:
    return tuple(str(problem) for problem in check(load(text, "p.toml")))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "debrief"', 'id = "ehic"', 'outgoing, items: the id "ehic" stands 2 times: each needs its own'),
        (
            'id = "report"',
            'id = "ehic"',
            'outgoing.balance, needs: there is no item "report"\n'
            'outgoing, items: the id "ehic" stands 2 times: each needs its own',
        ),
        (
            'id = "travel_day_minor"',
            'id = "travel_day"',
            'outgoing, messages: the id "travel_day" stands 2 times: each needs its own',
        ),
        (
            'id = "renew"',
            'id = "valid"',
            'outgoing.before "identity", choices: the id "valid" stands 2 times: each needs its own',
        ),
        (
            'id = "welcome"',
            'id = "lodging"',
            'outgoing.arrival, questions: the id "lodging" stands 2 times: each needs its own',
        ),
        (
            'id = "closed"',
            'id = "told"',
            'outgoing.attendance, reasons: the id "told" stands 2 times: each needs its own',
        ),
    ],
)
def test_an_id_that_stands_twice_is_an_error(old: str, new: str, says: str) -> None:
    assert "\n".join(errors(changed(old, new))) == says


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ('when = ["minr"]', 'when: "minr" is no condition; did you mean "minor"?'),
        ('unless = ["xyz"]', 'unless: "xyz" is no condition: add it to [tags]'),
        ('when = ["minor", "adult"]', 'when: no stay is both "minor" and "adult": nobody would ever get this'),
        ('when = ["adult", "under_16"]', 'when: no stay is both "adult" and "under_16": nobody would ever get this'),
        ('when = ["ehic", "no_ehic"]', 'when: no stay is both "ehic" and "no_ehic": nobody would ever get this'),
        ('when = ["vet", "hed"]', 'when: no stay is both "vet" and "hed": nobody would ever get this'),
        ('when = ["incoming"]', 'when: "incoming" never holds in [outgoing]: nobody would ever get this'),
        (
            'when = ["ufm"]\nunless = ["ufm"]',
            'unless: "ufm" stands in `when` too: nobody would ever get this',
        ),
        (
            'any_of = ["ufm", "ccf"]\nunless = ["ccf", "ufm", "badge"]',
            "any_of: each of these stands in `unless` too: nobody would ever get this",
        ),
        (
            'unless = ["minor", "adult"]',
            "unless: no stay fulfils these conditions together: nobody would ever get this",
        ),
        (
            'when = ["adult"]\nany_of = ["under_16", "turns_18"]',
            "when: no stay fulfils these conditions together: nobody would ever get this",
        ),
    ],
)
def test_a_condition_that_nobody_fulfils_is_an_error(condition: str, says: str) -> None:
    assert errors(changed('id = "insurance"\n', f'id = "insurance"\n{condition}\n')) == (
        f'outgoing.before "insurance", {says}',
    )


def test_conditions_that_only_tags_decide_are_fine() -> None:
    condition = 'when = ["minor", "ufm"]\nany_of = ["ccf", "badge"]\nunless = ["group", "ccf", "turns_18"]\n'
    assert errors(changed('id = "insurance"\n', f'id = "insurance"\n{condition}')) == ()


def test_a_tag_cannot_take_the_name_of_a_condition() -> None:
    assert errors(changed("[tags]\n", '[tags]\nminor = "Minor"\n')) == (
        "tags, minor: this is one of Compagnon's own conditions: give the tag another name",
    )


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ('when = ["in_de", "weeks_4"]', ()),
        ('unless = ["weeks_52"]', ()),
        ('when = ["weeks_60"]', ('outgoing.before "ehic", when: "weeks_60" is no condition: add it to [tags]',)),
        ('when = ["in_ger"]', ('outgoing.before "ehic", when: "in_ger" is no condition: add it to [tags]',)),
    ],
)
def test_a_country_and_a_number_of_weeks_are_conditions(condition: str, said: tuple[str, ...]) -> None:
    at = EXAMPLE.index('id = "ehic"')
    assert errors(EXAMPLE[:at] + EXAMPLE[at:].replace('when = ["ehic"]', condition, 1)) == said
