"""What a programme says against itself, one changed passage of the example at a time."""

from __future__ import annotations

import pytest

from bot.domain.programme.check import check, load_checked, warnings
from bot.domain.programme.check_conditions import unknown_schools
from bot.domain.programme.load import load
from bot.domain.programme.problem import Problem, ProgrammeError
from tests.example import EXAMPLE, example


def changed(old: str, new: str) -> str:
    assert old in EXAMPLE
    return EXAMPLE.replace(old, new, 1)


def after(marker: str, old: str, new: str) -> str:
    """The example with the first `old` after `marker` changed."""
    start = EXAMPLE.index(marker)
    assert old in EXAMPLE[start:]
    return EXAMPLE[:start] + EXAMPLE[start:].replace(old, new, 1)


def errors(text: str) -> tuple[str, ...]:
    return tuple(str(problem) for problem in check(load(text, "p.toml")))


def notes(text: str) -> tuple[str, ...]:
    return tuple(str(problem) for problem in warnings(load(text, "p.toml")))


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
