"""Files that no question asked for: they belong to the message that brought them."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

FOREIGN = "fk_proofs_inbox_id_inbox"


def upgrade() -> None:
    with op.batch_alter_table("proofs", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("session_id", existing_type=sa.Integer(), nullable=True)
        table.add_column(sa.Column("inbox_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(FOREIGN), "inbox", ["inbox_id"], ["id"], ondelete="CASCADE")
        table.create_index(op.f("ix_proofs_inbox_id"), ["inbox_id"])


def downgrade() -> None:
    op.execute("DELETE FROM proofs WHERE session_id IS NULL")
    with op.batch_alter_table("proofs", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_index(op.f("ix_proofs_inbox_id"))
        table.drop_constraint(op.f(FOREIGN), type_="foreignkey")
        table.drop_column("inbox_id")
        table.alter_column("session_id", existing_type=sa.Integer(), nullable=False)
