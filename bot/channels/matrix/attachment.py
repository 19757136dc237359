"""A sealed file as a message describes it (Matrix specification, "Sending encrypted attachments").

The homeserver keeps what is sealed; where it is and what opens it stands in the message alone. Sealing and opening a
large file take their time: in a thread.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError
from PIL import Image

from bot.domain.channel import storable
from bot.domain.messages import Attached, Enclosure

FILES = frozenset({"m.image", "m.file"})
MXC = re.compile(r"mxc://((?:[0-9A-Za-z]|\[)[0-9A-Za-z.:\[\]-]{0,254})/([0-9A-Za-z_-]{1,255})")
"""Server and name of what a homeserver keeps: both become parts of a path, and strangers choose them."""
KEY = re.compile(r"[0-9A-Za-z+/_-]{43}=?")
"""32 bytes in base64, of either alphabet, padded or not: a key, a hash."""
COUNTER = re.compile(r"[0-9A-Za-z+/_-]{22}(?:==)?")
"""16 bytes, the same way."""
MOST = 2**31 - 1
"""The largest number that a column of ours keeps."""


class Broken(Exception):
    """It is not what was sealed, or cannot be opened."""


@dataclass(frozen=True)
class Sealed:
    """Where a sealed file is, and what opens it."""

    url: str
    key: str
    iv: str
    hash: str
    """SHA-256 of what is sealed."""

    @staticmethod
    def described(file: object) -> Sealed | None:
        """From a message's `file`; None where that is not what the specification says."""
        if not isinstance(file, dict) or file.get("v") != "v2":
            return None
        key, hashes = file.get("key"), file.get("hashes")
        if not isinstance(key, dict) or not isinstance(hashes, dict) or key.get("alg") != "A256CTR":
            return None
        return Sealed._of(file.get("url"), key.get("k"), file.get("iv"), hashes.get("sha256"))

    @staticmethod
    def kept(native: str) -> Sealed | None:
        """From what `text` made of one."""
        try:
            found = json.loads(native)
        except ValueError:
            return None
        return Sealed._of(*(found.get(name) for name in ("url", "key", "iv", "hash"))) if type(found) is dict else None

    @staticmethod
    def _of(url: object, key: object, iv: object, digest: object) -> Sealed | None:
        if not (isinstance(url, str) and isinstance(key, str) and isinstance(iv, str) and isinstance(digest, str)):
            return None
        if not (MXC.fullmatch(url) and KEY.fullmatch(key) and COUNTER.fullmatch(iv) and KEY.fullmatch(digest)):
            return None
        return Sealed(url, key.rstrip("="), iv.rstrip("="), digest.rstrip("="))

    @property
    def server(self) -> str:
        return self.url.split("/")[2]

    @property
    def name(self) -> str:
        """The homeserver's own name for it."""
        return self.url.split("/")[3]

    def text(self) -> str:
        """As it is stored until the file is fetched."""
        return json.dumps(asdict(self), separators=(",", ":"))


def attached(content: Mapping[str, Any]) -> Attached | None:
    """The file of a message, as the rest knows it; None where it is not sealed, or not described as it should be."""
    found, info = Sealed.described(content.get("file")), content.get("info")
    if found is None:
        return None
    info = info if isinstance(info, dict) else {}
    mime, size = info.get("mimetype"), info.get("size")
    size = min(size, MOST) if type(size) is int and size > 0 else 0
    return Attached(found.text(), storable(mime)[:127] if isinstance(mime, str) else "", size)


def caption(content: Mapping[str, Any]) -> str:
    """What is said about a file: `body`, where the name stands elsewhere (Matrix specification 1.10, "Media captions")."""
    body, name = content.get("body"), content.get("filename")
    return body if isinstance(body, str) and isinstance(name, str) and name and name != body else ""


def opened(found: Sealed, content: bytes) -> bytes:
    """The file itself.

    Raises:
        Broken: it is another than its sender sealed.
    """
    try:
        return bytes(decrypt_attachment(content, found.key, found.hash, found.iv))
    except (EncryptionError, ValueError) as problem:
        raise Broken(type(problem).__name__) from None


def sealed(file: Enclosure) -> tuple[bytes, dict[str, Any]]:
    """What the homeserver is given, and what the message says of it; there, the address is still missing."""
    content, keys = encrypt_attachment(file.content)
    image = file.mime in {"image/jpeg", "image/png"}
    info = {"mimetype": file.mime, "size": len(file.content)} | (_measures(file.content) if image else {})
    kind = "m.image" if image else "m.audio" if file.mime.startswith("audio/") else "m.file"
    said = {"msgtype": kind, "body": file.name, "filename": file.name, "info": info}
    return content, said | {"file": keys}


def _measures(content: bytes) -> dict[str, int]:
    """Width and height in pixels: apps keep the place free. Only the head of the picture is read."""
    try:
        with Image.open(io.BytesIO(content), formats=("JPEG", "PNG")) as picture:
            return {"w": picture.width, "h": picture.height}
    except (OSError, ValueError, SyntaxError):
        return {}
