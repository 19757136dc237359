"""Where a learner is at home, and the language at the host's: what papers and lessons follow from."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from babel.core import get_global

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.add_column(sa.Column("home_country", sa.String(), nullable=False, server_default=""))
        table.add_column(sa.Column("working_language", sa.String(), nullable=False, server_default=""))
    stays = sa.table("stays", sa.column("kind"), sa.column("home_zone"), sa.column("home_country"))
    guests = stays.c.kind == "incoming"
    op.execute(stays.update().where(~guests).values(home_country="FR"))
    for zone in op.get_bind().scalars(sa.select(stays.c.home_zone).where(guests).distinct()).all():
        country = get_global("zone_territories").get(zone, "").replace("ZZ", "")
        op.execute(stays.update().where(guests, stays.c.home_zone == zone).values(home_country=country))


def downgrade() -> None:
    with op.batch_alter_table("stays") as table:
        table.drop_column("working_language")
        table.drop_column("home_country")
