"""A person whose devices are cross-signed, and who looks at whether those of others are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.synapse.administration import Account, Refused
from tests.synapse.homeserver import Homeserver
from tests.synapse.identity import Identity
from tests.synapse.person import Person
from tests.synapse.seen import Seen, seen

JSON = dict[str, Any]


class CrossSigned(Person):
    """What matrix-nio has not: an identity of one's own, and the pinned identities of others."""

    def __init__(self, homeserver: Homeserver, account: Account, identity: Identity | None) -> None:
        super().__init__(homeserver, account)
        self.identity = identity
        self.pins: dict[str, str] = {}
        """The master key under which each person was first met."""
        self._judged: dict[str, Seen] = {}

    async def changes_identity(self) -> None:
        """Make a new identity, as who has lost everything does, and sign this device with it."""
        self.identity = Identity.new(self.user_id)
        body = self.identity.published()
        try:
            await self.asks("POST", "keys/device_signing/upload", body)
        except Refused as refused:
            if refused.status != 401:
                raise
            auth = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.user_id},
                    "password": self.account.password, "session": refused.answer["session"]}  # fmt: skip
            await self.asks("POST", "keys/device_signing/upload", {**body, "auth": auth})
        await self.signs_device()

    async def signs_device(self) -> None:
        """Say that this device is ours."""
        assert self.identity is not None
        published = await self._published(self.user_id)
        mine = published["device_keys"][self.user_id][self.device]
        await self._vouch(self.identity.device(mine))

    async def _vouch(self, signatures: JSON) -> None:
        answer = await self.asks("POST", "keys/signatures/upload", signatures)
        assert not answer.get("failures"), answer

    async def sees(self, user_id: str) -> Seen:
        """What this client makes of somebody's keys. It pins the identity that it meets first."""
        found = self._judged[user_id] = seen(user_id, await self._published(user_id))
        if found.master is not None:
            self.pins.setdefault(user_id, found.master)
        return found

    async def judges(self, user_id: str) -> Seen:
        """The same as it was known when the homeserver last said that something changed."""
        return self._judged.get(user_id) or await self.sees(user_id)

    def forgets(self, changed: Iterable[str]) -> None:
        """These have other keys than before."""
        for user_id in changed:
            self._judged.pop(user_id, None)

    async def verifies(self, user_id: str) -> None:
        """Say, to all our devices, that this is the master key of the person we know: as after comparing emoji."""
        assert self.identity is not None
        master = (await self._published(user_id))["master_keys"][user_id]
        (self.pins[user_id],) = master["keys"].values()
        await self._vouch(self.identity.vouched(user_id, master))

    async def _published(self, user_id: str) -> JSON:
        return await self.asks("POST", "keys/query", {"device_keys": {user_id: []}})
