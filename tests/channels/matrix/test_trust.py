"""Which devices get keys: every answer of a server that lies is judged."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.identity import Identity, public_key, sign
from bot.channels.matrix.trust import BROKEN, CHANGED, NO_DEVICE, NONE, Trust, judge

THEM = "@lea:example.org"
IDENTITY = Identity.make(THEM)
MASTER = IDENTITY.public("master")
PHONE = b"p" * 32


def device(name: str = "PHONE", seed: bytes = PHONE, owner: str = THEM) -> dict[str, Any]:
    """A device's keys, signed by itself."""
    keys = {f"ed25519:{name}": public_key(seed), f"curve25519:{name}": "c"}
    return sign({"user_id": owner, "device_id": name, "algorithms": [], "keys": keys}, owner, name, seed)


def answer(devices: dict[str, Any], identity: Identity = IDENTITY) -> dict[str, Any]:
    """What a server says to `/keys/query`."""
    keys = identity.keys()
    return {
        "device_keys": {THEM: devices},
        "master_keys": {THEM: keys["master_key"]},
        "self_signing_keys": {THEM: keys["self_signing_key"]},
    }


def signed(written: dict[str, Any], identity: Identity = IDENTITY) -> dict[str, Any]:
    return identity.signed(written, "self_signing")


def test_only_signed_devices_get_keys() -> None:
    told = answer({"PHONE": signed(device()), "INTRUDER": device("INTRUDER", b"i" * 32)})
    assert judge(THEM, told) == Trust(MASTER, {"PHONE": public_key(PHONE)})
    assert judge(THEM, told, MASTER) == Trust(MASTER, {"PHONE": public_key(PHONE)})


def test_changed_identity_gets_nothing_and_is_told() -> None:
    other = Identity.make(THEM)
    told = answer({"PHONE": signed(device(), other)}, other)
    assert judge(THEM, told, MASTER) == Trust(other.public("master"), problem=CHANGED)


def test_identity_that_disappeared_is_told_as_changed() -> None:
    assert judge(THEM, {"device_keys": {THEM: {"PHONE": device()}}}, MASTER) == Trust(problem=CHANGED)


def test_no_identity_gets_nothing() -> None:
    assert judge(THEM, {"device_keys": {THEM: {"PHONE": device()}}}) == Trust(problem=NONE)


def test_no_signed_device_is_a_problem() -> None:
    assert judge(THEM, answer({"PHONE": device()})) == Trust(MASTER, problem=NO_DEVICE)


def test_device_signed_by_the_master_alone_gets_nothing() -> None:
    told = answer({"PHONE": IDENTITY.signed(device(), "master")})
    assert judge(THEM, told) == Trust(MASTER, problem=NO_DEVICE)


def test_signing_key_of_somebody_else_is_broken() -> None:
    other = Identity.make(THEM)
    told = answer({"PHONE": signed(device(), other)})
    told["self_signing_keys"] = {THEM: other.keys()["self_signing_key"]}
    assert judge(THEM, told, MASTER) == Trust(MASTER, problem=BROKEN)


def test_device_whose_key_was_exchanged_gets_nothing() -> None:
    changed = signed(device())
    changed["keys"]["ed25519:PHONE"] = public_key(b"x" * 32)
    assert judge(THEM, answer({"PHONE": changed})) == Trust(MASTER, problem=NO_DEVICE)


def test_device_under_another_name_or_owner_gets_nothing() -> None:
    told = answer({"LAPTOP": signed(device()), "PHONE": signed(device(owner="@mallory:example.org"))})
    assert judge(THEM, told) == Trust(MASTER, problem=NO_DEVICE)


@pytest.mark.parametrize(
    "change",
    [
        {"user_id": "@mallory:example.org"},
        {"usage": ["self_signing"]},
        {"usage": "master"},
        {"keys": {}},
        {"keys": {"ed25519:x": MASTER}},
        {"keys": {"ed25519:1": 1}},
        {"keys": {"ed25519:a": "a", "ed25519:b": "b"}},
        {"keys": None},
    ],
)
def test_malformed_master_is_broken(change: dict[str, Any]) -> None:
    told = answer({"PHONE": signed(device())})
    told["master_keys"][THEM].update(change)
    assert judge(THEM, told) == Trust(problem=BROKEN)


@pytest.mark.parametrize("told", [{}, {"master_keys": []}, {"master_keys": {THEM: 3}}, {"device_keys": None}])
def test_answer_without_shape_is_no_identity(told: dict[str, Any]) -> None:
    assert judge(THEM, told) == Trust(problem=NONE)


@pytest.mark.parametrize("devices", [None, [], {"PHONE": None}, {"PHONE": {}}, {"PHONE": {"keys": 3}}])
def test_devices_without_shape_get_nothing(devices: Any) -> None:
    assert judge(THEM, answer(devices)) == Trust(MASTER, problem=NO_DEVICE)
