"""Synapse on a leash and in a hurry: run by .venv-synapse's Python, it ends when whoever started it is gone.

The standard input is a pipe whose other end the tests hold. It closes when they end, however they end,
so that a killed test run leaves no homeserver behind.
"""

from __future__ import annotations

import importlib
import os
import runpy
import signal
import sys
import threading
from typing import Any


def follow() -> None:
    """Wait for the end of the input, then ask ourselves to stop."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def hurry() -> None:
    """Have SQLite not wait for the disk: a killed process loses nothing by it, and no test cuts the power."""
    engine = importlib.import_module("synapse.storage.engines.sqlite").Sqlite3Engine
    connected = engine.on_new_connection

    def connected_quickly(self: Any, connection: Any) -> None:
        connected(self, connection)
        connection.execute("PRAGMA synchronous = OFF")

    engine.on_new_connection = connected_quickly


if __name__ == "__main__":
    threading.Thread(target=follow, daemon=True).start()
    hurry()
    runpy.run_module("synapse.app.homeserver", run_name="__main__")
