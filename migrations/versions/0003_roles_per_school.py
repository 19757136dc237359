"""Roles at further schools."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0003'
down_revision: str | None = '0002'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    with op.batch_alter_table('roles', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.add_column(sa.Column('school_id', sa.Integer(), nullable=True))
        batch_op.drop_constraint(batch_op.f('uq_roles_person_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_roles_person_id'), ['person_id', 'role', 'school_id'])
        batch_op.create_foreign_key(batch_op.f('fk_roles_school_id_schools'), 'schools', ['school_id'], ['id'], ondelete='CASCADE')



def downgrade() -> None:
    with op.batch_alter_table('roles', schema=None, table_kwargs={'sqlite_autoincrement': True}) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_roles_school_id_schools'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_roles_person_id'), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_roles_person_id'), ['person_id', 'role'])
        batch_op.drop_column('school_id')

