"""Encrypted files, as the specification has them ("Sending encrypted attachments"), over the media API."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Any

import httpx
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

from tests.ports import TRUSTS_NOBODY
from tests.synapse.identity import plain, raw

JSON = dict[str, Any]


async def encrypted(url: str, token: str, body: bytes) -> JSON:
    """Upload the ciphertext; answers what the message's `file` says."""
    key, start = secrets.token_bytes(32), secrets.token_bytes(8) + bytes(8)
    hidden = Cipher(AES(key), CTR(start)).encryptor().update(body)
    async with _client(url, token) as client:
        stored = (await client.post("/_matrix/media/v3/upload", content=hidden)).raise_for_status().json()
    jwk = {"kty": "oct", "alg": "A256CTR", "ext": True, "key_ops": ["encrypt", "decrypt"],
           "k": base64.urlsafe_b64encode(key).decode().rstrip("=")}  # fmt: skip
    hashes = {"sha256": plain(hashlib.sha256(hidden).digest())}
    return {"v": "v2", "url": stored["content_uri"], "key": jwk, "iv": plain(start), "hashes": hashes}


async def stored(url: str, token: str, file: JSON) -> httpx.Response:
    """What the homeserver itself has, and what it says of it."""
    async with _client(url, token) as client:
        answer = await client.get(f"/_matrix/client/v1/media/download/{file['url'].removeprefix('mxc://')}")
    return answer.raise_for_status()


async def decrypted(url: str, token: str, file: JSON) -> bytes:
    """Download, compare the hash, decrypt."""
    hidden = (await stored(url, token, file)).content
    assert hashlib.sha256(hidden).digest() == raw(file["hashes"]["sha256"])
    key = raw(file["key"]["k"].replace("-", "+").replace("_", "/"))
    return Cipher(AES(key), CTR(raw(file["iv"]))).decryptor().update(hidden)


def _client(url: str, token: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=url, headers=headers, verify=TRUSTS_NOBODY, trust_env=False, timeout=30)
