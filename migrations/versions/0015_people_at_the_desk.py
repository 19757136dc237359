"""What the desk brought in and may take back, what it said of the team, and the addresses of calendars."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = '0015'
down_revision: str | None = '0014'
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table('calendar_feeds',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_calendar_feeds_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_feeds')),
    sa.UniqueConstraint('code_hash', name=op.f('uq_calendar_feeds_code_hash')),
    sa.UniqueConstraint('person_id', name=op.f('uq_calendar_feeds_person_id')),
    sqlite_autoincrement=True
    )
    op.create_table('roster_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('undone_at', sa.DateTime(), nullable=True),
    sa.Column('undone_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_roster_imports_person_id_people'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['undone_by_id'], ['people.id'], name=op.f('fk_roster_imports_undone_by_id_people'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_imports')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('roster_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_imports_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_imports_person_id'), ['person_id'], unique=False)

    op.create_table('team_words',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(), nullable=False),
    sa.Column('filed', sa.String(), nullable=False),
    sa.Column('said', sa.String(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_team_words_by_id_people'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_team_words_person_id_people'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_team_words')),
    sa.UniqueConstraint('person_id', 'about', name=op.f('uq_team_words_person_id')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('team_words', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_team_words_person_id'), ['person_id'], unique=False)

    op.create_table('imported_stays',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('import_id', sa.Integer(), nullable=False),
    sa.Column('stay_id', sa.Integer(), nullable=False),
    sa.Column('made', sa.Boolean(), nullable=False),
    sa.Column('before', sa.JSON(), nullable=False),
    sa.Column('after', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['roster_imports.id'], name=op.f('fk_imported_stays_import_id_roster_imports'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['stay_id'], ['stays.id'], name=op.f('fk_imported_stays_stay_id_stays'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imported_stays')),
    sqlite_autoincrement=True
    )
    with op.batch_alter_table('imported_stays', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_imported_stays_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_imported_stays_stay_id'), ['stay_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('imported_stays', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_imported_stays_stay_id'))
        batch_op.drop_index(batch_op.f('ix_imported_stays_import_id'))

    op.drop_table('imported_stays')
    with op.batch_alter_table('team_words', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_team_words_person_id'))

    op.drop_table('team_words')
    with op.batch_alter_table('roster_imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_imports_person_id'))
        batch_op.drop_index(batch_op.f('ix_roster_imports_at'))

    op.drop_table('roster_imports')
    op.drop_table('calendar_feeds')
