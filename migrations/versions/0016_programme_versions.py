"""Versions of the programme that are published from the desk."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "programme_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("beside", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("agreed_id", sa.Integer(), nullable=True),
        sa.Column("on_disk", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_programme_versions_by_id_people"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["agreed_id"], ["people.id"], name=op.f("fk_programme_versions_agreed_id_people"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_programme_versions")),
        sqlite_autoincrement=True,
    )


def downgrade() -> None:
    op.drop_table("programme_versions")
