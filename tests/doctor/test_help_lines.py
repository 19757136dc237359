"""Whether a learner in need finds a number for the country they go to."""

from __future__ import annotations

from datetime import date

from bot.doctor.help_lines import numbers
from bot.domain.programme import Programme
from bot.domain.programme.help import Help, HelpLine
from bot.store.db import Database, Tx
from tests.journeys.people import settle_in

TODAY = date(2027, 3, 1)


def lines(*written: tuple[str, str]) -> Help:
    every = [
        HelpLine(what=what, countries=("NO",), number=number, source="x.org", checked=TODAY) for what, number in written
    ]
    everywhere = HelpLine(what="crisis_centre", number="+33 1", source="x.org", checked=TODAY)
    return Help(lines=(*every, everywhere))


def found(db: Database, programme: Programme) -> list[tuple[str, str]]:
    def seen(tx: Tx) -> list[tuple[str, str]]:
        settle_in(tx, ("noemie",))
        return [(each.level.value, each.what) for each in numbers(tx.rows, programme, TODAY)]

    return db.run(seen)


def test_a_host_country_without_a_consulate_is_named(quick_database: Database, programme: Programme) -> None:
    assert found(quick_database, programme)[0] == ("look", "no emergency number of the French consulate for NO")


def test_numbers_nobody_compared_for_a_year_are_named(quick_database: Database, programme: Programme) -> None:
    told = found(quick_database, programme)[1]
    assert told[0] == "look"
    assert told[1].startswith("crisis_centre +33 1 53 59 11 10 was last compared with its source on 2020-04-01")


def test_with_the_schools_own_numbers_all_is_well(quick_database: Database, programme: Programme) -> None:
    mended = programme.model_copy(update={"help": lines(("consulate", "+47 1"))})
    assert found(quick_database, mended) == [("fine", "complete and of this year for NO")]
