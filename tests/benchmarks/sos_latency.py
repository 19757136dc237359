"""How long a cry for help takes: `python -m tests.benchmarks.sos_latency`.

From the instant at which the platform has a learner's SOS to the instant at which the fixed answer is in their chat, and
the alert with those who can take it: Luc on Telegram and by e-mail, Nadia on Matrix and on an open page of the web chat.
Noémie cries on Telegram, Lina on Matrix, encrypted; every SOS opens a case of its own, as Luc closes the one before.
The baseline is the answer to Noémie's /next in the same run. The bot is the real `python -m bot run` on a durable SQLite
database; the Bot API server and the mail server are in this process, the homeserver is a real Synapse. Instants are
those at which a platform has a message; of Matrix by the homeserver's own clock, with `per_second` raised, so that the
limiter is not what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import statistics
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from sqlalchemy import func, select

from bot.store.cases import CaseRow
from tests.benchmarks.sos_scene import PAUSE, Scene, now, scene, wall

ANSWER, ALERT, SUBJECT, CLOSED = "112", "SOS · ", "Right now", "is closed"
"""What is in the fixed answer, in every copy of an alert, in its mail's subject, and in what Luc is told at the end."""
BASELINE = "answer to /next, Telegram"


async def _first(found: Callable[[], Iterator[float]]) -> float:
    """The first instant, once there is one."""
    async with asyncio.timeout(30):
        while (first := next(found(), None)) is None:  # noqa: ASYNC110 - two servers' lists are looked at
            await asyncio.sleep(0.01)
    return first


async def mailed(here: Scene, since: float) -> float:
    return await _first(lambda: (at for at, subject in here.mail.seen if at > since and SUBJECT in subject))


async def shown(here: Scene, since: float) -> float:
    return await _first(lambda: (at for at, line in here.page.seen if at > since and ALERT in line))


async def alerts(here: Scene, since: float) -> dict[str, float]:
    """Milliseconds until each had the alert."""
    at = await asyncio.gather(
        here.telegram(here.luc, ALERT, since),
        mailed(here, since),
        here.matrix("nadia", ALERT, since),
        shown(here, since),
    )
    names = ("alert, Telegram", "alert, e-mail", "alert, Matrix", "alert, web page")
    return dict(zip(names, ((each - since) * 1000 for each in at), strict=True))


async def settled(here: Scene) -> None:
    """Luc has reached them, and closes the case in words; then all is quiet."""
    here.luc.presses("Reached")
    await asyncio.sleep(PAUSE)
    since = now()
    here.luc.presses("Close…")
    await here.telegram(here.luc, "How does the case", since)
    here.luc.says("We have spoken, all is well.")
    await here.telegram(here.luc, CLOSED, since)
    await asyncio.sleep(PAUSE)


async def on_telegram(here: Scene) -> dict[str, float]:
    """Noémie cries for help, and once all is settled asks what is next."""
    since = wall(here.noemie.says("SOS"))
    answer, told = await asyncio.gather(here.telegram(here.noemie, ANSWER, since), alerts(here, since))
    await settled(here)
    asked = wall(here.noemie.says("/next"))
    plain = await here.telegram(here.noemie, "", asked)
    await asyncio.sleep(PAUSE)
    return {BASELINE: (plain - asked) * 1000, "answer, Telegram": (answer - since) * 1000} | told


async def on_matrix(here: Scene) -> dict[str, float]:
    """Lina cries for help."""
    lina = here.humans["lina"]
    cry = await lina.shown(await lina.says(here.rooms["lina"], "SOS"))
    since = cry.when / 1000
    answer, told = await asyncio.gather(here.matrix("lina", ANSWER, since), alerts(here, since))
    await settled(here)
    return {"answer, Matrix": (answer - since) * 1000} | told


async def measure(folder: Path, rounds: int) -> dict[str, dict[str, list[float]]]:
    """Milliseconds, by where the cry came from and what was waited for."""
    figures: dict[str, dict[str, list[float]]] = {"Telegram": {}, "Matrix": {}}
    async with scene(folder) as here:
        for _ in range(rounds):
            for name, once in (("Telegram", on_telegram), ("Matrix", on_matrix)):
                for what, spent in (await once(here)).items():
                    figures[name].setdefault(what, []).append(spent)
        cases = here.db.run(lambda tx: tx.rows.scalar(select(func.count()).select_from(CaseRow)))
        assert cases == 2 * rounds, f"{cases} cases"
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    args = parser.parse_args()
    logging.getLogger("nio").setLevel(logging.CRITICAL)  # the people's own; it would stand between our lines
    with tempfile.TemporaryDirectory(prefix="compagnon-sos-") as chosen:
        figures = asyncio.run(measure(Path(chosen), args.rounds))
    base = statistics.median(figures["Telegram"].pop(BASELINE))
    print(f"{args.rounds} SOS on each, {os.cpu_count()} cores; baseline: {BASELINE}, median {base:.0f} ms")
    print(f"{'SOS on':10}{'waited for':20}{'median, ms':>12}{'worst, ms':>12}{'ratio':>8}")
    for name, waited in figures.items():
        for what, spent in waited.items():
            middle = statistics.median(spent)
            print(f"{name:10}{what:20}{middle:12.0f}{max(spent):12.0f}{middle / base:8.2f}")


if __name__ == "__main__":
    main()
