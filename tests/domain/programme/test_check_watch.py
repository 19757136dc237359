"""What a programme says against itself about departures, silence, rhythms and schools: who would go unnoticed."""

from __future__ import annotations

import pytest

from bot.domain.programme.check import warnings
from bot.domain.programme.check_conditions import unknown_schools
from bot.domain.programme.load import load
from tests.domain.programme.changed import after, changed, errors, notes
from tests.example import example


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'ask = "J-3"',
            'ask = "J+1"',
            'green_light, ask: "J+1" does not lie before the departure: the green light could not be given any more; write "J-3"',
        ),
        (
            'climb = "J-1"',
            'climb = "D+0"',
            'green_light, climb: "D+0" does not lie before the departure: the green light could not be given any more; write "J-3"',
        ),
        ('climb = "J-1"', 'climb = "J-4"', 'green_light, climb: "J-4" comes before the question itself ("J-3")'),
    ],
)
def test_a_green_light_that_nobody_could_give_in_time_is_an_error(old: str, new: str, says: str) -> None:
    assert says in errors(after("[green_light]", old, new))


def test_what_could_not_be_held_back_is_noted() -> None:
    for at in ("J+1", "D+1", "R-1"):
        says = f'outgoing.messages "travel_day", green: "{at}" is after the departure: there is nothing to wait for'
        assert says in notes(after('id = "travel_day"', 'at = "J-1"', f'at = "{at}"'))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "task_days = 14",
            "task_days = 45",
            "watch, task_days: 45 days come before `digest_days` (30): write 30 or fewer",
        ),
        (
            "case_days = 3",
            "case_days = 20",
            "watch, case_days: 20 days come before `task_days` (14): write 14 or fewer",
        ),
    ],
)
def test_a_watch_whose_clocks_run_backwards_is_an_error(old: str, new: str, says: str) -> None:
    assert says in errors(after("[watch]", old, new))


def test_silence_reaches_somebody_and_that_of_a_minor_is_no_lighter() -> None:
    too_light = 'outgoing.check_in, {field}: "{level}" is too light: write "{least}" or graver'
    assert errors(changed('missed_minor = "today"', 'missed_minor = "none"')) == (
        too_light.format(field="missed_minor", level="none", least="follow_up"),
    )
    assert errors(
        changed('missed = "follow_up"\nmissed_minor = "today"', 'missed = "today"\nmissed_minor = "follow_up"')
    ) == (too_light.format(field="missed_minor", level="follow_up", least="today"),)


def test_what_is_told_comes_too_late_only_after_its_date() -> None:
    never = 'outgoing.messages[{place}], until: "J-2" does not lie after "J-1": it would never be sent; write a later date of the same kind'
    found = errors(after('id = "travel_day_minor"', 'until = "J+0"', 'until = "J-2"'))
    assert [problem.partition(", until: ")[2] for problem in found] == [never.partition(", until: ")[2]]
    assert errors(after('id = "travel_day_minor"', 'until = "J+0"', 'until = "J+0 12:00"')) == ()
    never = '"J-30" does not lie after the first question, 10 days before "J-15": it would never be asked'
    found = errors(after('id = "exit_permit"', 'until = "J-1"', 'until = "J-30"'))
    assert [problem.partition(", until: ")[2] for problem in found] == [never]


@pytest.mark.parametrize(
    ("marker", "old", "new", "said"),
    [
        ("[outgoing.check_in]", 'weekday = "sunday"', 'weekday = "sunday"\nalso_on_minors = ["wednesday"]', ()),
        (
            "[outgoing.check_in]",
            'weekday = "sunday"',
            'weekday = "sunday"\nalso_on = ["monday"]',
            (
                "outgoing.check_in, also_on: two of these days are 24 h apart, and a check-in waits 48 h for its answer: "
                "choose days further apart",
            ),
        ),
        (
            'id = "arrived"',
            'id = "arrived"',
            'id = "arrived"\nunless = ["minor"]',
            (
                'outgoing.arrival.questions "arrived", when: the first question is asked of everybody, with answers to press: '
                "somebody waits for it",
            ),
        ),
        (
            'id = "badge_wish"',
            "also = { ambassador",
            "also = { ambasador",
            (
                'outgoing "badge_wish", choices "both", also: "ambasador" is no other item that learners declare; '
                'did you mean "ambassador"?',
            ),
        ),
    ],
)
def test_rhythms_and_answers_for_two_things_are_checked(marker: str, old: str, new: str, said: tuple[str, ...]) -> None:
    assert errors(after(marker, old, new)) == said


@pytest.mark.parametrize(
    ("marker", "old", "new", "said"),
    [
        (
            'id = "insurance"',
            "remind = [14, 5, 0]",
            "remind = [30, 14, 5, 0]",
            'outgoing.before "insurance", again: it is asked 4 times, in 3 wordings: write others, [[…again]] with id and text',
        ),
        (
            'id = "badge_wish"',
            'id = "yes", means = "handed", level = "follow_up", also = { ambassador = "no" }',
            'id = "have", means = "handed"',
            None,
        ),
    ],
)
def test_words_that_would_come_back_are_said(marker: str, old: str, new: str, said: str | None) -> None:
    assert notes(after(marker, old, new)) == ((said,) if said else ())


def test_a_check_in_in_the_same_words_every_week_is_said() -> None:
    programme = example()
    check_in = programme.incoming.check_in
    assert check_in is not None
    bare = check_in.model_copy(update={"openings": ()})
    found = warnings(
        programme.model_copy(update={"incoming": programme.incoming.model_copy(update={"check_in": bare})})
    )
    assert [str(each) for each in found] == [
        "incoming.check_in, openings: it is asked in the same words every time: write others, [[…openings]] with id and text"
    ]


def test_answers_of_our_own_under_a_question_that_they_do_not_answer_are_said() -> None:
    says = (
        'outgoing.before "insurance", choices: its question is not "have you got it?", but its answers are "I have it" and '
        '"On its way": write choices that answer it'
    )
    asked = "Do you have it?"
    assert notes(after('id = "insurance"', asked, "Have you got the certificate?")) == ()
    assert notes(after('id = "insurance"', asked, "Where do you want to ask for it?")) == (says,)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('when = ["ehic"]', 'when = ["ehic", "at_valmer"]', []),
        (
            'when = ["ehic"]',
            'when = ["ehic", "at_valmar"]',
            [
                'outgoing.before "ehic", when: "at_valmar" is none of the schools in consortium.toml; did you mean "at_valmer"?'
            ],
        ),
        (
            "#closures = [",
            "closures = [",
            [],
        ),
        (
            '#closures = [{ start = 2026-12-19, end = 2027-01-03, name = "Noël", schools = ["valmer"] }]',
            'closures = [{ start = 2026-12-19, end = 2027-01-03, schools = ["lycee"] }]',
            ['hours.closures no. 1, schools: "lycee" is none of the schools in consortium.toml'],
        ),
    ],
)
def test_a_school_that_is_named_is_one_of_those_there_are(old: str, new: str, said: list[str]) -> None:
    programme = load(changed(old, new), "p.toml")
    assert errors(changed(old, new)) == ()
    assert [str(each) for each in unknown_schools(programme, {"valmer", "ombelle", "0440001A"})] == said


def test_nothing_is_kept_for_longer_than_its_record() -> None:
    says = "longer than [retention] record (365 days), with which everything goes"
    assert errors(after("[retention]", "cases = 365", "cases = 400")) == (f"retention, cases: {says}",)
