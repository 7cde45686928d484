"""Tasks: what is done outside after the commit.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '20261130_1730'
down_revision = '20261130_1605'


def upgrade() -> None:
    json = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
    big = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    moment = sa.DateTime(timezone=True)
    op.create_table('tasks',
    sa.Column('id', big, nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=False),
    sa.Column('subject_id', big, nullable=False),
    sa.Column('member_id', big, nullable=True),
    sa.Column('details', json, nullable=False),
    sa.Column('once', sa.String(length=200), nullable=False),
    sa.Column('created_at', moment, nullable=False),
    sa.Column('due_at', moment, nullable=True),
    sa.Column('lease_until', moment, nullable=True),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('noted', json, nullable=False),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('closed_at', moment, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index('uq_tasks_open', ['workspace_id', 'once'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_tasks_waiting', ['due_at', 'lease_until'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_tasks_closed_at', ['closed_at'], unique=False, sqlite_where=sa.text('closed_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NOT NULL'))
