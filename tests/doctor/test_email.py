"""The doctor at the mail server: it comes in as we do, and sends nothing."""

from __future__ import annotations

import ssl
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.channels.email import Account
from bot.doctor.email import second_path, secured, server
from bot.store.db import Database, Tx
from bot.store.people import Address, Person
from tests.channels.email.conftest import SENDER, serving
from tests.channels.email.conftest import certificate as certificate
from tests.channels.email.conftest import trust as trust
from tests.journeys.people import ADULTS, settle_in
from tests.journeys.test_email import email_of


async def test_server_that_lets_us_in_is_fine(certificate: tuple[Path, Path], trust: ssl.SSLContext) -> None:
    async with serving(certificate, login=True) as here:
        account = Account(here.host, here.port, SENDER, "compagnon", "s3cret")
        found = await server(account, trust)

    what = f"127.0.0.1:{here.port} accepts compagnon; mail comes from compagnon@example.org"
    assert (found.level.value, found.what, here.taken) == ("fine", what, [])


async def test_login_that_is_refused_is_broken_and_the_password_is_not_shown(
    certificate: tuple[Path, Path], trust: ssl.SSLContext
) -> None:
    async with serving(certificate, login=True) as here:
        found = await server(Account(here.host, here.port, SENDER, "compagnon", "hunter2"), trust)

    assert (found.level.value, found.what) == ("broken", f"127.0.0.1:{here.port} refuses the login (535)")
    assert "hunter2" not in found.lines("en")


async def test_server_without_starttls_is_broken(certificate: tuple[Path, Path], trust: ssl.SSLContext) -> None:
    async with serving(certificate, tls="none") as here:
        found = await server(Account(here.host, here.port, SENDER), trust)

    assert (found.level.value, found.what) == ("broken", f"127.0.0.1:{here.port} does not offer STARTTLS")


async def test_certificate_that_nobody_vouches_for_is_broken(certificate: tuple[Path, Path]) -> None:
    async with serving(certificate) as here:
        found = await server(Account(here.host, here.port, SENDER))

    assert (found.level.value, "certificate is not accepted" in found.what) == ("broken", True)


async def test_nobody_at_the_port_is_broken() -> None:
    found = await server(Account("127.0.0.1", 9, SENDER))

    what = "127.0.0.1:9: no connection as it should be (SMTPConnectError)"
    assert (found.level.value, found.what) == ("broken", what)


@pytest.mark.parametrize(
    ("host", "tls", "levels"),
    [("127.0.0.1", "none", []), ("localhost", "none", []), ("::1", "none", []), ("mail.example.org", "starttls", []),
     ("mail.example.org", "none", ["broken"]), ("192.0.2.1", "none", ["broken"])],
)  # fmt: skip
def test_only_this_machine_is_spoken_to_in_the_clear(host: str, tls: str, levels: list[str]) -> None:
    assert [found.level.value for found in secured(Account(host, 25, SENDER, tls=tls))] == levels


def test_adults_without_a_second_path_are_named(quick_database: Database) -> None:
    takers = sorted(set(ADULTS) - {"pascale"})
    quick_database.run(settle_in, ())
    quick_database.run(email_of, *(ref for ref in takers if ref != "luc"))
    without = quick_database.run(lambda tx: list(second_path(tx.rows)))
    quick_database.run(email_of, "luc")
    quick_database.run(mail_came_back, "nadia")
    back = quick_database.run(lambda tx: list(second_path(tx.rows)))

    assert [found.what for found in without] == ["no second path, because there is no e-mail address: luc"]
    assert [found.what for found in back] == ["no second path, because mail came back: nadia"]


def mail_came_back(tx: Tx, ref: str) -> None:
    wanted = select(Address).join(Person, Person.id == Address.person_id).where(Person.ref == ref)
    tx.rows.scalars(wanted).one().state = "left"
