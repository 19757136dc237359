"""Roles at several schools: as rows, as rights and ladders see them, and as a database of yesterday had them."""

from __future__ import annotations

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.domain.person import Adult, Role
from bot.store import migrate
from bot.store.models import Person, School
from bot.store.people import RoleHeld
from bot.store.team import team


def test_roles_of_yesterday_are_held_at_home(engine: Engine) -> None:
    migrate.upgrade(engine, "0002")
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO schools (id, ref, name, city, zone) VALUES (1, 'a', 'A', '', 'UTC')"))
        connection.execute(
            text(
                "INSERT INTO people (id, ref, ref_key, first_name, last_name, language, school_id) "
                "VALUES (7, 'nadia', 'nadia', 'Nadia', 'F', 'fr', 1), (8, 'helene', 'helene', 'H', 'M', 'fr', NULL)"
            )
        )
        connection.execute(text("INSERT INTO roles (person_id, role) VALUES (7, 'head'), (8, 'consortium')"))
    migrate.upgrade(engine)

    with Session(engine) as rows:
        assert team(rows) == (
            Adult(7, frozenset({Role.HEAD}), 1, reachable=False),
            Adult(8, frozenset({Role.CONSORTIUM}), None, reachable=False),
        )
    assert migrate.check(engine) == []


def test_one_row_a_role_and_school(migrated: Engine) -> None:
    with Session(migrated) as rows:
        schools = [School(ref=ref, name=ref) for ref in ("a", "b")]
        rows.add_all(schools)
        rows.flush()
        roles = [RoleHeld(role=Role.HEAD), RoleHeld(role=Role.HEAD, school_id=schools[1].id)]
        roles.append(RoleHeld(role=Role.ON_CALL, school_id=schools[1].id))
        nadia = Person(ref="nadia", first_name="Nadia", last_name="F", school=schools[0], roles=roles)
        rows.add(nadia)
        rows.flush()

        elsewhere = ((schools[1].id, frozenset({Role.HEAD, Role.ON_CALL})),)
        wanted = Adult(nadia.id, frozenset({Role.HEAD}), schools[0].id, elsewhere=elsewhere)
        assert (nadia.adult, [each.elsewhere for each in team(rows)]) == (wanted, [elsewhere])
