"""Signing in where the homeserver takes no password: by a token, with its own pages, and allowed by its owner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.channels.matrix.client_api import Homeserver as Server
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.setup import SetupError, repair, setup
from bot.channels.matrix.sign_in import Account, CannotSignIn, credentials, prove
from bot.i18n import Sentence
from tests.synapse.accounts import Accounts
from tests.synapse.administration import call
from tests.synapse.homeserver import Homeserver

US = "@compagnon:school.test"
CLIENT = "/_matrix/client/v3"


async def token(homeserver: Homeserver, session: str) -> str:
    """What another session of the account gives, or the server's own pages at their end."""
    found = await call(homeserver.url, "POST", "/_matrix/client/v1/login/get_token", session, {})
    return str(found["login_token"])


async def test_synapse_without_passwords_lets_us_in_by_a_token(tmp_path: Path) -> None:
    folder, said = Folder(tmp_path / "matrix"), list[str]()
    async with Homeserver(tmp_path, passwords=False) as homeserver:
        made = await homeserver.newcomer("Compagnon")
        account = Account(homeserver.url, made.user_id, made.password)

        with pytest.raises(SetupError, match="lets nobody sign in by a password or by its own pages") as refused:
            await setup(account, folder, said.append)
        assert "--login-token" in str(refused.value)
        assert folder.device() is None

        await setup(replace(account, login_token=await token(homeserver, made.token)), folder, said.append)
        assert [line.split()[0] for line in said] == ["Made", "Logged", "Signed", "Back"]
        with pytest.raises(SetupError, match="refuses"):
            await repair(replace(account, login_token="used-long-ago"), folder, said.append)

    device = folder.device()
    assert device is not None, "a token that is used up leaves the device as it was"
    assert device.user_id == made.user_id


async def test_where_a_service_has_the_accounts_its_pages_let_us_in_and_allow_another_identity(tmp_path: Path) -> None:
    folder, said, shown = Folder(tmp_path / "matrix"), list[str](), list[str]()
    async with Accounts(tmp_path) as accounts:
        account = Account(accounts.url, await accounts.register("compagnon"), "a password that nobody wants")

        def with_token() -> Account:
            return replace(account, login_token=accounts.signs_in("compagnon"))

        async def confirm(sentence: Sentence) -> None:
            shown.append(str(sentence))
            await accounts.allows_another_identity("compagnon")

        with pytest.raises(SetupError, match="/login/sso/redirect"):
            await setup(account, folder, said.append)
        with pytest.raises(SetupError, match="refuses"):
            await setup(replace(account, login_token="used-long-ago"), folder, said.append)
        await setup(with_token(), folder, said.append, confirm=confirm)
        first = folder.identity()
        await repair(with_token(), folder, said.append, confirm=confirm)
        repaired = folder.identity()
        assert shown == [], "the first identity, and a device more of it, need nobody's leave"
        with pytest.raises(SetupError, match=r"/account/\?action=org\.matrix\.cross_signing_reset"):
            await setup(with_token(), folder, said.append, new_identity=True)
        await setup(with_token(), folder, said.append, new_identity=True, confirm=confirm)

    assert first == repaired != folder.identity()
    page = f"{accounts.url}/account/?action=org.matrix.cross_signing_reset"
    assert shown == [
        f"The homeserver wants you to allow this. Open {page} in a browser, sign in as {account.user_id}, and allow it."
    ]
    device = folder.device()
    assert device is not None
    assert (device.token in accounts.sessions, device.user_id) == (True, account.user_id)


class Answering:
    """A homeserver that offers these ways in, and wants a new identity allowed on a page of its owner's."""

    def __init__(self, flows: list[Any], asked: dict[str, Any]) -> None:
        self.flows, self.asked = flows, asked
        self.allowed = False
        self.auth: list[Any] = []

    async def login(self, _request: web.Request) -> web.Response:
        return web.json_response({"flows": self.flows})

    async def upload(self, request: web.Request) -> web.Response:
        self.auth.append((await request.json()).get("auth"))
        return web.json_response({}) if self.allowed else web.json_response(self.asked, status=401)


@pytest.fixture
async def served() -> AsyncIterator[Any]:
    begun: list[TestServer] = []
    servers: list[Server] = []

    async def start(answering: Answering) -> Server:
        app = web.Application()
        app.router.add_get(f"{CLIENT}/login", answering.login)
        app.router.add_post(f"{CLIENT}/keys/device_signing/upload", answering.upload)
        begun.append(TestServer(app))
        await begun[-1].start_server()
        servers.append(Server(str(begun[-1].make_url("/"))))
        return servers[-1]

    yield start
    for server in servers:
        await server.close()
    for each in begun:
        await each.close()


async def missing(server: Server, password: str = "") -> str:
    with pytest.raises(CannotSignIn) as problem:
        await credentials(server, Account(server.url, US, password))
    return str(problem.value)


async def test_the_ways_in_are_read_first_and_what_is_missing_is_said(served: Any) -> None:
    pages = await served(Answering([{"type": "m.login.sso"}, {"type": "m.login.token"}, "x", {}], {}))
    both = await served(Answering([{"type": "m.login.password"}], {}))
    none = await served(Answering([], {}))

    said = await missing(pages, "a password that nobody wants")
    assert f"Open {pages.url}{CLIENT}/login/sso/redirect?redirectUrl=http%3A%2F%2F127.0.0.1%2F in a browser" in said
    assert f"sign in there as {US}" in said
    assert await missing(both) == "The password is missing: write it to the file data/secrets/matrix__password."
    assert "Ask its administrator for a token" in await missing(none)
    assert (await credentials(both, Account(both.url, US, "secret")))["type"] == "m.login.password"
    assert await credentials(none, Account(none.url, US, login_token="t", password="")) == {
        "type": "m.login.token",
        "token": "t",
    }


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        (
            {
                "session": "s",
                "flows": [{"stages": ["org.matrix.cross_signing_reset"]}],
                "params": {"org.matrix.cross_signing_reset": {"url": "https://account.school.test/allow"}},
            },
            "https://account.school.test/allow",
        ),
        (
            {"session": "s", "flows": [{"stages": ["m.oauth"]}], "params": {"m.oauth": {"url": "https://a.test/x"}}},
            "https://a.test/x",
        ),
        (
            {"session": "s 1", "flows": [{"stages": ["m.login.sso"]}], "params": {}},
            "{server}/_matrix/client/v3/auth/m.login.sso/fallback/web?session=s%201",
        ),
        (
            {"session": "s", "flows": [3, {"stages": []}], "params": 4},
            "{server}/_matrix/client/v3/auth/m.login.sso/fallback/web?session=s",
        ),
    ],
)
async def test_a_new_identity_is_allowed_on_a_page_whose_address_is_shown(
    served: Any, asked: dict[str, Any], page: str
) -> None:
    answering, shown = Answering([], asked), list[str]()
    server = await served(answering)

    async def confirm(sentence: Sentence) -> None:
        shown.append(str(sentence))
        answering.allowed = True

    await prove(server, "/keys/device_signing/upload", {"master_key": {}}, Account(server.url, US, ""), confirm)

    assert shown == [
        f"The homeserver wants you to allow this. Open {page.format(server=server.url)} in a browser, sign in as {US}, and allow it."
    ]
    assert answering.auth == [None, {"session": asked["session"]}]
