"""What Alembic runs for every command: `bot/store/migrate.py` hands over a connection in an open transaction."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.store.base import Utc
from bot.store.models import Base
from bot.store.sealed import Sealed


def render_item(kind: str, item: Any, _autogenerate: AutogenContext) -> str | Literal[False]:
    """Write our own types as what the database sees: a migration must not change when the code does."""
    if kind == "type" and isinstance(item, Utc):
        return "sa.DateTime()"
    if kind == "type" and isinstance(item, sa.Enum):
        return f"sa.String(length={item.length})"
    if kind == "type" and isinstance(item, Sealed):
        return "sa.JSON()" if item.as_json else "sa.String()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_item=render_item,
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
