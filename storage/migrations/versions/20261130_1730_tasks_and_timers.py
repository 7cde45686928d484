"""Tasks: what is done outside after the commit; and timers: what falls due.

Channels of deals that wait to be seen to, and imports that were asked for in Slack, become tasks. The columns of the channels' own
queue stay for older replicas that still run; what those change of a deal from now on is seen to with its next change.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '20261130_1730'
down_revision = '20261130_1630'

JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
MOMENT = sa.DateTime(timezone=True)
NEW = ('workspace_id', 'kind', 'subject', 'subject_id', 'details', 'once', 'created_at', 'due_at', 'claims', 'tries', 'noted')
TASKS = sa.table('tasks', *(sa.column(name) for name in NEW if name not in ('details', 'noted')), sa.column('details', JSON), sa.column('noted', JSON))


def upgrade() -> None:
    op.create_table('tasks',
    sa.Column('id', ID, nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=False),
    sa.Column('subject_id', ID, nullable=False),
    sa.Column('member_id', ID, nullable=True),
    sa.Column('details', JSON, nullable=False),
    sa.Column('once', sa.String(length=200), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('due_at', MOMENT, nullable=True),
    sa.Column('lease_until', MOMENT, nullable=True),
    sa.Column('claims', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('noted', JSON, nullable=False),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['workspace_id', 'member_id'], ['members.workspace_id', 'members.id'], name=op.f('fk_tasks_workspace_id_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_tasks'))
    )
    with op.batch_alter_table('tasks', schema=None) as batch_op:
        batch_op.create_index('uq_tasks_open', ['workspace_id', 'once'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_tasks_waiting', ['due_at', 'lease_until'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_tasks_closed_at', ['closed_at'], unique=False, sqlite_where=sa.text('closed_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NOT NULL'))
    op.create_table('timers',
    sa.Column('id', ID, nullable=False),
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('kind', sa.String(length=48), nullable=False),
    sa.Column('subject', sa.String(length=16), nullable=False),
    sa.Column('subject_id', ID, nullable=False),
    sa.Column('member_id', ID, nullable=True),
    sa.Column('due_at', MOMENT, nullable=True),
    sa.Column('remaining', sa.Integer(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('closed_at', MOMENT, nullable=True),
    sa.Column('outcome', sa.String(length=16), nullable=True),
    sa.ForeignKeyConstraint(['workspace_id', 'member_id'], ['members.workspace_id', 'members.id'], name=op.f('fk_timers_workspace_id_member_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timers'))
    )
    with op.batch_alter_table('timers', schema=None) as batch_op:
        batch_op.create_index('uq_timers_open', ['workspace_id', 'kind', 'subject_id'], unique=True, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_timers_due_at', ['due_at', 'id'], unique=False, sqlite_where=sa.text('closed_at IS NULL'), postgresql_where=sa.text('closed_at IS NULL'))
        batch_op.create_index('ix_timers_closed_at', ['closed_at'], unique=False, sqlite_where=sa.text('closed_at IS NOT NULL'), postgresql_where=sa.text('closed_at IS NOT NULL'))
    channels = sa.table('deal_channels', *(sa.column(name) for name in ('id', 'workspace_id', 'due_at', 'lease_until')))
    waiting = sa.or_(channels.c.due_at.is_not(None), channels.c.lease_until.is_not(None))
    put_in('deal_channel.keep', 'deal_channel', channels, sa.func.coalesce(channels.c.lease_until, channels.c.due_at), waiting)
    imports = sa.table('imports', *(sa.column(name) for name in ('id', 'workspace_id', 'at', 'state', 'slack_file', 'lease_until')))
    asked = sa.and_(imports.c.state.in_(('asked', 'under_way')), imports.c.slack_file.is_not(None))
    waiting = sa.or_(asked, imports.c.state == 'undoing')
    put_in('import.carry_out', 'import', imports, sa.func.coalesce(imports.c.lease_until, imports.c.at), waiting)
    op.drop_index('ix_imports_waiting', table_name='imports')
    with op.batch_alter_table('deal_channels', schema=None) as batch_op:
        batch_op.drop_index('ix_deal_channels_waiting')
        batch_op.alter_column('attempts', existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column('tries', existing_type=sa.Integer(), nullable=True)
    op.execute(channels.update().values(due_at=None, lease_until=None))


def put_in(kind, subject, table, due_at, waiting):
    """Make a task of each row that waits."""
    once = sa.literal(f'{kind}:') + sa.cast(table.c.id, sa.Text()) + sa.literal(':')
    empty = sa.literal({}, JSON)
    values = (table.c.workspace_id, sa.literal(kind), sa.literal(subject), table.c.id, empty, once, due_at, due_at, sa.literal(0), sa.literal(0), empty)
    op.execute(sa.insert(TASKS).from_select(NEW, sa.select(*values).where(waiting)))
