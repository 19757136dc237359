"""Several consortia in one installation: a folder for each, with a configuration, a database and data of its own. What would let
anything cross from one to another is refused here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import make_url

from bot.config.sources import ConfigError, read
from bot.config.tables import Config
from bot.i18n import Sentence, Text, _, say

USUAL = Path("consortia")
"""The folder of folders, where none is named."""


@dataclass(frozen=True)
class Consortium:
    """One of several: the name of its folder, and its configuration."""

    name: str
    written: Path


def consortia(folder: Path) -> list[Consortium]:
    """Those that a folder holds, by name.

    Raises:
        ConfigError: there is none.
    """
    found = [Consortium(path.parent.name, path) for path in sorted(folder.glob("*/config.toml"))]
    if not found:
        raise ConfigError(say(_("{folder}: there is no consortium in it; each has a folder of its own there, with its config.toml"), folder=folder))  # fmt: skip
    return found


def crossings(one: Consortium, others: list[Consortium]) -> Iterator[Sentence]:
    """What one has in common with another and must not. Of those whose configuration cannot be read nothing is said.

    Raises:
        ConfigError: its own configuration cannot be used.
    """
    ours = read(one.written)
    for other in others:
        if other.name != one.name:
            try:
                theirs = read(other.written)
            except ConfigError:
                continue
            for what in in_common(ours, theirs):
                yield say(_("{one} and {other} have the same {what}: each needs its own"), one=one.name, other=other.name, what=what)  # fmt: skip


def all_crossings(several: list[Consortium]) -> list[Sentence]:
    """Every pair of those that can be read, once."""
    found: list[Sentence] = []
    for one, other in combinations(several, 2):
        try:
            found += crossings(one, [other])
        except ConfigError:
            continue
    return found


def in_common(ours: Config, theirs: Config) -> list[Sentence]:
    """What two have the same, of what each must have alone."""
    return [say(text) for text, of in ALONE if (value := of(ours)) is not None and value == of(theirs)] + (
        [say(_("folder of data"))] if _nested(ours.data_dir, theirs.data_dir) else []
    )


def _nested(ours: Path, theirs: Path) -> bool:
    one, other = ours.resolve(), theirs.resolve()
    return one == other or one in other.parents or other in one.parents


def _database(config: Config) -> tuple[str | None, int | None, str]:
    """Where it is, whoever opens it."""
    url = make_url(config.database_url.get_secret_value())
    if url.get_backend_name() == "sqlite":
        return None, None, str(Path(url.database or "").resolve())
    return url.host or "localhost", url.port or 5432, url.database or ""


def _hidden(secret: SecretStr | None) -> str | None:
    return secret.get_secret_value() if secret is not None else None


ALONE: tuple[tuple[Text, Callable[[Config], object]], ...] = (
    (_("database"), _database),
    (_("port"), lambda config: config.web.port),
    (_("address on the web"), lambda config: config.web.base_url),
    (_("key of cookies and links"), lambda config: _hidden(config.web.secret)),
    (_("bot on Telegram"), lambda config: config.telegram.bot_id or None),
    (_("account on Matrix"), lambda config: config.matrix.user_id),
    (_("key of what is encrypted"), lambda config: config.keys.file and config.keys.file.resolve()),
    (_("folder of backups"), lambda config: config.backups.resolve()),
    (_("programme"), lambda config: config.programme.resolve()),
    (_("dead man's switch"), lambda config: _hidden(config.watchdog.ping_url)),
)
"""What each has alone. The programme too: what one publishes at its desk is written into it."""
