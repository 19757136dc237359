"""What is worked out once from files that come with Compagnon, and kept beside them for every process that comes later."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex


def keep_beside(path: Path, content: bytes, instant: int | None = None) -> None:
    """Write it whole or not at all, `instant` (in nanoseconds) as its time; whoever runs us may not be allowed to write there."""
    fresh = path.with_name(f"{path.name}.{token_hex(4)}")
    with suppress(OSError):
        try:
            fresh.write_bytes(content)
            if instant is not None:
                os.utime(fresh, ns=(instant, instant))
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
