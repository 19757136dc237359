"""Whom a row is about, and which of their stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.roster import RosterRow
from bot.domain.roster.fields import Field
from bot.domain.roster.matching import KnownPerson, KnownStay, Match, Verdict, match
from bot.domain.roster.reference import reference_key
from bot.domain.roster.row import Status
from bot.domain.stay import Ended, Kind, Track

TODAY = date(2027, 3, 1)
FAR = timedelta(days=70)


def row(**values: object) -> RosterRow:
    """Lina in Bergen in March."""
    plain = RosterRow(
        row=2, reference="lina", first_name="Lina", last_name="Haddouche", birth=date(2010, 6, 19), kind=Kind.OUTGOING,
        track=Track.VET, school="valmer", class_name="2MELEC", country="NO", city="Bergen", zone="Europe/Oslo",
        home_country="FR", home_city="Valmer", home_zone="Europe/Paris", departure=date(2027, 3, 6),
        start=date(2027, 3, 8), end=date(2027, 3, 26), back=date(2027, 3, 27), host="", tutor=None, language="fr",
        email=None, phone=None, guardians=(), tags=frozenset(),
    )  # fmt: skip
    return replace(plain, **values)  # type: ignore[arg-type]


def later(by: timedelta, **values: object) -> RosterRow:
    lina = row()
    days = {name: getattr(lina, name) + by for name in ("departure", "start", "end", "back")}
    return row(**days | values)


def stay(of: RosterRow | None = None, number: int = 1, **values: object) -> KnownStay:
    known = of or row()
    dates = (known.departure, known.start, known.end, known.back)
    made = KnownStay(number, dates, values={Field.SCHOOL: known.school, Field.CLASS: known.class_name})
    return replace(made, **values)  # type: ignore[arg-type]


def person(*stays: KnownStay, of: RosterRow | None = None, number: int = 1, team: bool = False) -> KnownPerson:
    known = of or row()
    key = reference_key(known.reference)
    return KnownPerson(number, known.reference, key, known.first_name, known.last_name, known.birth, team, stays)


def one(told: RosterRow, *people: KnownPerson, today: date = TODAY) -> Match:
    return match((told,), people, today).rows[0]


@pytest.mark.parametrize("written", ["LINA", "Lina", "l-ina", "ＬＩＮＡ", "li na"])
def test_a_reference_is_the_same_however_it_is_written(written: str) -> None:
    assert one(row(reference=written), person(stay())).verdict is Verdict.SAME


def test_a_stay_that_is_not_over_is_the_same_at_other_dates() -> None:
    known = person(stay())

    assert [one(later(by), known).stay for by in (timedelta(0), timedelta(days=14), FAR)] == [stay()] * 3


def test_a_stay_that_is_over_and_one_that_was_arrived_at_are_followed_by_a_further_one() -> None:
    over, there = person(stay()), person(stay(arrived=True))

    assert one(later(FAR), over, today=date(2027, 4, 2)).verdict is Verdict.FURTHER
    assert one(later(FAR), there, today=date(2027, 3, 20)).verdict is Verdict.FURTHER
    assert one(later(FAR), person(stay()), today=date(2027, 3, 9)).verdict is Verdict.SAME
    assert one(later(FAR), person(stay()), today=date(2027, 3, 10)).verdict is Verdict.FURTHER


def test_a_stay_that_begins_on_the_day_on_which_the_first_ends_is_a_further_one() -> None:
    next_day_there = person(stay(arrived=True))

    assert one(later(timedelta(days=21)), next_day_there, today=date(2027, 3, 26)).verdict is Verdict.FURTHER
    assert one(later(timedelta(days=20)), next_day_there, today=date(2027, 3, 26)).verdict is Verdict.SAME
    assert one(later(timedelta(days=21)), person(stay())).verdict is Verdict.SAME  # not begun yet: it is put off


def test_two_rows_of_one_person_are_two_stays() -> None:
    both = match((row(), later(FAR, row=3)), [person(stay())], TODAY)

    assert [(each.verdict, each.stay) for each in both.rows] == [(Verdict.SAME, stay()), (Verdict.FURTHER, None)]
    assert both.unlisted == ()


def test_a_stay_under_way_whose_line_went_to_the_next_one_is_not_missed() -> None:
    next_one, elsewhere = later(timedelta(days=21)), later(timedelta(days=21), reference="zoe", first_name="Zoe")
    there = [person(stay(arrived=True))]

    assert match((next_one,), there, date(2027, 3, 26)).unlisted == ()
    assert match((elsewhere,), there, date(2027, 3, 26)).unlisted == (("lina", 1),)


def test_a_stay_that_ended_is_known_again_by_its_dates_alone() -> None:
    ended = person(stay(ended=Ended.WITHDRAWN))

    assert one(row(), ended).verdict is Verdict.SAME
    assert one(later(timedelta(days=14)), ended).verdict is Verdict.FURTHER


@pytest.mark.parametrize(
    "other",
    [
        {"first_name": "Lina-Marie"},
        {"last_name": "Haddouch"},
        {"first_name": "Haddouche", "last_name": "LINA"},
        {"birth": date(2010, 6, 18)},
        {"first_name": "Lena", "birth": date(2010, 6, 18)},
    ],
)
def test_a_correction_is_the_same_person(other: dict[str, object]) -> None:
    assert one(row(**other), person(stay())).verdict is Verdict.SAME


def test_another_human_under_a_known_reference_is_refused_with_both_names() -> None:
    found = one(row(first_name="Zed", last_name="Aaron", birth=date(2010, 1, 1)), person(stay()))

    assert found.verdict is Verdict.REFUSED
    assert found.refusal == (
        '"lina" is the reference of Lina Haddouche, born on 19/06/2010, but this row is about Zed Aaron, born on '
        "01/01/2010: give this learner a reference of their own; if it is one person, correct first the name, then the birth "
        "date, in two imports"
    )


def test_who_is_refused_is_not_missing_as_well() -> None:
    """Neither the stay that the row did not reach, nor by that somebody else's."""
    wrong, zoe = (
        row(first_name="Zed", last_name="Aaron", birth=date(2010, 1, 1)),
        row(reference="zoe", first_name="Zoe"),
    )
    people = [person(stay()), person(stay(), stay(later(FAR), 3), of=zoe, number=2)]

    assert match((wrong, zoe), people, TODAY).unlisted == (("zoe", 3),)


