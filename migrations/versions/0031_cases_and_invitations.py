"""Cases by stay, closed ones too, and invitations by person: nobody looks through all there ever were for those of one."""

from collections.abc import Sequence

from alembic import op

revision: str = "0031"
down_revision: str | None = "0030"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None
INDEXES = {"cases": "stay_id", "invitations": "person_id"}


def upgrade() -> None:
    for table, column in INDEXES.items():
        op.create_index(f"ix_{table}_{column}", table, [column])


def downgrade() -> None:
    for table, column in INDEXES.items():
        op.drop_index(f"ix_{table}_{column}", table)
