"""procrastinate: deferred jobs on PostgreSQL that do nothing: `python -m bench.baselines.procrastinate_jobs URL COUNT`.

Says the seconds to defer them in one batch, and to run them, as many at once as a worker of ours takes in hand.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time

import procrastinate

AT_ONCE = 50


async def _remind(number: int) -> None:
    """The job: it finds its number, and that is all."""


async def main(url: str, count: int) -> None:
    logging.disable(logging.CRITICAL)
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=url))

    remind = app.task(_remind, name="remind")
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        began = time.perf_counter()
        await remind.batch_defer_async(*({"number": each} for each in range(count)))
        deferred = time.perf_counter()
        await app.run_worker_async(wait=False, concurrency=AT_ONCE, install_signal_handlers=False, listen_notify=False)
        print(json.dumps([deferred - began, time.perf_counter() - deferred]))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
