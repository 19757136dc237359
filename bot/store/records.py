"""The audit trail, and the few settings that must survive a restart."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.store.autoflush import lasting
from bot.store.base import Base
from bot.store.db import Tx


class AuditRow(Base):
    """Who did what to which row, when. Ids and states only, never texts."""

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str]
    action: Mapped[str]
    target: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)


class SettingRow(Base):
    """A setting by name: the rehearsal's clock, the programme last seen."""

    __tablename__ = "settings"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]


_SETTING = select(SettingRow.value).where(SettingRow.name == bindparam("name"))


def audit(tx: Tx, actor: str, action: str, target: str, **detail: Any) -> None:
    """Note who did what to which row."""
    tx.rows.add(AuditRow(at=tx.now, actor=actor, action=action, target=target, detail=detail))


def setting(session: Session, name: str) -> dict[str, Any] | None:
    """What stands under a name; it is the caller's own."""
    return deepcopy(_setting(session, name))


@lasting(_SETTING)
def _setting(session: Session, name: str) -> dict[str, Any] | None:
    return session.scalar(_SETTING, {"name": name})


def keep_setting(session: Session, name: str, value: dict[str, Any]) -> None:
    session.merge(SettingRow(name=name, value=value))


LANGUAGE = "language"


def keep_language(session: Session, language: str) -> None:
    """The installation's language is that of the team's file."""
    keep_setting(session, LANGUAGE, {"language": language})


def known_language(session: Session) -> str | None:
    kept = setting(session, LANGUAGE)
    return str(kept["language"]) if kept else None
