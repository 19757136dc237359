"""A visit at the desk is bound to the chat in which its link was asked for, and says in which browser it is."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("login_links", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("address_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_login_links_address_id_addresses"), "addresses", ["address_id"], ["id"], ondelete="CASCADE")
    with op.batch_alter_table("visits", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.add_column(sa.Column("address_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("browser", sa.String(), nullable=False, server_default=""))
        table.create_index(op.f("ix_visits_address_id"), ["address_id"], unique=False)
        table.create_foreign_key(op.f("fk_visits_address_id_addresses"), "addresses", ["address_id"], ["id"], ondelete="CASCADE")


def downgrade() -> None:
    with op.batch_alter_table("visits", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("fk_visits_address_id_addresses"), type_="foreignkey")
        table.drop_index(op.f("ix_visits_address_id"))
        table.drop_column("browser")
        table.drop_column("address_id")
    with op.batch_alter_table("login_links", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f("fk_login_links_address_id_addresses"), type_="foreignkey")
        table.drop_column("address_id")
