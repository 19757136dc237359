"""Homeservers on a leash and in a hurry: run by .venv-synapse's Python, which imports Synapse once and forks one for each that is asked for.

The first argument is the number of a socket that listens. Whoever connects says on one line what to run, is told the
id of the process, and holds its leash: it ends when the connection does. So does this process when its standard input
ends: a killed test run leaves no homeserver behind.
"""

from __future__ import annotations

import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
from typing import Any


def hurry() -> None:
    """Have SQLite not wait for the disk: a killed process loses nothing by it, and no test cuts the power. Have it and
    JSON not change threads either: what takes less than a millisecond costs more to hand over than to do.
    """
    engine = importlib.import_module("synapse.storage.engines.sqlite").Sqlite3Engine
    connected = engine.on_new_connection

    def connected_quickly(self: Any, connection: Any) -> None:
        connected(self, connection)
        connection.execute("PRAGMA synchronous = OFF")

    def at_once(self: Any, act: Any, *args: Any, **named: Any) -> Any:
        return maybe_deferred(self._runWithConnection, act, *args, **named)

    async def encoded(_reactor: Any, encode: Any, *args: Any) -> Any:
        return encode(*args)

    engine.on_new_connection = connected_quickly
    maybe_deferred = importlib.import_module("twisted.internet.defer").maybeDeferred
    importlib.import_module("twisted.enterprise.adbapi").ConnectionPool.runWithConnection = at_once
    vars(importlib.import_module("synapse.http.server"))["defer_to_thread"] = encoded
    let_go_of_locks()
    count_nothing()
    let_nothing_be_delayed()


def let_go_of_locks() -> None:
    """Renew no lock that is let go already. Without threads it is before Synapse begins to renew it, and would be renewed for
    ever: each event of a room left one behind, and after some hundreds a homeserver did little else.
    """
    lock = importlib.import_module("synapse.storage.databases.main.lock").Lock
    renew = lock._setup_looping_call
    lock._setup_looping_call = lambda held: None if held._dropped else renew(held)


def count_nothing() -> None:
    """Nobody looks at its figures, nor at the names of what it does: a quarter of its time went into them."""

    def nothing(*_: Any, **__: Any) -> None: ...

    figures = importlib.import_module("prometheus_client.metrics")
    for kind in (figures.Counter, figures.Gauge, figures.Histogram, figures.Summary):
        for deed in {"inc", "dec", "set", "set_function", "observe"} & vars(kind).keys():
            setattr(kind, deed, nothing)
    figures.MetricWrapperBase.labels = lambda figure, *_, **__: figure
    for name in ("synapse.util.clock", "synapse.logging.context"):
        vars(importlib.import_module(name))["random_string_insecure_fast"] = str


def let_nothing_be_delayed() -> None:
    """After each event Synapse looks whether one that is to come later has become needless, and writes down how far it has
    looked. Nobody here sends any: this was a fifteenth of its time.
    """
    delayed = importlib.import_module("synapse.handlers.delayed_events").DelayedEventsHandler
    delayed.notify_new_event = lambda _handler: None


def imported() -> tuple[Any, Any]:
    """Synapse, which knows no reactor yet: each process that is forked has to have one of its own."""
    reactor = importlib.import_module("synapse.app.complement_fork_proxied_reactor").ProxiedReactor()
    importlib.import_module("twisted.internet.main").installReactor(reactor)
    hurry()
    return importlib.import_module("synapse.app.homeserver"), reactor


def live(line: socket.socket, request: dict[str, str], synapse: Any, reactor: Any) -> None:
    """The whole of a forked process."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(request["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.chdir(request["folder"])
    line.sendall(f"{os.getpid()}\n".encode())
    threading.Thread(target=follow, args=(line,), daemon=True).start()
    reactor._install_real_reactor(importlib.import_module("twisted.internet.pollreactor").PollReactor())
    sys.argv = ["synapse", "--config-path", request["configuration"]]
    synapse.main()


def follow(leash: socket.socket) -> None:
    """Wait for its end, then ask ourselves to stop."""
    leash.recv(1)
    os.kill(os.getpid(), signal.SIGTERM)


def main(number: str) -> None:
    listening = socket.socket(fileno=int(number))
    synapse, reactor = imported()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here asks how one ended: its connection says that it did
    while sys.stdin not in select.select([listening, sys.stdin], [], [])[0]:
        line, _address = listening.accept()
        request = json.loads(line.makefile().readline())
        if os.fork() == 0:
            listening.close()
            live(line, request, synapse, reactor)
            os._exit(0)
        line.close()


if __name__ == "__main__":
    main(sys.argv[1])
