"""Each line names the file, the table, the key, what is wrong and how to mend it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.programme.ladder import Wait
from bot.domain.programme.load import load
from bot.domain.programme.problem import Problem, ProgrammeError
from tests.example import EXAMPLE

WORDS = 'a text is expected here: "…", or one for each language: { fr = "…", en = "…" }'


def refused(old: str, new: str) -> tuple[str, ...]:
    """The lines about the example with one passage changed."""
    assert old in EXAMPLE
    with pytest.raises(ProgrammeError) as caught:
        load(EXAMPLE.replace(old, new, 1), "p.toml")
    return caught.value.lines


def test_load_reads_waits_and_offsets_as_they_are_written() -> None:
    programme = load(EXAMPLE, "p.toml")
    assert programme.levels["now"].rungs[0].wait == Wait(span=timedelta(minutes=10))  # type: ignore[index]
    assert str(programme.outgoing.before[0].due) == "J-120"


def test_load_names_the_item_of_a_wrong_date() -> None:
    assert refused('due = "J-21"\nremind = [24, 14, 5, 0]', 'due = "21 days"\nremind = [24, 14, 5, 0]') == (
        'p.toml, outgoing.before "ehic", due: "21 days" is no date of a stay: write J (departure), D (first day), '
        "M (middle), F (last day) or R (return), then days, then an hour if you like: "
        '"J-60", "D+2 20:00"',
    )


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("format = 1", "format = 2", 'format: "2" is not known here: write 1'),
        ("[sos]\nwords", "[sos]\nword", 'sos, word: this key is not known here; did you mean "words"?'),
        (
            'overdue = "follow_up"',
            'overdue = "followup"',
            'outgoing.before "identity", overdue: "followup" is not known here: write none, follow_up, today, or now; '
            'did you mean "follow_up"?',
        ),
        (
            '{ to = ["on_call"], wait = "10 min" }',
            '{ to = [], wait = "10 min" }',
            'levels.now.rungs no. 1, to: nobody is named: write who is alerted, such as ["coordinator", "deputy"]',
        ),
        (
            'rungs = [\n  { to = ["on_call"], wait = "10 min" },\n  { to = ["deputy"], wait = "10 min" },\n'
            '  { to = ["head"], wait = "20 min" },\n  { to = ["consortium"], wait = "10 min" },\n]',
            "rungs = []",
            'levels.now, rungs: the ladder names nobody: write at least one rung, { to = ["coordinator"], wait = "4 h" }',
        ),
        ("remind = [20, 7, 0]", "remind = 3", 'outgoing.before "identity", remind: a list is expected here: [ … ]'),
        (
            "remind = [20, 7, 0]",
            'remind = ["a"]',
            'outgoing.before "identity", remind no. 1: a whole number is expected here',
        ),
        (
            'id = "dates"',
            'id = "Dates"',
            'outgoing.before "Dates", id: "Dates" is no id: lower-case letters, digits and _ only, a letter first, '
            "40 at most",
        ),
        ('start = "08:00"', 'start = "8h"', 'hours.learner, start: "8h" is no hour of the day: write it as "18:00"'),
        (
            'wait = "2 working days" }',
            'wait = "2 days" }',
            'levels.follow_up.rungs no. 1, wait: "2 days" is no wait: write "2 working days", "4 h" or "10 min"',
        ),
        (
            'to = ["coordinator"]',
            "to = []",
            'levels.follow_up.rungs no. 1, to: nobody is named: write who is alerted, such as ["coordinator", "deputy"]',
        ),
        (
            "spread_minutes = 10",
            "spread_minutes = 500",
            "outgoing.check_in, spread_minutes: 500 is too big: 120 or less",
        ),
        ('first = "D+2"', "", "outgoing.check_in, first: it is missing: add it"),
        ('holidays = "FR"', "holidays = 33", 'hours, holidays: a text between quotation marks is expected here: "…"'),
        ("enabled = true", 'enabled = "si"', "outgoing.second_test, enabled: true or false is expected here"),
        (
            "#closures = [{ start = 2026-12-19",
            'closures = [{ start = "Monday"',
            "hours.closures no. 1, start: a date is expected here, without quotation marks: 2026-12-19",
        ),
        (
            'title.fr = "Dates',
            'title.French = "Dates',
            'outgoing.before "dates", title, French: "French" is no language: write "fr", "en", "es" or "pt-BR"',
        ),
    ],
)  # fmt: skip
def test_load_says_what_is_wrong_and_how_to_mend_it(old: str, new: str, line: str) -> None:
    assert refused(old, new) == (f"p.toml, {line}",)


def test_load_names_the_choice_and_the_item_it_belongs_to() -> None:
    assert refused('id = "valid"\nmeans = "done"', 'id = "valid"\nmean = "done"') == (
        'p.toml, outgoing.before "identity", choices "valid", means: it is missing: add it',
        'p.toml, outgoing.before "identity", choices "valid", mean: this key is not known here; did you mean "means"?',
    )


def test_load_numbers_a_table_that_has_no_id() -> None:
    assert refused('id = "valid"\n', "") == (
        'p.toml, outgoing.before "identity", choices no. 1, id: it is missing: add it',
    )


def test_load_says_once_that_a_text_is_no_text() -> None:
    assert refused("\n".join(_titles()), "title = 7") == (f'p.toml, outgoing.before "dates", title: {WORDS}',)


def _titles() -> list[str]:
    """The three lines of the first item's title."""
    lines = EXAMPLE.splitlines()
    first = lines.index('id = "dates"')
    return [line for line in lines[first : first + 12] if line.startswith("title.")]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('format = 1\nid "x"\n', 'p.toml, line 2: a key is followed by = and its value: name = "…"'),
        ('format = 1\n[sos]\nwords = ["a\n', "p.toml, line 3: this text does not end on its line: close it with a quotation mark"),
        ("format = 1\nformat = 1\n", "p.toml, line 2: this key stands twice in the same table: remove one of the two"),
        ("[sos]\n[sos]\n", "p.toml, line 2: this table stands twice: remove one, or write it as a list with [[ and ]]"),
        ("sos = { words = 1,\n}\n", "p.toml, line 1: a table between curly brackets must stay on one line"),
        ("format = yes\n", 'p.toml, line 1: this is no value: a text is written between quotation marks, "…"; yes and no are true and false'),
    ],
)  # fmt: skip
def test_load_gives_the_line_of_a_slip_of_the_pen(text: str, line: str) -> None:
    with pytest.raises(ProgrammeError) as caught:
        load(text, "p.toml")
    assert caught.value.lines == (line,)


def test_load_finds_every_problem_of_an_empty_file() -> None:
    with pytest.raises(ProgrammeError) as caught:
        load("", "p.toml")
    missing = "it is missing: add it"
    assert caught.value.problems == tuple(
        Problem("", field, missing) for field in ("programme", "rules", "hours", "levels")
    )
