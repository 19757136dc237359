"""green_light."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0006'
down_revision: str | None = '0005'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('green_lights',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('stay_id', sa.Integer(), nullable=False),
    sa.Column('departure', sa.Date(), nullable=False),
    sa.Column('verdict', sa.String(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_green_lights_person_id_people'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['stay_id'], ['stays.id'], name=op.f('fk_green_lights_stay_id_stays'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_green_lights')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('green_lights', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_green_lights_stay_id'), ['stay_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('green_lights', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_green_lights_stay_id'))

    op.drop_table('green_lights')
