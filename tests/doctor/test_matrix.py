"""The doctor on Matrix, before a real homeserver: it finds what would keep the bot from starting, and changes nothing."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.__main__ import main
from bot.channels.matrix import Account, Folder, setup
from bot.channels.matrix.client_api import UNTOLD, Refused, TooFast
from bot.channels.matrix.folder import Device
from bot.channels.matrix.identity import Identity
from bot.channels.matrix.machine import Machine
from bot.config import Config
from bot.config.tables import Matrix
from bot.doctor.finding import Finding
from bot.doctor.matrix import Told, asked, judged, matrix, off, refused
from bot.doctor.matrix_files import REPAIR
from tests.synapse.homeserver import Homeserver

Spoil = Callable[[Folder, Device], object]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "matrix")


@pytest.fixture
async def account(homeserver: Homeserver) -> Account:
    """A user of the homeserver that nobody has logged in as."""
    made = await homeserver.newcomer("Compagnon")
    return Account(homeserver.url, made.user_id, made.password)


@pytest.fixture
async def device(account: Account, folder: Folder) -> Device:
    """The same, set up in `folder`."""
    await setup(account, folder, lambda _line: None)
    made = folder.device()
    assert made is not None
    return made


def of(account: Account, folder: Folder, **more: object) -> Config:
    """A configuration that names this account."""
    named = {"homeserver": account.homeserver, "user_id": account.user_id, "store": folder.path} | more
    return Config().model_copy(update={"data_dir": folder.path.parent, "matrix": Matrix.model_validate(named)})


async def told(account: Account, folder: Folder, **more: object) -> list[Finding]:
    return await asyncio.to_thread(lambda: list(matrix(of(account, folder, **more), None)))


async def wrong(account: Account, folder: Folder) -> list[tuple[str, str, str]]:
    """What is not fine."""
    found = await told(account, folder)
    return [(each.level.value, each.what, each.cure) for each in found if each.level.value != "fine"]


def contents(folder: Folder) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.path.rglob("*") if path.is_file()}


async def test_account_that_is_not_set_up_is_told_how(account: Account, folder: Folder) -> None:
    password = "write the password to data/secrets/matrix__password, then python3 run.py matrix setup"
    assert await wrong(account, folder) == [("look", "not set up yet", password)]
    found = (await told(account, folder, password="x"))[0]
    assert found.cure == "python3 run.py matrix setup"


async def test_bot_that_runs_is_fine_and_left_alone(
    account: Account, folder: Folder, device: Device, homeserver: Homeserver
) -> None:
    machine = Machine(device, folder, folder.pickle_key())
    before, server = contents(folder), await asked(account.homeserver, device)
    found = await told(account, folder)
    after = contents(folder), await asked(account.homeserver, device)
    machine.close()
    assert ([each.level.value for each in found], after) == (["fine"] * 3, (before, server))
    assert found[1].what.startswith(f"{homeserver.url.removeprefix('http://')} answers (Synapse 1.")
    assert found[2].what == (f"{account.user_id} is known, and its device {device.device_id} is signed by its identity")


def forgets_key(folder: Folder, _device: Device) -> None:
    (folder.path / "pickle_key").unlink()


def forgets_identity(folder: Folder, _device: Device) -> None:
    folder.identity_file.unlink()


def loses_store(folder: Folder, _device: Device) -> None:
    shutil.rmtree(folder.path / "crypto")


def brings_old_copy_back(folder: Folder, _device: Device) -> None:
    folder.keep_mark(folder.mark() - 1)


def takes_other_identity(folder: Folder, device: Device) -> None:
    folder.keep_identity(Identity.make(device.user_id))


def is_open(folder: Folder, _device: Device) -> None:
    folder.path.chmod(0o755)
    folder.identity_file.chmod(0o644)


@pytest.mark.parametrize(
    ("spoil", "words", "cure"),
    [
        (forgets_key, "the key of its crypto store is missing", "bring it back from your backup"),
        (
            forgets_identity,
            "identity.json is missing",
            "bring identity.json back from your backup; where there is none",
        ),
        (loses_store, "there is no crypto store of the device", REPAIR),
        (brings_old_copy_back, "the crypto store is an old copy", REPAIR),
        (
            takes_other_identity,
            "the homeserver shows another identity",
            "bring identity.json back from your backup; or",
        ),
        (is_open, "others on this machine may read", "chmod -R go= "),
    ],
)
async def test_loss_is_told_with_its_cure(
    account: Account, folder: Folder, device: Device, spoil: Spoil, words: str, cure: str
) -> None:
    spoil(folder, device)
    ((level, what, told_cure),) = await wrong(account, folder)
    assert (level, words in what, told_cure.startswith(cure)) == ("broken", True, True)


async def test_account_of_somebody_else_is_told(account: Account, folder: Folder, device: Device) -> None:
    ((level, what, _cure),) = await wrong(replace(account, user_id="@other:school.test"), folder)
    assert (level, what.partition(",")[0]) == ("broken", "user_id is @other:school.test")


async def test_device_that_was_logged_out_is_to_be_repaired(
    account: Account, folder: Folder, device: Device, homeserver: Homeserver
) -> None:
    await homeserver.admin.delete_device(account.user_id, device.device_id)
    what = "the homeserver does not know our token any more: our device was logged out"
    assert await wrong(account, folder) == [("broken", what, REPAIR)]


async def test_identity_alone_is_to_be_repaired(account: Account, folder: Folder, device: Device) -> None:
    (folder.path / "device.json").unlink()
    ((level, _what, cure),) = await wrong(account, folder)
    assert (level, cure) == ("look", "python3 run.py matrix repair")


async def test_identity_that_is_none_ends_the_look(account: Account, folder: Folder, device: Device) -> None:
    folder.identity_file.write_text("{}")
    assert [each.level.value for each in await told(account, folder)] == ["broken"]


async def test_what_the_homeserver_shows_is_judged(account: Account, folder: Folder, device: Device) -> None:
    shown, identity, us = await asked(account.homeserver, device), folder.identity(), device.user_id
    assert identity is not None

    def said(told: Told) -> list[str]:
        return [each.what for each in judged(told, device, identity, folder.mark())]

    bare = dict(shown.keys["device_keys"][us][device.device_id])
    own = {name: value for name, value in bare["signatures"][us].items() if name == f"ed25519:{device.device_id}"}
    unsigned = {us: {device.device_id: bare | {"signatures": {us: own}}}}
    assert [
        said(replace(shown, whoami={"user_id": us, "device_id": "OTHER"})),
        said(replace(shown, keys=shown.keys | {"device_keys": {}})),
        said(replace(shown, keys=shown.keys | {"master_keys": {}})),
        said(replace(shown, keys=shown.keys | {"device_keys": unsigned})),
    ] == [
        ["the token kept here belongs to another device or account"],
        ["the homeserver has no keys of our device: nobody can write to it"],
        ["the homeserver shows no identity of ours"],
        ["our device is not signed by our identity: strict apps give it no keys"],
    ]


def test_refusal_is_told_from_a_pause() -> None:
    locked = refused(Refused(403, "M_USER_LOCKED", {}))
    assert (locked.level.value, locked.what) == ("broken", "the homeserver refuses us: M_USER_LOCKED")
    assert refused(TooFast(UNTOLD)).level.value == "look"


def test_half_a_configuration_is_told() -> None:
    assert off(Matrix()).level.value == "fine"
    assert off(Matrix(user_id="@compagnon:example.org")).level.value == "look"
    assert off(Matrix(password=SecretStr("x"))).cure == "write homeserver under [matrix]"


def test_rounds_come_by_matrix(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[matrix]\nhomeserver = "http://127.0.0.1:9"\nuser_id = "@compagnon:example.org"\n', "utf-8")
    assert main(["doctor", "--config", str(config)]) == 1
    assert [line[:2] for line in capsys.readouterr().out.splitlines() if line[2:].startswith("matrix")] == ["! ", "✘ "]
