"""Whether we are, to the homeserver, who we believe to be: asked before anything is read or sent.

An old copy of the crypto store, brought back, is the worst of losses: the bot seems to work, and nobody can read it. So
the homeserver keeps a mark that grows with the store. Ours is written first: it may be ahead, never behind.
"""

from __future__ import annotations

from typing import Any

from bot.channels.matrix.client_api import Homeserver, Refused, part
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.identity import Identity, is_signed
from bot.channels.matrix.machine import Machine
from bot.channels.matrix.trust import key_of, row_of
from bot.i18n import Sentence, _, joined, say

MARK = "org.compagnon.store"
REPAIR = say(_("Run: python3 run.py matrix repair"))


class NotOurDevice(Exception):
    """We must not start like this; the message says why, and what to do."""


async def check(server: Homeserver, folder: Folder, machine: Machine, identity: Identity) -> None:
    """Compare what we are with what the homeserver shows of us, and begin a new stretch of the mark.

    Raises:
        NotOurDevice: they differ.
        CallError: the homeserver cannot be asked.
    """
    us, device = machine.device.user_id, machine.device.device_id
    if (await server.call("GET", "/account/whoami")).get("device_id") != device or identity.user_id != us:
        raise NotOurDevice(_repair(_("The token kept here belongs to another device or account.")))
    answer = await own_keys(server, us)
    shown = row_of(answer, "device_keys", us).get(device)
    told = shown.get("keys") if isinstance(shown, dict) else None
    if told != {f"{kind}:{device}": key for kind, key in machine.keys.items()}:
        raise NotOurDevice(_repair(_("The crypto store kept here is not that of our device on the homeserver.")))
    if key_of(row_of(answer, "master_keys", us), us, "master") != identity.public("master"):
        raise NotOurDevice(
            say(
                _(
                    "The homeserver shows another identity for our account than the one kept here: somebody reset it, or {path} "
                    "is of another installation. Bring the right one back from your backup, or make a new one: "
                    "python3 run.py matrix setup --new-identity. Every learner's app will then say that we changed."
                ),
                path=folder.identity_file,
            )
        )
    signer = identity.public("self_signing")
    if not is_signed(shown or {}, us, signer, signer):
        await sign_device(server, identity, shown or {})
    if folder.mark() < await _mark_there(server, us, device):
        text = _(
            "The crypto store kept here is an old copy: it was brought back from a backup. What it writes nobody could read."
        )
        raise NotOurDevice(_repair(text))
    await move_on(server, folder, us, device)


def _repair(text: str) -> Sentence:
    return joined([say(text), REPAIR], " ")


async def own_keys(server: Homeserver, user_id: str) -> dict[str, Any]:
    """What the homeserver shows of our own account."""
    return await server.call("POST", "/keys/query", {"device_keys": {user_id: []}})


async def sign_device(server: Homeserver, identity: Identity, shown: dict[str, Any]) -> None:
    """Sign our device with our identity. `shown` are its keys as the homeserver has them, which we compared with ours.

    Raises:
        NotOurDevice: the homeserver does not take the signature.
    """
    bare = {name: value for name, value in shown.items() if name not in {"unsigned", "signatures"}}
    signed = identity.signed(bare, "self_signing")
    done = await server.call("POST", "/keys/signatures/upload", {identity.user_id: {str(shown["device_id"]): signed}})
    if done.get("failures"):
        raise NotOurDevice(say(_("The homeserver does not accept the signature of our identity under our device.")))


async def move_on(server: Homeserver, folder: Folder, user_id: str, device_id: str) -> None:
    """The store has changed: whatever was copied before this is old from here on."""
    folder.keep_mark(folder.mark() + 1)
    await server.call("PUT", _place(user_id, device_id), {"mark": folder.mark()})


async def _mark_there(server: Homeserver, user_id: str, device_id: str) -> int:
    try:
        mark = (await server.call("GET", _place(user_id, device_id))).get("mark")
    except Refused as refused:
        if refused.status == 404:
            return 0
        raise
    return mark if type(mark) is int else 0


def _place(user_id: str, device_id: str) -> str:
    return f"/user/{part(user_id)}/account_data/{part(f'{MARK}.{device_id}')}"
