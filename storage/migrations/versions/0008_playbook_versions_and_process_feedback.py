"""Versions of the playbook, and what people say of its steps."""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'


def upgrade() -> None:
    id_ = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
    op.create_table('playbook_versions',
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('loaded_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('current_since', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'digest', name=op.f('pk_playbook_versions'))
    )
    with op.batch_alter_table('playbook_versions', schema=None) as batch_op:
        batch_op.create_index('ix_playbook_versions_workspace_id_current_since', ['workspace_id', 'current_since'], unique=False)
    op.create_table('process_feedback',
    sa.Column('id', id_, nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('process', sa.String(length=16), nullable=False),
    sa.Column('section', sa.String(length=64), nullable=False),
    sa.Column('section_title', sa.Text(), nullable=False),
    sa.Column('step', sa.String(length=64), nullable=False),
    sa.Column('step_title', sa.Text(), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=True),
    sa.Column('subject_id', id_, nullable=True),
    sa.Column('fault', sa.String(length=16), nullable=False),
    sa.Column('said', sa.Text(), nullable=False),
    sa.Column('role', sa.String(length=16), nullable=False),
    sa.Column('by', id_, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_by', id_, nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_process_feedback')),
    sa.UniqueConstraint('workspace_id', 'number', name=op.f('uq_process_feedback_workspace_id_number'))
    )
    is_open = sa.text("state = 'open'")
    with op.batch_alter_table('process_feedback', schema=None) as batch_op:
        batch_op.create_index('ix_process_feedback_open', ['workspace_id', 'id'], unique=False, sqlite_where=is_open, postgresql_where=is_open)
