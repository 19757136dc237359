"""An address may serve several people, is called by its account, and a guardian may have several learners."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
KEPT = {"sqlite_autoincrement": True}
"""A constraint of SQLite is changed by copying the table: its ids are still never given twice."""


def upgrade() -> None:
    with op.batch_alter_table("addresses", table_kwargs=KEPT) as batch_op:
        batch_op.add_column(sa.Column("account", sa.String(), nullable=True))
        batch_op.drop_constraint(batch_op.f("uq_addresses_channel"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_addresses_channel"), ["channel", "native", "person_id"])

    with op.batch_alter_table("family_ties", table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_family_ties_parent_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_family_ties_parent_id"), ["parent_id", "learner_id"])


def downgrade() -> None:
    """An address that several share stays that of whoever used it last; of several ties the first."""
    op.execute(
        "DELETE FROM addresses WHERE EXISTS (SELECT 1 FROM addresses other WHERE other.channel = addresses.channel"
        " AND other.native = addresses.native AND (other.used_at > addresses.used_at"
        " OR (other.used_at = addresses.used_at AND other.id > addresses.id)))"
    )
    op.execute(
        "DELETE FROM family_ties WHERE EXISTS (SELECT 1 FROM family_ties other"
        " WHERE other.parent_id = family_ties.parent_id AND other.id < family_ties.id)"
    )
    with op.batch_alter_table("family_ties", table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_family_ties_parent_id"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_family_ties_parent_id"), ["parent_id"])

    with op.batch_alter_table("addresses", table_kwargs=KEPT) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_addresses_channel"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_addresses_channel"), ["channel", "native"])
        batch_op.drop_column("account")
