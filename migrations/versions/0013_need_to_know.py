"""Who may know: adults who are left out, and cases that are for those only who need to know."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
TOPICS = ("sos", "distress", "write_to_me")


def upgrade() -> None:
    op.create_table(
        "left_out",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("adult_id", sa.Integer(), nullable=False),
        sa.Column("by_learner", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(), nullable=True),
        sa.Column("lifted_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["adult_id"], ["people.id"], name=op.f("fk_left_out_adult_id_people"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["lifted_by_id"], ["people.id"], name=op.f("fk_left_out_lifted_by_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_left_out_person_id_people"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_left_out")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "uq_left_out",
        "left_out",
        ["person_id", "adult_id"],
        unique=True,
        sqlite_where=sa.text("lifted_at IS NULL"),
        postgresql_where=sa.text("lifted_at IS NULL"),
    )
    with op.batch_alter_table("cases") as table:
        table.add_column(sa.Column("grave", sa.Boolean(), nullable=False, server_default="0"))
    cases = sa.table("cases", sa.column("id", sa.Integer), sa.column("topic", sa.String), sa.column("grave", sa.Boolean))
    op.execute(sa.update(cases).where(cases.c.topic.in_(TOPICS)).values(grave=True))


def downgrade() -> None:
    with op.batch_alter_table("cases") as table:
        table.drop_column("grave")
    op.drop_index("uq_left_out", table_name="left_out")
    op.drop_table("left_out")
