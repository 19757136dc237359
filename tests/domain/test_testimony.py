"""What somebody said may be shown where they agreed, as long as they agreed, and never by a minor's word alone."""

from __future__ import annotations

from datetime import date

from bot.domain.deadlines import Sort, year_of_publications
from bot.domain.testimony import Agreed, Scope, in_years, said_count

DAY = date(2027, 4, 20)


def where(agreed: Agreed, today: date = DAY) -> list[str]:
    return [scope.value for scope in Scope if agreed.may_show(scope, today)]


def test_it_is_shown_where_and_as_long_as_was_agreed() -> None:
    until = date(2028, 4, 20)
    adult = Agreed(Scope.PRESS, until, minor=False, guardians=False)

    assert where(adult) == ["school", "press"]
    assert where(adult, until) == ["school", "press"]
    assert where(adult, date(2028, 4, 21)) == []
    assert where(Agreed(Scope.PUBLIC, until, minor=True, guardians=False)) == []
    assert where(Agreed(Scope.PUBLIC, until, minor=True, guardians=True)) == ["school", "press", "public"]
    assert where(Agreed(None, until, minor=False, guardians=True)) == []
    assert where(Agreed(Scope.SCHOOL, None, minor=False, guardians=True)) == []
    assert [in_years(date(2028, 2, 29), years) for years in (1, 4)] == [date(2029, 2, 28), date(2032, 2, 28)]
    assert [said_count(4), said_count(5)] == [None, 5]


def test_a_year_of_publications_has_a_post_a_month_and_the_rest_once() -> None:
    found = list(year_of_publications(date(2026, 11, 29)))

    assert [day for sort, day in found if sort is Sort.POST] == [
        date(2026, 12, 7), date(2027, 1, 4), date(2027, 2, 1), date(2027, 3, 1), date(2027, 4, 5), date(2027, 5, 3),
        date(2027, 6, 7), date(2027, 7, 5), date(2027, 8, 2), date(2027, 9, 6), date(2027, 10, 4), date(2027, 11, 1),
    ]  # fmt: skip
    assert [each for each in found if each[0] is not Sort.POST] == [
        (Sort.ERASMUS_DAYS, date(2027, 10, 13)),
        (Sort.RADIO, date(2027, 11, 15)),
        (Sort.OPEN_DAY, date(2027, 2, 1)),
        (Sort.TALK, date(2027, 5, 15)),
    ]
