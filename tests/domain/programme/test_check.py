"""What a programme says against itself, one changed passage of the example at a time."""

from __future__ import annotations

import pytest

from bot.domain.programme.check import load_checked
from bot.domain.programme.problem import Problem, ProgrammeError
from tests.domain.programme.changed import after, changed, errors, notes
from tests.example import EXAMPLE


def test_a_text_lacks_no_promised_language() -> None:
    text = changed('languages = ["fr", "en", "es"]', 'languages = ["fr", "en"]')
    assert errors(text) == ()
    spanish = next(line for line in EXAMPLE.splitlines() if line.startswith("title.es = ") and "actividad" in line)
    assert errors(changed(spanish + "\n", "")) == (
        'outgoing.before "dates", title: there are no words in "es": add title.es',
    )


def test_the_main_language_is_one_of_the_languages() -> None:
    assert errors(changed('language = "fr"', 'language = "de"')) == (
        'programme, language: "de" is not among languages: add it there',
    )


@pytest.mark.parametrize(
    ("marker", "old", "new", "says"),
    [
        (
            'id = "drill"',
            'means = "done"',
            'means = "no"',
            'outgoing.before "drill", drill: an exercise is asked of the learner, declared, and one of its answers means "done": SOS is tried after it',
        ),
        (
            'id = "ehic"',
            "{days} jours",
            "{day} jours",
            'outgoing.before "ehic", text.fr: nothing fills {day}; did you mean "days"?',
        ),
        (
            'id = "ehic"',
            "{days} jours",
            "{xx} jours",
            'outgoing.before "ehic", text.fr: nothing fills {xx}: see the list at the top of programme.example.toml',
        ),
        (
            'id = "ehic"',
            "{days} jours",
            "{days jours",
            'outgoing.before "ehic", text.fr: a curly bracket stands alone: two of them enclose a {placeholder}',
        ),
        (
            'id = "dates"',
            'title.en = "Dates',
            'title.en = "{city} dates',
            'outgoing.before "dates", title.en: {city} is not filled here: titles, labels and names are the same for all',
        ),
    ],
)
def test_a_placeholder_that_nothing_fills_is_an_error(marker: str, old: str, new: str, says: str) -> None:
    assert errors(after(marker, old, new)) == (says,)


@pytest.mark.parametrize(
    ("marker", "old", "new", "says"),
    [
        (
            "[hours]",
            'end = "20:30"',
            'end = "08:00"',
            "hours.learner, end: 08:00 is not later than 08:00: these hours never open",
        ),
        (
            "[hours]",
            'holidays = "FR"',
            'holidays = "XX"',
            'hours, holidays: no public holidays are known for "XX": write "FR", "FR-57", or "" for none',
        ),
        (
            "[outgoing.arrival]",
            'minor = "J+1 09:30"',
            'minor = "J+0 21:00"',
            'outgoing.arrival.missing, minor: "J+0 21:00" is not later than the last question, "J+1 08:30": '
            "nobody would have time to answer",
        ),
        (
            "[outgoing.arrival]",
            'again = ["J+1 08:30"]',
            'again = ["J+0 19:00"]',
            'outgoing.arrival, again: "J+0 19:00" is not later than "J+0 20:00": write the hours in their order',
        ),
        (
            "[outgoing.check_in]",
            "remind_hours = [24, 40]",
            "remind_hours = [40, 24]",
            "outgoing.check_in, remind_hours: hours after the question, each later than the one before: [24, 40]",
        ),
        (
            "[outgoing.check_in]",
            "remind_hours = [24, 40]",
            "remind_hours = [24, 48]",
            "outgoing.check_in, remind_hours: reminders end at 48 h, which must come before missed_after_hours, 48 h",
        ),
        (
            'id = "ehic"',
            "remind = [24, 14, 5, 0]",
            "remind = [24, -1]",
            'outgoing.before "ehic", remind: these are days before `due`: 0 or more',
        ),
        (
            "[rules]",
            '"IS", "LI", "NO", "CH", "GB"',
            '"IS", "UK"',
            'rules.ehic_countries, UK: this is no country code of two capital letters (ISO 3166); did you mean "GB"?',
        ),
        ("[rules]", "hed = 60", "hed = 600", "rules.min_days, hed: 600 days are more than max_days.hed"),
        (
            "[emergency]",
            "#MA =",
            "ma =",
            'emergency, ma: this is no country code of two capital letters (ISO 3166): write it as "NO"',
        ),
    ],
)  # fmt: skip
def test_hours_days_and_countries_are_checked(marker: str, old: str, new: str, says: str) -> None:
    assert errors(after(marker, old, new))[:1] == (says,)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'question = "mood"',
            'question = "moods"',
            'outgoing.check_in.trend, question: no question has the id "moods"; did you mean "mood"?',
        ),
        (
            'low = ["so_so"]',
            'low = ["soso"]',
            'outgoing.check_in.trend, low: "soso" is no answer of "mood"; did you mean "so_so"?',
        ),
        (
            'skip_at = "C2"',
            'skip_at = "C3"',
            'outgoing.second_test, skip_at: "C3" is no level of first_test',
        ),
        (
            '[outgoing.first_test]\nid = "ols1"',
            '[outgoing.first_test]\nid = "ols1"\nenabled = false',
            "outgoing.second_test, skip_at: there is no first test to know this level from: remove skip_at, or add first_test",
        ),
        (
            '  { id = "train", means = "done", label = { fr = "Train", en = "Train"',
            '  { id = "train", means = "done", label = { fr = "SOS", en = "Train"',
            'outgoing.before "tickets", choices "train", label: "SOS" is a cry for help when it is typed: word it otherwise',
        ),
    ],
)  # fmt: skip
def test_answers_that_are_not_there_or_mislead_are_errors(old: str, new: str, says: str) -> None:
    assert errors(changed(old, new)) == (says,)


