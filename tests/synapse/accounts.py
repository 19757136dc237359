"""A service of accounts in front of a real Synapse that leaves them to it, as the Matrix Authentication Service is.

That one is a program of its own that no package index has, so this small one stands in for it: what it does is what Synapse
asks of it (RFC 7662 introspection with a shared secret, `/_synapse/mas/`) and what it shows to clients that know no OAuth
(its "compatibility layer": `m.login.sso`, `m.login.token`, `/logout`). All else is Synapse's own answer.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any, Self

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer

from tests.synapse.administration import call
from tests.synapse.configuration import NAME, SECRET
from tests.synapse.homeserver import Homeserver

JSON = dict[str, Any]
CLIENT = "/_matrix/client/v3"
FLOWS = [
    {"type": "m.login.sso", "org.matrix.msc3824.delegated_oidc_compatibility": True, "identity_providers": []},
    {"type": "m.login.token"},
]


class Accounts:
    """Accounts, their sessions, and what their owners allow. `url` is where clients find both it and the homeserver."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.sessions: dict[str, tuple[str, str]] = {}
        """By access token: the name of an account, and a device."""
        self._tokens: dict[str, str] = {}
        app = web.Application()
        app.router.add_get("/.well-known/openid-configuration", self._metadata)
        app.router.add_post("/oauth2/introspect", self._introspect)
        app.router.add_get(f"{CLIENT}/login", self._ways)
        app.router.add_post(f"{CLIENT}/login", self._login)
        app.router.add_post(f"{CLIENT}/logout", self._logout)
        app.router.add_route("*", "/{rest:_matrix/.*}", self._pass_on)
        self._server = TestServer(app)

    async def __aenter__(self) -> Self:
        await self._server.start_server()
        self.url = str(self._server.make_url("/")).rstrip("/")
        self.homeserver = Homeserver(self._folder, accounts=f"{self.url}/")
        await self.homeserver.up()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.homeserver.down()
        await self._server.close()

    async def register(self, name: str) -> str:
        """A new account; its id."""
        await self._tell("provision_user", {"localpart": name})
        return f"@{name}:{NAME}"

    def signs_in(self, name: str) -> str:
        """Somebody goes through the pages; what stands behind `loginToken=` at their end."""
        token = f"mcl_{secrets.token_hex(8)}"
        self._tokens[token] = name
        return token

    async def allows_another_identity(self, name: str) -> None:
        """Its owner opens the page of the account, and allows it."""
        await self._tell("allow_cross_signing_reset", {"localpart": name})

    async def _tell(self, what: str, body: JSON) -> None:
        await call(self.homeserver.url, "POST", f"/_synapse/mas/{what}", SECRET, body)

    async def _metadata(self, _request: web.Request) -> web.Response:
        here = {"issuer": f"{self.url}/", "account_management_uri": f"{self.url}/account/"}
        return web.json_response(here | {"introspection_endpoint": f"{self.url}/oauth2/introspect"})

    async def _introspect(self, request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == f"Bearer {SECRET}"
        session = self.sessions.get(str((await request.post())["token"]))
        if session is None:
            return web.json_response({"active": False})
        name, device = session
        told = {"scope": "urn:matrix:client:api:*", "sub": name, "username": name, "device_id": device}
        return web.json_response({"active": True, **told})

    async def _ways(self, _request: web.Request) -> web.Response:
        return web.json_response({"flows": FLOWS})

    async def _login(self, request: web.Request) -> web.Response:
        asked = await request.json()
        name = self._tokens.pop(str(asked.get("token")), None) if asked["type"] == "m.login.token" else None
        if name is None:
            return web.json_response({"errcode": "M_FORBIDDEN", "error": "Invalid login token"}, status=403)
        device, token = secrets.token_hex(5).upper(), f"mct_{secrets.token_hex(16)}"
        shown = asked.get("initial_device_display_name")
        await self._tell("upsert_device", {"localpart": name, "device_id": device, "display_name": shown})
        self.sessions[token] = name, device
        return web.json_response({"user_id": f"@{name}:{NAME}", "access_token": token, "device_id": device})

    async def _logout(self, request: web.Request) -> web.Response:
        name, device = self.sessions.pop(request.headers["Authorization"].removeprefix("Bearer "))
        await self._tell("delete_device", {"localpart": name, "device_id": device})
        return web.json_response({})

    async def _pass_on(self, request: web.Request) -> web.Response:
        async with (
            aiohttp.ClientSession() as client,
            client.request(
                request.method, f"{self.homeserver.url}{request.path_qs}", data=await request.read(),
                headers={each: request.headers[each] for each in ("Authorization", "Content-Type") if each in request.headers},
            ) as answer,
        ):  # fmt: skip
            return web.Response(body=await answer.read(), status=answer.status, content_type=answer.content_type)
