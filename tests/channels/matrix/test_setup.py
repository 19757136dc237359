"""Becoming a device, on a real homeserver: set up, repaired, and refused where it would make the bot unreadable."""

from __future__ import annotations

import shutil
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from bot.channels.matrix import client_api
from bot.channels.matrix.folder import Folder
from bot.channels.matrix.identity import Identity
from bot.channels.matrix.machine import Machine, NoStore
from bot.channels.matrix.own_device import NotOurDevice, check, own_keys
from bot.channels.matrix.setup import SetupError, repair, setup
from bot.channels.matrix.sign_in import Account
from bot.channels.matrix.trust import Trust, judge
from tests.synapse.homeserver import Homeserver


def mode(path: object) -> int:
    return stat.S_IMODE(path.stat().st_mode)  # type: ignore[attr-defined]


@asynccontextmanager
async def standing(account: Account, folder: Folder) -> AsyncIterator[tuple[client_api.Homeserver, Machine]]:
    """What a start opens."""
    device = folder.device()
    assert device is not None
    server = client_api.Homeserver(account.homeserver, device.token)
    machine = Machine(device, folder, folder.pickle_key())
    try:
        yield server, machine
    finally:
        machine.close()
        await server.close()


async def start(account: Account, folder: Folder) -> None:
    identity = folder.identity()
    assert identity is not None
    async with standing(account, folder) as (server, machine):
        await check(server, folder, machine, identity)


async def seen(account: Account, folder: Folder) -> Trust:
    """What others are shown of us."""
    async with standing(account, folder) as (server, _machine):
        return judge(account.user_id, await own_keys(server, account.user_id))


async def test_setup_makes_a_device_that_its_identity_signed(account: Account, folder: Folder) -> None:
    said: list[str] = []
    await setup(account, folder, said.append)
    device, identity = folder.device(), folder.identity()
    assert device is not None
    assert identity is not None
    async with standing(account, folder) as (_server, machine):
        key = machine.keys["ed25519"]
    assert await seen(account, folder) == Trust(identity.public("master"), {device.device_id: key})
    assert [line.split()[0] for line in said] == ["Made", "Logged", "Signed", "Back"]
    assert device.token not in "".join(said)


async def test_setup_keeps_everything_to_itself(ready: Account, folder: Folder) -> None:
    device = folder.device()
    assert device is not None
    crypto = folder.crypto(device.device_id)
    assert {mode(path) for path in (folder.path, crypto, crypto.parent)} == {0o700}
    files = [path for path in folder.path.rglob("*") if path.is_file()]
    assert {path.name for path in files} == {"identity.json", "device.json", "mark", "pickle_key", "crypto.db"}
    assert {mode(path) for path in files} == {0o600}
    assert folder.pickle_key() not in {"", "DEFAULT_KEY"}


async def test_setup_twice_is_refused(ready: Account, folder: Folder) -> None:
    with pytest.raises(SetupError, match="set up already"):
        await setup(ready, folder, lambda _line: None)


async def test_setup_with_a_wrong_password_leaves_nothing(account: Account, folder: Folder) -> None:
    with pytest.raises(SetupError, match="M_FORBIDDEN"):
        await setup(replace(account, password="wrong"), folder, lambda _line: None)
    assert list(folder.path.iterdir()) == []


async def test_setup_where_the_homeserver_is_away_says_so(account: Account, folder: Folder) -> None:
    with pytest.raises(SetupError, match="does not answer"):
        await setup(replace(account, homeserver="http://127.0.0.1:9"), folder, lambda _line: None)


async def test_setup_does_not_replace_another_identity_unasked(
    ready: Account, folder: Folder, tmp_path: object
) -> None:
    other = Folder(folder.path.with_name("other"))
    with pytest.raises(SetupError, match="another identity"):
        await setup(ready, other, lambda _line: None)
    await setup(ready, other, lambda _line: None, new_identity=True)
    await start(ready, other)
    with pytest.raises(NotOurDevice, match="another identity"):
        await start(ready, folder)


async def test_repair_is_a_new_device_of_the_same_identity(
    ready: Account, folder: Folder, homeserver: Homeserver
) -> None:
    before, identity = folder.device(), folder.identity()
    assert before is not None
    shutil.rmtree(folder.crypto(before.device_id))
    with pytest.raises(NoStore):
        await start(ready, folder)
    await repair(ready, folder, lambda _line: None)
    after = folder.device()
    assert after is not None
    assert after.device_id != before.device_id
    assert folder.identity() == identity
    trust = await seen(ready, folder)
    assert (list(trust.devices), trust.problem) == ([after.device_id], "")
    assert before.device_id not in await homeserver.admin.devices(ready.user_id)
    await start(ready, folder)


async def test_repair_with_nothing_but_the_backed_up_identity(ready: Account, folder: Folder) -> None:
    saved = folder.identity_file.read_bytes()
    shutil.rmtree(folder.path)
    folder.prepare()
    folder.identity_file.write_bytes(saved)
    await repair(ready, folder, lambda _line: None)
    await start(ready, folder)


async def test_repair_without_the_identity_is_refused(ready: Account, folder: Folder) -> None:
    folder.identity_file.unlink()
    with pytest.raises(SetupError, match="is missing"):
        await repair(ready, folder, lambda _line: None)


async def test_repair_with_a_wrong_identity_is_refused(ready: Account, folder: Folder) -> None:
    folder.keep_identity(Identity.make(ready.user_id))
    with pytest.raises(SetupError, match="another identity"):
        await repair(ready, folder, lambda _line: None)


async def test_old_copy_of_the_store_is_refused(ready: Account, folder: Folder) -> None:
    backup = folder.path.with_name("backup")
    shutil.copytree(folder.path, backup)
    await start(ready, folder)
    shutil.rmtree(folder.path)
    shutil.copytree(backup, folder.path)
    with pytest.raises(NotOurDevice, match="old copy"):
        await start(ready, folder)
    await repair(ready, folder, lambda _line: None)
    await start(ready, folder)


async def test_store_of_before_a_repair_is_refused(ready: Account, folder: Folder) -> None:
    backup = folder.path.with_name("backup")
    shutil.copytree(folder.path, backup)
    await repair(ready, folder, lambda _line: None)
    shutil.rmtree(folder.path)
    shutil.copytree(backup, folder.path)
    with pytest.raises(client_api.Refused) as refused:  # its token was given back
        await start(ready, folder)
    assert refused.value.code == "M_UNKNOWN_TOKEN"


async def test_crypto_store_of_another_making_is_refused(ready: Account, folder: Folder) -> None:
    device = folder.device()
    assert device is not None
    shutil.rmtree(folder.crypto(device.device_id))
    Machine(device, folder, folder.pickle_key(), new=True).close()
    with pytest.raises(NotOurDevice, match="not that of our device"):
        await start(ready, folder)


async def test_start_signs_the_device_again_where_the_signature_was_lost(account: Account, folder: Folder) -> None:
    await setup(account, folder, lambda _line: None)
    await setup(account, folder, lambda _line: None, new_identity=True)
    identity = folder.identity()
    assert identity is not None
    trust = await seen(account, folder)
    assert (trust.master, trust.problem) == (identity.public("master"), "")
    await start(account, folder)


async def test_crash_before_the_mark_arrives_does_not_lock_us_out(ready: Account, folder: Folder) -> None:
    folder.keep_mark(folder.mark() + 1)
    await start(ready, folder)
    await start(ready, folder)
