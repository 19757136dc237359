"""Run by itself: typst on a folder, in a process that has little time, little memory and no way out to the network."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

SECONDS, BYTES = 20, 2 << 30
NOWHERE = "http://127.0.0.1:9"
"""Where a package would be fetched through: nobody is there."""


def compiled(asked: dict[str, Any]) -> bytes | dict[str, str]:
    """What typst makes of `main.typ`, or what it says of it."""
    import typst

    try:
        made: bytes = typst.compile(
            f"{asked['folder']}/main.typ",
            root=asked["folder"],
            font_paths=asked["fonts"],
            package_path=asked["folder"],
            package_cache_path=asked["folder"],
            format=asked["form"],
            ppi=110,
            pdf_standards="ua-1" if asked["form"] == "pdf" else [],
            timestamp=datetime.fromisoformat(asked["made"]),
        )
    except typst.TypstError as error:
        return {"message": error.message, "diagnostic": error.diagnostic}
    return made[0] if isinstance(made, list) else made


def limited() -> None:
    """Where the machine allows it: a hardened service may not set limits, and Windows has none of these."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))


if __name__ == "__main__":
    limited()
    os.environ.update(dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), NOWHERE))
    found = compiled(json.load(sys.stdin))
    if isinstance(found, dict):
        print(json.dumps(found), file=sys.stderr)  # noqa: T201 - its answer
        sys.exit(3)
    sys.stdout.buffer.write(found)