def test_an_item_that_no_answer_closes_is_an_error() -> None:
    text = after('id = "health"', 'means = "no"', 'means = "doing"')
    text = text.replace('id = "appointment"\nmeans = "handed"', 'id = "appointment"\nmeans = "help"')
    assert errors(text) == (
        'outgoing.before "health", choices: no answer closes it: one must mean "done", "no" or "handed"',
    )


def test_a_ladder_needs_two_roles() -> None:
    assert errors(changed('  { to = ["deputy"], wait = "2 working days" },\n', "")) == (
        "levels.follow_up, rungs: at least two different roles: one person may be ill or asleep",
    )


def test_all_levels_are_there_and_now_waits_for_nobody() -> None:
    start, end = EXAMPLE.index("[levels.today]"), EXAMPLE.index("[levels.now]")
    assert errors(EXAMPLE[:start] + EXAMPLE[end:]) == (
        "levels, today: it is missing: Compagnon opens cases of this level",
    )
    assert errors(changed('pace = "always"', 'pace = "waking"')) == (
        'levels.now, pace: write "always": what is for now waits for nobody\'s working hours',
    )


def test_a_graver_level_climbs_sooner() -> None:
    assert errors(after("[levels.today]", 'wait = "4 h"', 'wait = "72 h"')) == (
        "levels.today.rungs no. 1, wait: today waits 72 h before it climbs, longer than follow_up, 2 working days",
    )


@pytest.mark.parametrize(
    ("marker", "old", "new", "says"),
    [
        (
            "[outgoing.arrival]",
            'ask = "J+0 20:00"',
            'ask = "J+0 22:00"',
            "outgoing.arrival, ask: 22:00 is in quiet hours (20:30 to 08:00): it will be sent at 08:00",
        ),
        (
            "[hours]",
            'contact = "17:30"',
            'contact = "07:00"',
            "hours, contact: 07:00 is in quiet hours (20:30 to 08:00): it will be sent at 08:00",
        ),
        (
            'id = "first_day"',
            'at = "D-1 18:00"',
            'at = "D-1 21:00"',
            'outgoing.messages "first_day", at: 21:00 is in quiet hours (20:30 to 08:00): it will be sent at 08:00',
        ),
        (
            'id = "nowhere"',
            'level = "now", label',
            'level = "now", reply = { fr = "a", en = "b", es = "c" }, label',
            'outgoing.arrival.questions "lodging", choices "nowhere", reply: it is never shown: '
            "an answer of level `now` gets the fixed emergency text",
        ),
        (
            'id = "dates"',
            "title.fr",
            'text = { fr = "a", en = "b", es = "c" }\ntitle.fr',
            'outgoing.before "dates", text: it is never shown: the coordinator reads the title only',
        ),
        (
            'id = "dates"',
            "title.fr",
            'overdue = "today"\ntitle.fr',
            'outgoing.before "dates", overdue: it opens no case: a task of the coordinator stays in the list of tasks '
            "until it is ticked",
        ),
        (
            "[levels.now]",
            'name = { fr = "Tout de suite", en = "Right now", es = "Ahora mismo" }',
            'name = "Zut !"',
            'levels.now, name: Compagnon knows no "fr", "es" for this text: write one line per language, name.fr = …',
        ),
    ],
)
def test_what_works_otherwise_than_meant_is_a_warning(marker: str, old: str, new: str, says: str) -> None:
    text = after(marker, old, new)
    assert (errors(text), notes(text)) == ((), (says,))


def test_load_checked_refuses_what_check_finds() -> None:
    with pytest.raises(ProgrammeError) as caught:
        load_checked(changed('pace = "always"', 'pace = "waking"'), "p.toml")
    says = 'write "always": what is for now waits for nobody\'s working hours'
    assert caught.value.problems == (Problem("levels.now", "pace", says),)
    assert caught.value.lines == (f"p.toml, levels.now, pace: {says}",)
