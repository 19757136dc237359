"""What the administrator of a homeserver can do to those who use it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from tests.synapse.configuration import SECRET

JSON = dict[str, Any]
PATIENCE = aiohttp.ClientTimeout(total=30)


class Refused(Exception):
    """The homeserver said no."""

    def __init__(self, status: int, answer: JSON) -> None:
        super().__init__(f"{status} {answer}")
        self.status, self.answer = status, answer


class Unreachable(ConnectionError):
    """The homeserver is down."""


@dataclass(frozen=True)
class Account:
    """A user of the homeserver. `token` belongs to a device that registering made, and may be used for raw calls."""

    user_id: str
    password: str
    token: str
    device: str


async def call(url: str, method: str, path: str, token: str | None = None, body: JSON | None = None) -> JSON:
    """One request; what is not 2xx is `Refused`. Nothing is retried: 429 is for the caller to see."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    asked = URL(f"{url}{path}", encoded=True)
    async with aiohttp.ClientSession(timeout=PATIENCE) as client:
        try:
            async with client.request(method, asked, json=body, headers=headers) as answer:
                found: JSON = await answer.json(content_type=None)
        except (aiohttp.ClientConnectionError, TimeoutError) as problem:
            raise Unreachable(str(problem)) from problem
    if answer.status >= 300:
        raise Refused(answer.status, found)
    return found


class Administration:
    """An administrator's hands. The administrator is registered at the first order."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._account: Account | None = None

    async def register(self, name: str, password: str, *, admin: bool = False, shown: str | None = None) -> Account:
        """A new user, by the secret that only the homeserver's configuration knows."""
        nonce = (await call(self.url, "GET", "/_synapse/admin/v1/register"))["nonce"]
        parts = (nonce, name, password, "admin" if admin else "notadmin")
        mac = hmac.new(SECRET.encode(), "\0".join(parts).encode(), hashlib.sha1).hexdigest()
        made = await call(
            self.url,
            "POST",
            "/_synapse/admin/v1/register",
            body={
                "nonce": nonce,
                "username": name,
                "displayname": shown or name,
                "password": password,
                "admin": admin,
                "mac": mac,
            },
        )
        return Account(made["user_id"], password, made["access_token"], made["device_id"])

    async def ask(self, method: str, path: str, body: JSON | None = None) -> JSON:
        """A request of the administrator's own."""
        if self._account is None:
            name = f"admin-{secrets.token_hex(4)}"
            self._account = await self.register(name, secrets.token_urlsafe(12), admin=True)
        return await call(self.url, method, path, self._account.token, body)

    async def limits(self, user_id: str, *, per_second: int, burst: int) -> None:
        """Other limits for one user's messages; zero for both means none."""
        await self.ask(
            "POST",
            f"/_synapse/admin/v1/users/{_safe(user_id)}/override_ratelimit",
            {"messages_per_second": per_second, "burst_count": burst},
        )

    async def deactivate(self, user_id: str) -> None:
        """The account is closed: every token of it is worth nothing, and it leaves its rooms."""
        await self.ask("POST", f"/_synapse/admin/v1/deactivate/{_safe(user_id)}", {"erase": False})

    async def suspend(self, user_id: str, *, suspended: bool = True) -> None:
        """The account may read and not write."""
        await self.ask("PUT", f"/_synapse/admin/v1/suspend/{_safe(user_id)}", {"suspend": suspended})

    async def devices(self, user_id: str) -> list[str]:
        """The ids of somebody's devices."""
        found = await self.ask("GET", f"/_synapse/admin/v2/users/{_safe(user_id)}/devices")
        return [device["device_id"] for device in found["devices"]]

    async def delete_device(self, user_id: str, device_id: str) -> None:
        """Log a device out and forget its keys."""
        await self.ask("DELETE", f"/_synapse/admin/v2/users/{_safe(user_id)}/devices/{_safe(device_id)}")

    async def password(self, user_id: str, password: str, *, log_out: bool = False) -> None:
        """A new password for somebody."""
        await self.ask(
            "POST",
            f"/_synapse/admin/v1/reset_password/{_safe(user_id)}",
            {"new_password": password, "logout_devices": log_out},
        )

    async def token_of(self, user_id: str) -> str:
        """A token to act as somebody, without a device of its own."""
        found = await self.ask("POST", f"/_synapse/admin/v1/users/{_safe(user_id)}/login", {})
        return str(found["access_token"])

    async def as_user(self, user_id: str, method: str, path: str, body: JSON | None = None) -> JSON:
        """A request as somebody: `path` is what follows /_matrix/client/."""
        return await call(self.url, method, f"/_matrix/client/{path}", await self.token_of(user_id), body)

    async def kick(self, room_id: str, user_id: str, *, by: str, reason: str = "") -> None:
        """`by`, who has the power, throws somebody out of a room."""
        await self.as_user(by, "POST", f"v3/rooms/{_safe(room_id)}/kick", {"user_id": user_id, "reason": reason})

    async def ban(self, room_id: str, user_id: str, *, by: str, reason: str = "") -> None:
        """The same, and for good."""
        await self.as_user(by, "POST", f"v3/rooms/{_safe(room_id)}/ban", {"user_id": user_id, "reason": reason})

    async def upgrade(self, room_id: str, *, by: str, version: str = "12") -> str:
        """Replace a room by one of another version; answers the new one's id. Its members must be invited anew."""
        body = {"new_version": version}
        found = await self.as_user(by, "POST", f"v3/rooms/{_safe(room_id)}/upgrade", body)
        return str(found["replacement_room"])

    async def delete_room(self, room_id: str) -> None:
        """Everybody is thrown out and the room forgotten."""
        await self.ask("DELETE", f"/_synapse/admin/v1/rooms/{_safe(room_id)}", {"purge": True})


def _safe(part: str) -> str:
    return quote(part, safe="")
