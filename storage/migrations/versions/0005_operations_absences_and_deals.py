"""Operations that can be undone, absences, deals, and more that is known of accounts, contacts and leads."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0005'
down_revision = '0004'


def upgrade() -> None:
    op.create_table('absences',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('first_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('deputy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('cancelled_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_absences'))
    )
    with op.batch_alter_table('absences', schema=None) as batch_op:
        batch_op.create_index('ix_absences_workspace_id_member_id_last_on', ['workspace_id', 'member_id', 'last_on'], unique=False)

    op.create_table('deals',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('title', sa.Text(), nullable=False),
    sa.Column('product', sa.Text(), nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=False),
    sa.Column('stage', sa.Text(), nullable=True),
    sa.Column('agent', sa.Text(), nullable=True),
    sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('amount', sa.Numeric(precision=18, scale=2), nullable=True),
    sa.Column('currency', sa.String(length=3), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('own_key', sa.String(length=200), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deals')),
    sa.UniqueConstraint('workspace_id', 'number', name=op.f('uq_deals_workspace_id_number'))
    )
    with op.batch_alter_table('deals', schema=None) as batch_op:
        batch_op.create_index('ix_deals_workspace_id_account_id', ['workspace_id', 'account_id'], unique=False)
        batch_op.create_index('uq_deals_own_key', ['workspace_id', 'own_key'], unique=True, sqlite_where=sa.text('own_key IS NOT NULL'), postgresql_where=sa.text('own_key IS NOT NULL'))

    op.create_table('operation_steps',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('operation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('of_table', sa.String(length=32), nullable=False),
    sa.Column('of_row', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=False),
    sa.Column('before', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.Column('after', sa.JSON().with_variant(postgresql.JSONB(), 'postgresql'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operation_steps'))
    )
    with op.batch_alter_table('operation_steps', schema=None) as batch_op:
        batch_op.create_index('ix_operation_steps_workspace_id_operation_id_id', ['workspace_id', 'operation_id', 'id'], unique=False)

    op.create_table('operations',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=False),
    sa.Column('subject_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('summary', sa.Text(), nullable=False),
    sa.Column('member_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_operations'))
    )
    with op.batch_alter_table('operations', schema=None) as batch_op:
        batch_op.create_index('ix_operations_workspace_id_at', ['workspace_id', 'at'], unique=False)
        batch_op.create_index('ix_operations_workspace_id_subject_subject_id', ['workspace_id', 'subject', 'subject_id'], unique=False)

    with op.batch_alter_table('accounts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('owner_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('tier', sa.String(length=48), nullable=True))
        batch_op.add_column(sa.Column('own_key', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('ix_accounts_workspace_id_owner_id', ['workspace_id', 'owner_id'], unique=False)
        batch_op.create_index('uq_accounts_own_key', ['workspace_id', 'own_key'], unique=True, sqlite_where=sa.text('own_key IS NOT NULL'), postgresql_where=sa.text('own_key IS NOT NULL'))

    with op.batch_alter_table('contacts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('position', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('own_key', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('uq_contacts_own_key', ['workspace_id', 'own_key'], unique=True, sqlite_where=sa.text('own_key IS NOT NULL'), postgresql_where=sa.text('own_key IS NOT NULL'))

    with op.batch_alter_table('leads', schema=None) as batch_op:
        batch_op.add_column(sa.Column('origin_channel', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('origin_ts', sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column('origin_fate', sa.String(length=16), nullable=True))
        batch_op.add_column(sa.Column('answer_by', sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('own_key', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('merged_into_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        batch_op.create_index('ix_leads_origin', ['workspace_id', 'origin_channel', 'origin_ts'], unique=False, sqlite_where=sa.text('origin_ts IS NOT NULL'), postgresql_where=sa.text('origin_ts IS NOT NULL'))
        batch_op.create_index('uq_leads_own_key', ['workspace_id', 'own_key'], unique=True, sqlite_where=sa.text('own_key IS NOT NULL'), postgresql_where=sa.text('own_key IS NOT NULL'))

    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.add_column(sa.Column('quiet_from', sa.Time(), nullable=True))
        batch_op.add_column(sa.Column('quiet_until', sa.Time(), nullable=True))
        batch_op.add_column(sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table('reminders', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told_to', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))

    _fill_what_was_kept_otherwise()


def _fill_what_was_kept_otherwise() -> None:
    """Leads know the place of their message, and by when the first answer was due, from what stood there before."""
    part = "json_extract(origin, '$.{}')" if op.get_bind().dialect.name == "sqlite" else "origin ->> '{}'"
    op.execute(
        f"UPDATE leads SET origin_channel = {part.format('channel')}, origin_ts = {part.format('ts')} "
        "WHERE origin IS NOT NULL"
    )
    op.execute("UPDATE leads SET answer_by = next_at WHERE status = 'open' AND last_touch_at IS NULL")
