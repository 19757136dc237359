"""What learners said of their stays for others to read."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0026"
down_revision: str | None = "0025"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "testimonies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("scope", sa.String(length=20), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("given_at", sa.DateTime(), nullable=False),
        sa.Column("guardians_at", sa.DateTime(), nullable=True),
        sa.Column("guardians_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_testimonies_person_id_people"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_testimonies_stay_id_stays"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["guardians_by_id"], ["people.id"], name=op.f("fk_testimonies_guardians_by_id_people"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_testimonies")),
        sa.UniqueConstraint("person_id", name=op.f("uq_testimonies_person_id")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_testimonies_stay_id", "testimonies", ["stay_id"])


def downgrade() -> None:
    op.drop_table("testimonies")
