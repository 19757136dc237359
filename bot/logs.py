"""What is logged: an allow-list of fields, ids and states. Never a name, a text, a token, nor the values in a traceback."""

from __future__ import annotations

import logging
import os
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {"event", "level", "timestamp", "inbox", "outbox", "case", "stay", "table", "row", "channel", "state", "consortium"}
)
NAME = "COMPAGNON_NAME"
"""The variable that says which consortium's process this is."""
LOUD = ("httpx", "telegram", "nio", "apscheduler", "uvicorn.access")
"""Libraries that print tokens, addresses or texts at INFO."""


def configure() -> None:
    """Set logging up for a process: one line an event, on standard error."""
    for name in LOUD:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            whose,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_it_failed,
            only_allowed,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"], sort_keys=True),
        ],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
    )


def whose(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Where several consortia run beside each other, which of them it is."""
    if (name := os.environ.get(NAME)) is not None:
        entry.setdefault("consortium", name)
    return entry


def where_it_failed(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """An exception as its type and the places it passed: its message and its values may hold what people wrote."""
    problem = sys.exc_info()[1] if entry.pop("exc_info", None) else None
    if problem is not None:
        frames = traceback.extract_tb(problem.__traceback__)[-6:]
        places = " < ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in reversed(frames))
        entry["state"] = f"{type(problem).__name__} at {places}"
    return entry


def only_allowed(_logger: Any, _name: str, entry: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: value for key, value in entry.items() if key in ALLOWED}
