"""The cross-signing identity, against the vectors of the specification and against its own signatures."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.matrix.identity import Identity, IdentityError, canonical, decoded, is_signed, public_key, sign

SPEC_SEED = decoded("YJDBA9Xnr2sVqXD9Vj7XVUnmFZcZrlw8Md7kMW+3XA1")
"""The test vectors of spec.matrix.org, appendix "Cryptographic Test Vectors"."""
SPEC_PUBLIC = "XGX0JRS2Af3be3knz2fBiRbApjm2Dh61gXDJA8kcJNI"
US = "@compagnon:example.org"


@pytest.mark.parametrize(
    ("written", "signature"),
    [
        ({}, "K8280/U9SSy9IVtjBuVeLr+HpOB4BQFWbg+UZaADMtTdGYI7Geitb76LTrr5QV/7Xg4ahLwYGYZzuHGZKM5ZAQ"),
        (
            {"one": 1, "two": "Two"},
            "KqmLSbO39/Bzb0QIYE82zqLwsA+PDzYIpIRA2sRQ4sL53+sN6/fpNSoqE7BP7vBZhG6kYdD13EIMJpvhJI+6Bw",
        ),
    ],
)
def test_sign_is_that_of_the_specification(written: dict[str, Any], signature: str) -> None:
    signed = sign(written, "domain", "1", SPEC_SEED)
    assert signed == {**written, "signatures": {"domain": {"ed25519:1": signature}}}
    assert public_key(SPEC_SEED) == SPEC_PUBLIC
    assert is_signed(signed, "domain", "1", SPEC_PUBLIC)


def test_canonical_is_sorted_and_leaves_out_what_is_not_signed() -> None:
    written = {"b": {"d": 1, "c": "日é"}, "a": [True, None], "signatures": {"x": {}}, "unsigned": {"age": 3}}
    assert canonical(written) == '{"a":[true,null],"b":{"c":"日é","d":1}}'.encode()


def test_keys_are_signed_by_the_master_and_each_has_its_usage() -> None:
    identity = Identity.make(US)
    keys = identity.keys()
    master = identity.public("master")
    assert keys["master_key"] == {"user_id": US, "usage": ["master"], "keys": {f"ed25519:{master}": master}}
    for usage in ("self_signing", "user_signing"):
        key = keys[f"{usage}_key"]
        public = identity.public(usage)
        assert (key["user_id"], key["usage"], key["keys"]) == (US, [usage], {f"ed25519:{public}": public})
        assert list(key["signatures"]) == [US]
        assert is_signed(key, US, master, master)
    assert len({identity.public(usage) for usage in ("master", "self_signing", "user_signing")}) == 3


def test_signed_keeps_the_signature_a_device_gave_itself() -> None:
    identity, device = Identity.make(US), sign({"device_id": "AB"}, US, "AB", SPEC_SEED)
    signed = identity.signed(device, "self_signing")
    signer = identity.public("self_signing")
    assert is_signed(signed, US, "AB", SPEC_PUBLIC)
    assert is_signed(signed, US, signer, signer)
    assert device["signatures"] == {US: {"ed25519:AB": device["signatures"][US]["ed25519:AB"]}}


def test_kept_identity_is_the_same_again() -> None:
    identity = Identity.make(US)
    assert Identity.from_json(identity.to_json()) == identity


def test_two_identities_differ() -> None:
    assert Identity.make(US).to_json() != Identity.make(US).to_json()


def test_identity_shows_no_private_key() -> None:
    assert repr(Identity.make(US)) == f"Identity(user_id='{US}')"


@pytest.mark.parametrize(
    "change",
    [{"master": "AA"}, {"master": None}, {"user_id": 7}, {"self_signing": "?" * 43}, {"user_signing": ["x"]}],
)
def test_kept_nonsense_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(IdentityError):
        Identity.from_json(Identity.make(US).to_json() | change)


@pytest.mark.parametrize(
    "signatures",
    [
        None,
        [],
        {US: []},
        {US: {"ed25519:1": 3}},
        {US: {"ed25519:1": "é"}},
        {US: {"ed25519:1": "AAAA"}},
        {"@other:example.org": {"ed25519:1": "AAAA"}},
    ],
)
def test_is_signed_takes_nonsense_for_unsigned(signatures: Any) -> None:
    assert not is_signed({"signatures": signatures}, US, "1", SPEC_PUBLIC)


def test_is_signed_notices_a_changed_word() -> None:
    signed = sign({"a": 1}, US, "1", SPEC_SEED)
    assert not is_signed({**signed, "a": 2}, US, "1", SPEC_PUBLIC)
