"""Channels of deals."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'


def upgrade() -> None:
    op.create_table('deal_channels',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('take', sa.Integer(), nullable=False),
    sa.Column('is_private', sa.Boolean(), nullable=False),
    sa.Column('archives', sa.Boolean(), nullable=False),
    sa.Column('invites', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('channel', sa.String(length=32), nullable=True),
    sa.Column('tried_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_described', sa.Boolean(), nullable=False),
    sa.Column('topic', sa.Text(), nullable=True),
    sa.Column('invited', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('card_ts', sa.String(length=32), nullable=True),
    sa.Column('is_pinned', sa.Boolean(), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lease_until', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deal_channels')),
    sa.UniqueConstraint('workspace_id', 'channel', name=op.f('uq_deal_channels_workspace_id_channel')),
    sa.UniqueConstraint('workspace_id', 'deal_id', name=op.f('uq_deal_channels_workspace_id_deal_id'))
    )
    with op.batch_alter_table('deal_channels', schema=None) as batch_op:
        batch_op.create_index('ix_deal_channels_waiting', ['due_at', 'lease_until'], unique=False, sqlite_where=sa.text('due_at IS NOT NULL OR lease_until IS NOT NULL'), postgresql_where=sa.text('due_at IS NOT NULL OR lease_until IS NOT NULL'))
