"""A reference has a key, a stay ends in named ways, and a row that is gone from the sheet is noted."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from bot.domain.roster.reference import reference_key

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    """Columns are added and dropped in place: copying a table would lose that its ids are never given twice."""
    op.add_column("people", sa.Column("ref_key", sa.String(), nullable=False, server_default=""))
    op.create_index(op.f("ix_people_ref_key"), "people", ["ref_key"], unique=False)
    people = sa.table("people", sa.column("id", sa.Integer), sa.column("ref", sa.String), sa.column("ref_key", sa.String))
    rows = op.get_bind().execute(sa.select(people.c.id, people.c.ref)).all()
    keys = [{"number": number, "key": reference_key(ref)} for number, ref in rows if "~" not in ref]
    if keys:
        keyed = sa.update(people).where(people.c.id == sa.bindparam("number")).values(ref_key=sa.bindparam("key"))
        op.get_bind().execute(keyed, keys)

    op.add_column("stays", sa.Column("ended", sa.String(length=20), nullable=True))
    op.add_column("stays", sa.Column("ended_at", sa.DateTime(), nullable=True))
    op.add_column("stays", sa.Column("unlisted_at", sa.DateTime(), nullable=True))
    op.add_column("stays", sa.Column("kept_at", sa.DateTime(), nullable=True))
    stays = sa.table("stays", sa.column("cancelled", sa.Boolean), sa.column("ended", sa.String))
    op.execute(sa.update(stays).where(stays.c.cancelled).values(ended="withdrawn"))
    op.drop_column("stays", "cancelled")


def downgrade() -> None:
    op.add_column("stays", sa.Column("cancelled", sa.Boolean(), nullable=False, server_default=sa.false()))
    stays = sa.table("stays", sa.column("cancelled", sa.Boolean), sa.column("ended", sa.String))
    op.execute(sa.update(stays).where(stays.c.ended.is_not(None)).values(cancelled=True))
    for column in ("kept_at", "unlisted_at", "ended_at", "ended"):
        op.drop_column("stays", column)

    op.drop_index(op.f("ix_people_ref_key"), table_name="people")
    op.drop_column("people", "ref_key")
