"""Imports, kept from the question to the undoing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'


def upgrade() -> None:
    id_ = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    json = sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')
    op.create_table('imports',
    sa.Column('id', id_, nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('file', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('slack_file', sa.String(length=32), nullable=True),
    sa.Column('reading', json, nullable=False),
    sa.Column('member_id', id_, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('tally', json, nullable=False),
    sa.Column('refused', json, nullable=False),
    sa.Column('examples', json, nullable=False),
    sa.Column('why', sa.Text(), nullable=True),
    sa.Column('kept', sa.Integer(), nullable=True),
    sa.Column('operation_id', id_, nullable=True),
    sa.Column('undo_by', id_, nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_imports')),
    sa.UniqueConstraint('workspace_id', 'number', name=op.f('uq_imports_workspace_id_number'))
    )
    waiting = sa.text("state IN ('asked', 'under_way', 'undoing')")
    with op.batch_alter_table('imports', schema=None) as batch_op:
        batch_op.create_index('ix_imports_workspace_id_operation_id', ['workspace_id', 'operation_id'], unique=False)
        batch_op.create_index('ix_imports_workspace_id_digest', ['workspace_id', 'digest'], unique=False)
        batch_op.create_index('ix_imports_waiting', ['at', 'id'], unique=False, sqlite_where=waiting, postgresql_where=waiting)
