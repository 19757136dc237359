"""Any homeserver: its address, what answers there, and what its administrator has to be asked for."""

from __future__ import annotations

import asyncio

import pytest
from aiohttp.test_utils import TestServer
from aiohttp.web import Application, Request, Response, json_response

from bot.channels.matrix.client_api import CallError
from bot.config.tables import Matrix
from bot.doctor.finding import Level
from bot.doctor.homeserver import address, host, no_password, pace, software, strangers, unanswered
from bot.doctor.matrix import learners
from bot.domain.person import Role
from bot.store.db import Database, Tx
from bot.store.people import Address, Person, RoleHeld

OURS = Matrix(homeserver="https://matrix.example.org", user_id="@compagnon:example.org")
SYNAPSE = (
    "ask its administrator for: POST /_synapse/admin/v1/users/@compagnon:example.org/override_ratelimit "
    '{"messages_per_second": 0, "burst_count": 0}; then set [matrix] per_second = 10'
)
OTHER = (
    "ask the administrator of matrix.example.org to lift the limit on messages for @compagnon:example.org, or for its "
    "figure; then set [matrix] per_second to that"
)


@pytest.mark.parametrize(
    ("url", "cures"),
    [
        ("https://matrix.example.org", []),
        ("https://matrix.example.org:8448", []),
        ("http://127.0.0.1:8008", []),
        ("http://[::1]:8008", []),
        ("http://localhost:8008", []),
        ("https://matrix.example.org/_matrix/client", ['write homeserver = "https://matrix.example.org"']),
        ("https://me:secret@matrix.example.org", ['write homeserver = "https://matrix.example.org"']),
        (
            "http://matrix.example.org",
            ['write https:// instead of http://, as in homeserver = "https://matrix.example.org"'],
        ),
        ("https://[broken", ['write homeserver = "https://matrix.example.org"']),
    ],
)
def test_address_is_looked_at_as_it_is_written(url: str, cures: list[str]) -> None:
    assert [each.cure for each in address(url)] == cures


def test_address_is_shown_without_what_is_secret() -> None:
    assert host("https://me:secret@matrix.example.org:8448/a?b") == "matrix.example.org:8448"


async def said(answers: dict[str, Response]) -> str:
    """What is said of a server that answers so; everything else it does not know."""

    async def answer(request: Request) -> Response:
        return answers.get(request.path, json_response({"errcode": "M_UNRECOGNIZED"}, status=404))

    app = Application()
    app.router.add_get("/{path:.*}", answer)
    async with TestServer(app) as server:
        try:
            return await software(str(server.make_url("")).rstrip("/"))
        except CallError as problem:
            return unanswered(problem, OURS).what


VERSIONS, FEDERATION = "/_matrix/client/versions", "/_matrix/federation/v1/version"
SYNAPSE_VERSION = "/_synapse/admin/v1/server_version"


async def test_homeserver_tells_its_software_or_not() -> None:
    def there() -> dict[str, Response]:
        return {VERSIONS: json_response({"versions": ["v1.11"]})}

    conduit = json_response({"server": {"name": "Con\x1bduit", "version": "0.9"}})
    assert await said({**there(), FEDERATION: conduit}) == "Conduit 0.9"
    assert await said({**there(), SYNAPSE_VERSION: json_response({"server_version": "1.163.0"})}) == "Synapse 1.163.0"
    assert await said({**there(), FEDERATION: json_response({"server": 7})}) == ""


async def test_what_is_no_homeserver_is_told() -> None:
    place = "matrix.example.org does not answer as a Matrix homeserver does"
    assert await said({}) == f"{place} (404 M_UNRECOGNIZED)"
    assert await said({VERSIONS: Response(text="<h1>Welcome</h1>")}) == f"{place} (status 200)"
    assert await said({VERSIONS: Response(status=502)}) == f"{place} (status 502)"
    assert await said({VERSIONS: json_response({"versions": "all"})}) == f"{place} (no versions)"
    moved = Response(status=301, headers={"Location": "https://elsewhere.example.org"})
    assert await said({VERSIONS: moved}) == f"{place} (status 301)"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "https://", "https://[broken"])
def test_address_where_nothing_is_cannot_be_reached(url: str) -> None:
    with pytest.raises(CallError) as problem:
        asyncio.run(software(url))
    found = unanswered(problem.value, OURS)
    assert (found.level.value, "cannot be reached from here" in found.what) == ("broken", True)


@pytest.mark.parametrize(
    ("people", "per_second", "there", "told"),
    [
        (10, 0.2, "Synapse 1.163.0", ("fine", "10 learners takes 0 s", "")),
        (22, 0.2, "Synapse 1.163.0", ("fine", "22 learners takes 60 s", "")),
        (30, 0.2, "Synapse 1.163.0", ("look", "30 learners takes 100 s", SYNAPSE)),
        (300, 0.2, "", ("look", "300 learners takes 24 min", OTHER)),
        (300, 10, "Synapse 1.163.0", ("fine", "has lifted the limit for @compagnon:example.org", "")),
    ],
)
def test_pace_says_how_long_and_whom_to_ask(
    people: int, per_second: float, there: str, told: tuple[str, str, str]
) -> None:
    found = pace(OURS.model_copy(update={"per_second": per_second}), people, there)
    assert (found.level.value, found.what.endswith(told[1]), found.cure) == (told[0], True, told[2])


def test_strangers_are_asked_for_until_somebody_joined() -> None:
    assert "may invite it" in strangers(OURS).cure


def test_learners_are_counted_on_matrix_and_in_the_roster(quick_database: Database) -> None:
    def fill(tx: Tx) -> None:
        for number in range(3):
            person = Person(ref=f"p{number}", first_name="P", last_name="", language="en")
            person.roles.append(RoleHeld(role=Role.LEARNER if number else Role.COORDINATOR))
            tx.rows.add(person)
            tx.rows.flush()
            where = {"person_id": person.id, "channel": "matrix", "native": f"@p{number}:example.org"}
            state = "confirmed" if number < 2 else "left"
            tx.rows.add(Address(**where, state=state, created_at=tx.now, used_at=tx.now))

    quick_database.run(fill)
    assert quick_database.run(learners) == (1, 2)


def test_a_homeserver_without_passwords_is_said_with_the_way_that_there_is() -> None:
    url = "https://matrix.example.org"
    sso, alone = frozenset({"m.login.sso", "m.login.token"}), frozenset({"m.login.token"})

    assert [list(no_password(url, offered)) for offered in (frozenset(), frozenset({"m.login.password"}))] == [[], []]
    (pages,), (asked,) = no_password(url, sso), no_password(url, alone)
    assert (pages.level, asked.level) == (Level.FINE, Level.FINE)
    assert pages.what.startswith("matrix.example.org takes no password: after a loss, sign in at https://matrix.example.org/_matrix/client/v3/login/sso/redirect?redirectUrl=")  # fmt: skip
    assert asked.what == "matrix.example.org takes no password: after a loss, its administrator gives a token for python3 run.py matrix repair --login-token"  # fmt: skip
