"""Deals in the process."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'


def upgrade() -> None:
    op.create_table('documents',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('slack_file', sa.String(length=32), nullable=False),
    sa.Column('permalink', sa.Text(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_documents')),
    sa.UniqueConstraint('workspace_id', 'deal_id', 'kind', 'sha256', name=op.f('uq_documents_workspace_id_deal_id_kind_sha256'))
    )
    op.create_table('needs_briefs',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('needs', sa.Text(), nullable=False),
    sa.Column('pains', sa.Text(), nullable=False),
    sa.Column('goals', sa.Text(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_needs_briefs')),
    sa.UniqueConstraint('workspace_id', 'deal_id', 'version', name=op.f('uq_needs_briefs_workspace_id_deal_id_version'))
    )
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('at_stage', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('since', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('variant', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('variant_reason', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('playbook', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('client_type', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('expected_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('next_step', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('next_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('last_touch_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('lost_for', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('remark', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('opened_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('version', sa.Integer(), nullable=True))
        batch_op.create_index('ix_deals_open_of', ['workspace_id', 'owner_id', 'next_at', 'id'], unique=False, sqlite_where=sa.text("outcome = 'open' AND at_stage IS NOT NULL"), postgresql_where=sa.text("outcome = 'open' AND at_stage IS NOT NULL"))
        batch_op.create_index('ix_deals_pipeline', ['workspace_id', 'at_stage', 'currency', 'owner_id', 'amount'], unique=False, sqlite_where=sa.text("outcome = 'open' AND at_stage IS NOT NULL"), postgresql_where=sa.text("outcome = 'open' AND at_stage IS NOT NULL"))

    with op.batch_alter_table('leads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('ix_leads_deal_id', ['workspace_id', 'deal_id'], unique=False, sqlite_where=sa.text('deal_id IS NOT NULL'), postgresql_where=sa.text('deal_id IS NOT NULL'))

    with op.batch_alter_table('touches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('deal_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.alter_column('lead_id', existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True)
        batch_op.create_index('ix_touches_deal_id', ['workspace_id', 'deal_id', 'at'], unique=False, sqlite_where=sa.text('deal_id IS NOT NULL'), postgresql_where=sa.text('deal_id IS NOT NULL'))
