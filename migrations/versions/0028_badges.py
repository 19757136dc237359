"""Badges have a number, by which one is taken back; and whether their owners let them go to a platform."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "badges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_badges_stay_id_stays"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_badges")),
        sa.UniqueConstraint("stay_id", name=op.f("uq_badges_stay_id")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("badges")
