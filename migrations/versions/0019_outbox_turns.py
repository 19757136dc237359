"""Whose turn it is: the full channel that a message waits for, and indexes of nothing but what waits."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("waits_for", sa.String(), server_default="", nullable=False))
        for name, columns in {
            "ix_outbox_turn": ["waits_for", "lane", "due_at", "id"],
            "ix_outbox_waiting": ["person_id", "bound", "id"],
        }.items():
            table.create_index(name, columns, sqlite_where=PENDING, postgresql_where=PENDING)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as table:
        for name in ("ix_outbox_waiting", "ix_outbox_turn"):
            table.drop_index(name, sqlite_where=PENDING, postgresql_where=PENDING)
        table.drop_column("waits_for")
