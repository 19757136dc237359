"""Indexes of what waits and of what is in hand, instead of one of every state: nobody looks through all that was ever sent."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0030"
down_revision: str | None = "0029"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
UNDER_WAY = {
    "ix_outbox_due": ("due_at", sa.text("state = 'pending'")),
    "ix_outbox_in_hand": ("lease_until", sa.text("state = 'sending'")),
}


def upgrade() -> None:
    op.drop_index("ix_outbox_state_due", "outbox")
    for name, (column, state) in UNDER_WAY.items():
        op.create_index(name, "outbox", [column], sqlite_where=state, postgresql_where=state)


def downgrade() -> None:
    for name in UNDER_WAY:
        op.drop_index(name, "outbox")
    op.create_index("ix_outbox_state_due", "outbox", ["state", "due_at"])
