"""How many letters of a last name tell somebody from others of the same first name at their school."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

PEOPLE = sa.table("people", *(sa.column(name) for name in ("id", "ref_key", "school_id", "first_name", "last_name", "letters")))


def upgrade() -> None:
    op.add_column("people", sa.Column("letters", sa.Integer(), server_default="1", nullable=False))
    alike = defaultdict(list)
    for row in op.get_bind().execute(sa.select(PEOPLE).where(PEOPLE.c.ref_key != "")):
        alike[row.school_id, row.first_name.casefold()].append(row)
    for people in alike.values():
        for row in people if len(people) > 1 else ():
            letters = _apart(row.last_name.casefold(), [other.last_name.casefold() for other in people])
            op.execute(sa.update(PEOPLE).where(PEOPLE.c.id == row.id).values(letters=letters))


def _apart(last: str, among: list[str]) -> int:
    counts = (sum(other[:letters] == last[:letters] for other in among) for letters in range(1, len(last)))
    return next((letters for letters, alike in enumerate(counts, 1) if alike == 1), max(1, len(last)))


def downgrade() -> None:
    with op.batch_alter_table("people", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_column("letters")
