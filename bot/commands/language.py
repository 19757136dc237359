"""The language of this installation: of the terminal, before anything is printed.

`--language`, else that of consortium.toml as it was imported, else `language` of the configuration, else the machine's, else English.
"""

from __future__ import annotations

import os
import sqlite3
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.config import Config, ConfigError, read
from bot.i18n import LANGUAGES, best_language
from bot.store.db import connect
from bot.store.records import known_language

VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def installation_language(words: Sequence[str]) -> str:
    """The language of a command as it was typed. Whatever cannot be read is passed over: the command itself will say so."""
    asked = _option(words, "--language")
    if asked in LANGUAGES:
        return asked
    named = _option(words, "--config")
    try:
        config = read(Path(named) if named else None)
    except ConfigError:
        return machine_language() or "en"
    return _imported(config) or config.language or machine_language() or "en"


def machine_language() -> str:
    """The language of whoever is logged in here; empty where it is none of ours."""
    spoken = next((os.environ[name] for name in VARIABLES if os.environ.get(name)), "")
    tag = spoken.partition(".")[0]
    return "" if tag in {"C", "POSIX"} else best_language(tag, default="")


def _option(words: Sequence[str], name: str) -> str:
    """What follows an option, wherever it stands."""
    for place, word in enumerate(words):
        if word == name:
            return words[place + 1] if place + 1 < len(words) else ""
        if word.startswith(f"{name}="):
            return word.partition("=")[2]
    return ""


def _imported(config: Config) -> str:
    """What the team's file said when it was brought in, or says now where an older version brought it in."""
    there, kept = _kept(make_url(config.database_url.get_secret_value()))
    if not there or kept:
        return kept
    with suppress(OSError, ValueError):
        consortium = tomllib.loads(config.consortium.read_text("utf-8")).get("consortium")
        return best_language(str(consortium.get("language", "fr")), default="") if isinstance(consortium, dict) else ""
    return ""


def _kept(url: URL) -> tuple[bool, str]:
    """Whether there is a database, and its language. It is only looked at, and not waited for: it may be anybody's."""
    path = url.database or ""
    if url.get_backend_name() == "sqlite" and not Path(path).is_file():
        return False, ""
    try:
        engine = _reading(path) if url.get_backend_name() == "sqlite" else connect(url.render_as_string(False))
        with Session(engine) as rows:
            language = known_language(rows)
        engine.dispose()
    except (ValueError, SQLAlchemyError):
        return True, ""
    return True, best_language(language, default="")


def _reading(path: str) -> Engine:
    return create_engine("sqlite://", creator=lambda: sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1))
