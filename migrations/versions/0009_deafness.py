"""When we could not hear; and when a message that was received was written."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "deaf_spells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deaf_spells")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_deaf_spells_until", "deaf_spells", ["until"], unique=False)
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("written_at", sa.DateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("inbox") as table:
        table.drop_column("written_at")
    op.drop_index("ix_deaf_spells_until", table_name="deaf_spells")
    op.drop_table("deaf_spells")
