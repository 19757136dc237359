"""Messages keep the order in which they were said, apart from any clock; that of earlier ones is read off their instants."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

IN_ORDER = """
    SELECT side, id, SUM(side) OVER (ORDER BY at, side DESC, id ROWS UNBOUNDED PRECEDING) AS said FROM (
        SELECT 1 AS side, id, COALESCE(sent_at, created_at) AS at FROM outbox
        WHERE edit_of IS NULL AND (sent_at IS NOT NULL OR state IN ('sending', 'unknown'))
        UNION ALL SELECT 0 AS side, id, COALESCE(written_at, received_at) AS at FROM inbox
    ) AS everything
"""


def upgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("said", sa.Integer(), server_default="0", nullable=False))
        table.create_index("ix_inbox_said", ["said"])
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("said", sa.Integer(), nullable=True))
        table.create_index("ix_outbox_said", ["said"])
    for table_name, side in (("outbox", 1), ("inbox", 0)):
        op.execute(
            f"UPDATE {table_name} SET said = ordered.said FROM ({IN_ORDER}) AS ordered "
            f"WHERE ordered.side = {side} AND ordered.id = {table_name}.id"
        )


def downgrade() -> None:
    for table_name in ("outbox", "inbox"):
        with op.batch_alter_table(table_name) as table:
            table.drop_index(f"ix_{table_name}_said")
            table.drop_column("said")
