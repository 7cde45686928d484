"""An import keeps how its file was read, and what a rehearsal found worth a look."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '20261130_2017'
down_revision = '20261130_1957'


def upgrade() -> None:
    json = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
    with op.batch_alter_table('imports') as batch_op:
        batch_op.add_column(sa.Column('notes', json, nullable=True))
        batch_op.add_column(sa.Column('doubts', json, nullable=True))
