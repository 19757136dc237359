"""Two learners of whom one helps the other."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("newcomer_id", sa.Integer(), nullable=False),
        sa.Column("helper_stay_id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("mixed", sa.Boolean(), nullable=False),
        sa.Column("helper_at", sa.DateTime(), nullable=True),
        sa.Column("helper_way", sa.String(), nullable=True),
        sa.Column("newcomer_at", sa.DateTime(), nullable=True),
        sa.Column("newcomer_way", sa.String(), nullable=True),
        sa.Column("together_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(["helper_id"], ["people.id"], name=op.f("fk_pairs_helper_id_people"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["newcomer_id"], ["people.id"], name=op.f("fk_pairs_newcomer_id_people"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["helper_stay_id"], ["stays.id"], name=op.f("fk_pairs_helper_stay_id_stays"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["stay_id"], ["stays.id"], name=op.f("fk_pairs_stay_id_stays"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["people.id"], name=op.f("fk_pairs_asked_by_id_people"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairs")),
        sqlite_autoincrement=True,
    )
    for column in ("helper_id", "newcomer_id", "stay_id"):
        op.create_index(f"ix_pairs_{column}", "pairs", [column])


def downgrade() -> None:
    op.drop_table("pairs")
