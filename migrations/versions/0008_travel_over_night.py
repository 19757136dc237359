"""Journeys that take a night or more: until then every one of them took a day."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.add_column(sa.Column("nights_out", sa.Integer(), nullable=False, server_default="0"))
        table.add_column(sa.Column("nights_back", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.drop_column("nights_back")
        table.drop_column("nights_out")
