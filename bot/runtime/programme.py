"""The programme in force: what stands in the file, taken up without a restart.

Whoever edits the file by hand is followed as soon as it can be used; what cannot be used leaves the former in force,
and is said in the log and by `doctor`. What was published from the desk is written into the file first.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import update

from bot.config.programme import language_files, read_written, ready
from bot.domain.encoding import EncodingError
from bot.domain.programme.problem import ProgrammeError
from bot.store.db import Database, Tx
from bot.store.programmes import ProgrammeVersion, newest
from bot.store.stays import StayRow

log = structlog.get_logger()
SELDOM = 12
"""Every so many looks the database is asked too: another process may have published."""
LONG_OVER = timedelta(days=400)
"""A stay that ended so long ago is asked nothing any more, whatever a programme says."""


class ProgrammeFile:
    """The files of the programme, and the database that follows them."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db, self.path = db, path
        self.written = read_written(path)
        self._seen = self._stamp()
        self._wanted = True
        self._looks = 0

    def want(self) -> None:
        """Something was published."""
        self._wanted = True

    def _stamp(self) -> tuple[tuple[str, int, int], ...]:
        """When the files were last written: cheap to ask every second."""
        with contextlib.suppress(OSError):
            files = [self.path, *language_files(self.path)]
            return tuple((each.name, (state := each.stat()).st_mtime_ns, state.st_size) for each in files)
        return ()

    async def follow(self) -> bool:
        """Write what was published and is not on the disk yet; take up what the files say now. Whether it is another."""
        self._looks += 1
        if self._wanted or self._looks % SELDOM == 0:
            self._wanted = False
            await self._write_published()
        stamp = self._stamp()
        if stamp == self._seen:
            return False
        self._seen = stamp
        return await self._take_up()

    async def _write_published(self) -> None:
        waiting = await self.db.transact(_waiting)
        if waiting is not None:
            number, text, beside = waiting
            self._write(text, beside)
            await self.db.transact(_written, number)

    async def _take_up(self) -> bool:
        try:
            written = read_written(self.path)
            programme = ready(written)
        except (OSError, EncodingError, ProgrammeError) as problem:
            log.error("programme cannot be used, the former stays in force", state=type(problem).__name__)
            return False
        if written.digest == self.written.digest:
            return False
        self.written, self.db.programme = written, programme
        await self.db.transact(look_anew)
        log.info("programme taken up", state=written.digest)
        return True

    def _write(self, text: str, beside: dict[str, str]) -> None:
        """Each file whole or not at all."""
        for name, content in {**beside, self.path.name: text}.items():
            target = self.path.parent / Path(name).name
            if not target.exists() or target.read_text("utf-8") != content:
                _replace(target, content)
        for each in language_files(self.path):
            if each.name not in beside:
                each.unlink()


def _replace(target: Path, content: str) -> None:
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o644)
        os.replace(name, target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _waiting(tx: Tx) -> tuple[int, str, dict[str, str]] | None:
    """The version that was published last, if it has not reached the disk."""
    row = newest(tx.rows)
    return (row.id, row.text, dict(row.beside)) if row is not None and not row.on_disk else None


def _written(tx: Tx, number: int) -> None:
    tx.rows.get_one(ProgrammeVersion, number).on_disk = True


def look_anew(tx: Tx) -> None:
    """Every stay is looked at with the programme that holds now; what it asks is derived, so nothing else is stored."""
    recent = StayRow.back >= tx.now.date() - LONG_OVER
    tx.rows.execute(update(StayRow).where(StayRow.cancelled.is_(False), recent).values(wake_at=tx.now))
