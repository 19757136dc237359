"""Homeservers on a leash and in a hurry: run by .venv-synapse's Python, which imports Synapse once and forks one for each that is asked for.

The first argument is the number of a socket that listens. Whoever connects says on one line what to run, is told the
id of the process, and holds its leash: it ends when the connection does. So does this process when its standard input
ends: a killed test run leaves no homeserver behind.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import select
import signal
import socket
import sys
import threading
from typing import Any


def imported() -> tuple[Any, Any]:
    """Synapse, which knows no reactor yet: each process that is forked has to have one of its own."""
    reactor = importlib.import_module("synapse.app.complement_fork_proxied_reactor").ProxiedReactor()
    importlib.import_module("twisted.internet.main").installReactor(reactor)
    importlib.import_module("hurried").hurry()
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
    gc.freeze()  # what is imported stays: no process that is forked looks through it for what has gone
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
