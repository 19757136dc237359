"""Addresses that serve several people, as rows and as a database of yesterday had them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bot.store import migrate
from bot.store.consents import Tie, learners_of
from bot.store.people import Address, Person, address_at, addresses_at, addresses_of
from tests.store.conftest import Stage


def yesterday(engine: Engine) -> None:
    """A learner and her mother, each with a device, a message that went there, and the tie."""
    migrate.upgrade(engine, "0003")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO people (id, ref, ref_key, first_name, last_name, language) VALUES "
                "(1, 'lina', 'lina', 'Lina', 'H', 'fr'), (2, 'lina~1', '', 'Samira', 'H', 'fr'), "
                "(3, 'yanis', 'yanis', 'Yanis', 'H', 'fr')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO addresses (id, person_id, channel, native, state, created_at, used_at) VALUES "
                "(5, 1, 'telegram', '4711', 'confirmed', '2027-03-01 08:00:00', '2027-03-01 09:00:00'), "
                "(6, 2, 'email', 'h@example.org', 'confirmed', '2027-03-01 08:00:00', '2027-03-01 08:00:00')"
            )
        )
        connection.execute(
            text(
                "INSERT INTO outbox (id, person_id, lane, message, state, created_at, due_at, fence, attempts, "
                "address_id, bound) VALUES (9, 1, 1, '{}', 'sent', '2027-03-01 08:00:00', '2027-03-01 08:00:00', 0, 0, "
                "5, false)"
            )
        )
        connection.execute(text("INSERT INTO family_ties (id, parent_id, learner_id) VALUES (4, 2, 1)"))


def brought_up_to_date(engine: Engine) -> None:
    yesterday(engine)
    migrate.upgrade(engine)


@pytest.fixture
def upgraded(at: Callable[[Stage], Engine]) -> Engine:
    """A database of yesterday, brought up to date."""
    return at(brought_up_to_date)


def test_what_was_there_is_there_and_a_second_person_fits_in(upgraded: Engine) -> None:
    with Session(upgraded) as rows:
        at = addresses_of(rows, 1)[0].used_at
        again = Address(
            id=7, person_id=3, channel="telegram", native="4711", state="confirmed", created_at=at, used_at=at
        )
        rows.add_all([again, Tie(id=8, parent_id=2, learner_id=3)])
        rows.flush()

        assert rows.execute(text("SELECT address_id FROM outbox")).all() == [(5,)]
        assert [each.person_id for each in addresses_at(rows, "telegram", "4711")] == [3, 1]
        assert [each.first_name for each in learners_of(rows, 2)] == ["Lina", "Yanis"]
    assert migrate.check(upgraded) == []


def test_on_the_way_back_a_shared_address_stays_that_of_whoever_used_it_last(upgraded: Engine) -> None:
    with Session(upgraded) as rows:
        at = addresses_of(rows, 2)[0].used_at
        rows.add(Address(person_id=3, channel="telegram", native="4711", state="confirmed", created_at=at, used_at=at))
        rows.add(Tie(id=8, parent_id=2, learner_id=3))
        rows.commit()
    migrate.downgrade(upgraded, "0003")

    with upgraded.connect() as connection:
        assert connection.execute(text("SELECT person_id, native FROM addresses ORDER BY id")).all() == [
            (1, "4711"),
            (2, "h@example.org"),
        ]
        assert connection.execute(text("SELECT learner_id FROM family_ties")).all() == [(1,)]


def test_of_several_the_one_confirmed_and_used_last_is_first(migrated: Engine) -> None:
    with Session(migrated) as rows:
        people = [Person(ref=ref, first_name=ref, last_name="") for ref in "abc"]
        rows.add_all(people)
        rows.flush()
        for person, state, hour in zip(people, ("confirmed", "confirmed", "pending"), (8, 9, 10), strict=True):
            at = datetime(2027, 3, 1, hour, tzinfo=UTC)
            rows.add(Address(person_id=person.id, channel="web", native="t", state=state, created_at=at, used_at=at))
        rows.flush()

        found = address_at(rows, "web", "t")
        assert found is not None
        assert found.person.ref == "b"
        assert [each.person.ref for each in addresses_at(rows, "web", "t")] == ["b", "a", "c"]
