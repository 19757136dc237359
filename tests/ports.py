"""Ports of loopback for servers of the tests, and what their clients trust."""

from __future__ import annotations

import socket
import ssl
from contextlib import closing

TRUSTS_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""For clients on loopback, where nobody speaks TLS: each would read all authorities of the system when it is made (25 ms)."""


def free_port() -> int:
    """A port of loopback on which nobody listens now."""
    with closing(socket.socket()) as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
