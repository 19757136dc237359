"""`python -m tests.telegram_server`: a Telegram of one's own, to try the bot by hand."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import threading

from tests.telegram_server.by_hand import ORDERS, Terminal
from tests.telegram_server.server import TelegramServer

CONFIG = """Into config.toml:

    [telegram]
    token = "{token}"
    api_url = "{url}"
"""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.telegram_server", description=__doc__)
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one (default: 8081)")
    parser.add_argument("--name", default="Lina", help="who you are at first (default: Lina)")
    chosen = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_play(chosen.port, chosen.name))


async def _play(port: int, name: str) -> None:
    async with TelegramServer(port=port) as server:
        print(CONFIG.format(token=server.token, url=server.url))
        print(ORDERS, flush=True)
        terminal = Terminal(server, name, lambda text: print(text, flush=True))
        lines = _typed()
        while (line := await lines.get()) is not None and terminal.plays(line):
            pass
        for violation in server.violations:
            print(f"! {violation}")


def _typed() -> asyncio.Queue[str | None]:
    """The lines as they are typed, None at their end.

    A thread reads them unbuffered: a buffer that a thread still waits in stops Python from ending.
    """
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def read() -> None:
        with open(0, "rb", buffering=0, closefd=False) as keyboard, contextlib.suppress(RuntimeError):
            for line in keyboard:
                loop.call_soon_threadsafe(lines.put_nowait, line.decode("utf-8", "replace"))
            loop.call_soon_threadsafe(lines.put_nowait, None)

    threading.Thread(target=read, daemon=True).start()
    return lines


if __name__ == "__main__":
    main()
