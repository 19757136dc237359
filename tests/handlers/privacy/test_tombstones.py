"""Who was erased does not come back: not with an older backup, nor with a file that names them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

from bot.domain.programme import Programme
from bot.domain.roster.rows import read_roster
from bot.domain.roster.table import table_from
from bot.handlers.people.roster import bring_in, known_schools
from bot.handlers.privacy.erase import Gone, beside, erase_again
from bot.store.db import Database
from bot.store.keys import key_ring
from bot.store.tombstones import Tombstones
from tests.conftest import START
from tests.handlers.privacy.erased import CANARY, a_life, bytes_of, erased
from tests.journeys.conftest import Begin
from tests.journeys.people import settle_in


async def test_an_old_backup_that_comes_back_is_erased_again(begin: Begin, tmp_path: Path) -> None:
    journey = await a_life(begin, tmp_path)
    journey.db.put_on_disk()
    old = journey.path.read_bytes()
    await erased(journey)
    journey.close()

    journey.path.write_bytes(old)
    journey.open()
    journey.db.keys, journey.db.erased = key_ring(tmp_path / "keys"), Tombstones(tmp_path / "erased")
    assert CANARY.encode() in bytes_of(journey)
    gone = journey.db.run(erase_again)
    assert isinstance(gone, Gone)
    beside(journey.db, gone)

    assert CANARY.encode() not in bytes_of(journey)
    assert journey.db.run(erase_again) is None
    assert "lina" not in (tmp_path / "erased" / "list").read_text()


def test_a_list_of_who_was_erased_says_nothing_and_is_kept_once(tmp_path: Path) -> None:
    stones, day = Tombstones(tmp_path / "a"), datetime(2027, 6, 1, tzinfo=UTC).date()
    stones.add([(7, "VAL-07")], day)
    stones.add([(7, "VAL-07"), (8, "VAL-08")], day)

    assert stones.erased(range(9)) == [7, 8]
    stones.add([(9, "")], day)
    assert stones.days_of(["val 07", "VAL-09", ""]) == {"val 07": day}
    assert len(stones.path.read_text().splitlines()) == 3
    assert "VAL" not in stones.path.read_text()
    with stones.path.open("a") as file:
        file.write("2027-06-01 cut off by a cra")
    assert Tombstones(tmp_path / "a").erased(range(10)) == [7, 8, 9]


def test_a_file_that_names_whoever_was_erased_does_not_bring_them_back(
    quick_database: Database, programme: Programme, tmp_path: Path
) -> None:
    quick_database.erased = stones = Tombstones(tmp_path / "erased")
    stones.add([(7, "VAL-27-06")], date(2026, 3, 1))
    rows = [
        ["Reference", "First name", "Last name", "Birth date", "Track", "School", "Country", "City", "Departure", "Start", "End", "Return"],
        ["val 27 06", "Lina", "Haddouche", "2009-06-19", "vet", "valmer", "DE", "Leipzig", "2026-05-02", "2026-05-04", "2026-05-22", "2026-05-23"],
        ["VAL-27-07", "Noémie", "Abadie", "2009-03-19", "vet", "valmer", "DE", "Leipzig", "2026-05-02", "2026-05-04", "2026-05-22", "2026-05-23"],
    ]  # fmt: skip
    quick_database.run(settle_in, ())
    schools = quick_database.run(known_schools)
    read = read_roster(
        table_from("r.csv", "\n".join(";".join(row) for row in rows).encode()), programme, schools, START.date()
    )
    assert read.problems == ()

    done = quick_database.run(bring_in, read.rows)

    assert done.created == ["VAL-27-07"]
    assert [str(each.says).partition(":")[0] for each in done.refused] == [
        "this person was erased on 1 March 2026, and a file that names them still does not bring them back"
    ]
