"""Others' libraries, in an environment of their own: what we are measured against is no part of us."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.conftest import ROOT

PYTHON = ROOT / ".venv-bench" / "bin" / "python"


class NotThere(Exception):
    """There is no .venv-bench yet: `python3 run.py bench` prepares it."""

    def __str__(self) -> str:
        return str(self.__doc__)


async def other(module: str, *words: str, given: object = None) -> Any:
    """What a baseline says that it measured; it is given JSON, and answers JSON."""
    if not PYTHON.exists():
        raise NotThere
    process = await asyncio.create_subprocess_exec(
        str(PYTHON), "-m", f"bench.baselines.{module}", *words,
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    said, complaint = await process.communicate(json.dumps(given).encode())
    if process.returncode:
        raise RuntimeError(f"{module}: {complaint.decode().strip().splitlines()[-1:]}")
    return json.loads(said)
