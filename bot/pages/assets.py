"""Files that browsers may keep for ever: their address changes with what is in them."""

from __future__ import annotations

import hashlib
from pathlib import Path

STATIC = Path(__file__).parent / "static"


def address_of(folder: Path, name: str = "") -> str:
    """The path a folder is served at. Any change of any of its files is another path."""
    files = sorted(path for path in folder.iterdir() if path.is_file())
    return f"/static/{name}{hashlib.sha256(b''.join(path.read_bytes() for path in files)).hexdigest()[:12]}"


SHARED = address_of(STATIC)
