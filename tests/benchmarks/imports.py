"""How long a roster of 5,000 learners takes: `python -m tests.benchmarks.imports [ROWS]`.

Made as a CSV, read, compared and brought into a durable SQLite database; then the same file once more, which changes
nothing. Aimed at: under 10 s the first time, under 5 s the second.
"""

from __future__ import annotations

import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from bot.clock import SystemClock
from bot.domain.programme import Programme
from bot.domain.roster import load_team, read_roster
from bot.domain.roster.table import table_from
from bot.handlers.people.roster import Imported, bring_in, compare, known_schools
from bot.handlers.people.team import bring_in_team
from bot.store.db import Database
from bot.store.keys import key_ring
from bot.store.migrate import upgrade
from tests.conftest import ROOT
from tests.example import example

HEADER = "Référence;Nom;Prénom;Date de naissance;Filière;Établissement;Classe;Pays;Ville;Départ;Début;Fin;Retour;"
PEOPLE = "Téléphone;Responsable 1;E-mail responsable 1;Téléphone responsable 1"
PLACES = ("Espagne;Caspe", "Norvège;Bergen", "Portugal;Braga", "Irlande;Cork", "Canada;Montréal")
FIRST = date(2008, 1, 1)


def roster_of(rows: int, departure: date) -> bytes:
    """So many invented learners."""
    lines = [HEADER + PEOPLE]
    for number in range(rows):
        day = departure + timedelta(days=number % 120)
        days = ";".join(f"{day + timedelta(days=later):%d/%m/%Y}" for later in (0, 2, 20, 21))
        birth = FIRST + timedelta(days=number % 900)
        lines.append(
            f"B-{number:05};Nom{number};Prénom{number};{birth:%d/%m/%Y};bac pro;valmer;2M{number % 40};"
            f"{PLACES[number % 5]};{days};06 12 {number // 10000:02} {number // 100 % 100:02} {number % 100:02};"
            f"Parent {number};parent{number}@example.org;06 13 {number // 100 % 100:02} {number % 100:02} 00"
        )
    return "\n".join(lines).encode()


def measured(db: Database, programme: Programme, content: bytes) -> Imported:
    """Read, compare and bring in, each with its seconds."""
    start = time.perf_counter()
    today = db.clock.now().date()
    roster = read_roster(table_from("bench.csv", content), programme, db.run(known_schools), today)
    read = time.perf_counter()
    db.run(compare, roster.rows)
    compared = time.perf_counter()
    done = db.run(bring_in, roster.rows)
    end = time.perf_counter()
    print(
        f"{len(roster.rows)} rows: read {read - start:.1f} s, compared {compared - read:.1f} s, "
        f"brought in {end - compared:.1f} s; as the command does it {end - start:.1f} s"
    )
    return done


def main(rows: int) -> None:
    programme = example()
    with tempfile.TemporaryDirectory() as folder:
        keys = key_ring(Path(folder) / "keys", None)
        db = Database(f"sqlite:///{Path(folder) / 'bench.db'}", SystemClock(), programme, keys=keys)
        upgrade(db.engine)
        db.run(bring_in_team, load_team((ROOT / "consortium.example.toml").read_text("utf-8")))
        content = roster_of(rows, db.clock.now().date() + timedelta(days=90))
        first = measured(db, programme, content)
        again = measured(db, programme, content)
        print(f"first: {len(first.created)} new; again: {len(again.unchanged)} unchanged")
        db.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
