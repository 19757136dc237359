"""Ports for servers of the tests."""

from __future__ import annotations

import socket
from contextlib import closing


def free_port() -> int:
    """A port of loopback on which nobody listens now."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
