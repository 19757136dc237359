"""What one stay costs, as it was measured once: bench/measured.json. `bench.capacity` works on it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.decisions import decisions
from bench.filled import played
from bench.page import machine
from bench.sizes import Size

FILE = Path(__file__).with_name("measured.json")


@dataclass(frozen=True)
class Measured:
    """Of one stay, and of one thing that happens to it."""

    machine: str
    stays: int
    """So many were played."""
    kilobytes: float
    messages: float
    updates: float
    times_woken: float
    woken: float
    """ms of CPU: a stay is woken, and what it says is stored."""
    sent: float
    """ms of CPU: a message is claimed, put into words, and what became of it written down."""
    decided: float
    """ms of CPU: an answer is decided."""

    def keep(self) -> None:
        FILE.write_text(json.dumps(asdict(self), indent=1) + "\n", "utf-8")


def kept() -> Measured:
    return Measured(**json.loads(FILE.read_text("utf-8")))


async def measured(learners: int = 120) -> Measured:
    """Measure it again: lives are played, and a Sunday is decided."""
    left = await asyncio.to_thread(played, learners)
    cpu = {line.what: line.ours.median for line in await decisions(Size.USUAL)}
    return Measured(
        machine(), left.stays, left.kilobytes, left.sent, left.received, left.woken,
        *(cpu[f"{what}: CPU"] for what in ("a stay is woken", "a message leaves and arrives", "an answer is decided")),
    )  # fmt: skip
