"""Whom to phone near the learner: the host tutor's number, and the teacher with theirs."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.add_column(sa.Column("tutor_phone", sa.String(), nullable=True))
        table.add_column(sa.Column("teacher", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("teacher_phone", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.drop_column("teacher_phone")
        table.drop_column("teacher")
        table.drop_column("tutor_phone")
