"""Dates of the consortium and of its schools: meetings, what runs out, what is applied for, voted or paid."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "deadlines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("sort", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("yearly", sa.Boolean(), nullable=False),
        sa.Column("project", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("settled_at", sa.DateTime(), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("said_on", sa.Date(), nullable=True),
        sa.Column("follows_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["follows_id"], ["deadlines.id"], name=op.f("fk_deadlines_follows_id_deadlines"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_deadlines_owner_id_people"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_deadlines_school_id_schools"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["settled_by_id"], ["people.id"], name=op.f("fk_deadlines_settled_by_id_people"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_deadlines_school_id"), "deadlines", ["school_id"])


def downgrade() -> None:
    op.drop_table("deadlines")
