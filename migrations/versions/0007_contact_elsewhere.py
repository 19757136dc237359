"""How contact is kept where a learner does not use us; and every stay is looked at, begun or not."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "contact_elsewhere",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stay_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_contact_elsewhere_person_id_people"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["stay_id"], ["stays.id"], name=op.f("fk_contact_elsewhere_stay_id_stays"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_elsewhere")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_contact_elsewhere_stay_id"), "contact_elsewhere", ["stay_id"], unique=False)
    stays = sa.table("stays", sa.column("wake_at", sa.DateTime), sa.column("ended", sa.String))
    asleep = sa.and_(stays.c.wake_at.is_(None), stays.c.ended.is_(None))
    op.execute(sa.update(stays).where(asleep).values(wake_at=datetime(2000, 1, 1)))  # noqa: DTZ001 - UTC by its column


def downgrade() -> None:
    op.drop_index(op.f("ix_contact_elsewhere_stay_id"), table_name="contact_elsewhere")
    op.drop_table("contact_elsewhere")