def test_a_brother_under_a_running_number_is_another_human() -> None:
    brother = row(first_name="Tom", birth=date(2009, 2, 2))
    assert one(brother, person(stay())).verdict is Verdict.REFUSED


def test_twins_whose_references_were_swapped_are_refused() -> None:
    tom = row(reference="tom", first_name="Tom")
    twins = [person(stay()), person(stay(number=2), of=tom, number=2)]
    swapped = (row(first_name="Tom"), row(reference="tom", row=3))

    assert [each.verdict for each in match(swapped, twins, TODAY).rows] == [Verdict.REFUSED, Verdict.REFUSED]


def test_the_reference_of_an_adult_is_refused_but_to_an_adult() -> None:
    nadia = row(reference="nferhaoui", first_name="Nadia", last_name="Ferhaoui", birth=None)
    team = person(of=nadia, team=True)

    assert one(row(reference="NFerhaoui"), team).refusal == (
        '"NFerhaoui" is the reference of Nadia Ferhaoui, an adult of the team: give Lina Haddouche another one'
    )
    assert one(replace(nadia, kind=Kind.STAFF), team).verdict is Verdict.FURTHER


def test_the_same_name_and_birth_date_under_another_reference_is_a_warning() -> None:
    found = one(row(reference="a2"), person(stay()))

    assert found.verdict is Verdict.NEW
    assert found.warning == (
        'Lina Haddouche, born on 19/06/2010, is known already under the reference "lina": is "a2" the same person?'
    )
    hidden = match((row(reference="a2"),), [person(stay())], TODAY, hidden={"lina"})
    assert hidden.rows[0].warning == ""


def test_what_is_gone_from_the_list_of_its_class_is_named_and_nothing_else() -> None:
    zoe = row(reference="zoe", first_name="Zoe", birth=date(2010, 1, 1))
    elsewhere = stay(row(class_name="TMELEC"), 3)
    people = [
        person(stay()),
        person(stay(zoe, 2), of=zoe, number=2),
        person(elsewhere, of=row(reference="ada"), number=3),
    ]

    assert match((zoe,), people, TODAY).unlisted == (("lina", 1),)
    assert match((zoe,), people, TODAY, whole=False).unlisted == ()
    assert match((zoe,), people, date(2027, 3, 28)).unlisted == ()
    assert match((zoe,), people, TODAY).missing == ("ada", "lina")


@pytest.mark.parametrize(
    ("status", "by", "ends"),
    [
        (Status.PLANNED, 0, None),
        (Status.WITHDRAWN, 0, Ended.WITHDRAWN),
        (Status.BROKEN_OFF, 0, Ended.BROKEN_OFF),
        (Status.POSTPONED, 0, Ended.TRANSFERRED),
        (Status.POSTPONED, 14, None),
    ],
)
def test_the_status_ends_a_stay(status: Status, by: int, ends: Ended | None) -> None:
    assert one(later(timedelta(days=by), status=status), person(stay())).ends is ends


def test_nobody_is_made_for_a_row_that_was_called_off() -> None:
    assert one(row(status=Status.WITHDRAWN)).verdict is Verdict.LEFT_OUT


def test_what_an_adult_has_changed_stays_while_the_file_says_what_was_before() -> None:
    longer = later(timedelta(0), end=date(2027, 4, 9), back=date(2027, 4, 10))
    lina = row()
    changed = person(stay(longer, superseded=((lina.departure, lina.start, lina.end, lina.back),)))

    assert one(lina, changed).row.back == date(2027, 4, 10)
    assert one(row(back=date(2027, 4, 3)), changed).row.back == date(2027, 4, 3)


@given(st.integers(-40, 200), st.integers(-60, 120), st.booleans())
def test_every_row_of_somebody_known_is_one_stay_of_theirs_or_a_further_one(by: int, when: int, arrived: bool) -> None:
    known, today = person(stay(arrived=arrived)), TODAY + timedelta(days=when)
    found = one(later(timedelta(days=by)), known, today=today)

    assert found.verdict in {Verdict.SAME, Verdict.FURTHER}
    assert (found.verdict is Verdict.SAME) == (found.stay is not None)


def test_a_virtual_exchange_never_takes_the_place_of_a_journey_nor_unlists_it() -> None:
    """A sheet of its own, months apart or at the same time: the journey stays as it was."""
    journey = person(stay())
    online = replace(row(), kind=Kind.VIRTUAL)
    later = replace(online, departure=online.departure + timedelta(days=40), back=online.back + timedelta(days=40))

    for told in (online, later):
        found = match((told,), (journey,), TODAY)
        assert [(each.verdict, each.stay) for each in found.rows] == [(Verdict.FURTHER, None)]
        assert found.unlisted == ()
