"""One reminder for each deadline of a lead.

The limit of a first answer has its warning; a follow-up that is still to tell of the same moment ends. One that was told stays until
somebody answers it. Leads that nobody has claimed get the timer
that tells of them again every week: at once where that is due. A member is found by the channel of their direct messages.
"""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = '20261130_2110'
down_revision = '20261130_2001'

LEADS = sa.table('leads', *(sa.column(name) for name in 'workspace_id id status owner_id captured_at last_touch_at next_at answer_by'.split()))
REMINDERS = sa.table('reminders', sa.column('closed_at', sa.DateTime(timezone=True)), *(sa.column(name) for name in 'workspace_id id kind subject_id state outcome'.split()))
TIMERS = sa.table('timers', *(sa.column(name) for name in 'workspace_id kind subject subject_id due_at tries'.split()))


def upgrade() -> None:
    with op.batch_alter_table('members', schema=None) as batch_op:
        batch_op.create_index('ix_members_dm_channel', ['workspace_id', 'dm_channel'], unique=False, sqlite_where=sa.text('dm_channel IS NOT NULL'), postgresql_where=sa.text('dm_channel IS NOT NULL'))
    end_follow_ups()
    unclaimed = sa.select(LEADS.c.workspace_id, sa.literal('lead.unclaimed'), sa.literal('lead'), LEADS.c.id, LEADS.c.captured_at, sa.literal(0))
    unclaimed = unclaimed.where(LEADS.c.status == 'open', LEADS.c.owner_id.is_(None))
    op.execute(sa.insert(TIMERS).from_select([column.name for column in TIMERS.c], unclaimed))


def end_follow_ups() -> None:
    """Where a lead waits for its first answer and its warning is open, the follow-up would say the same."""
    warnings = REMINDERS.alias()
    of_lead = (LEADS.c.workspace_id == REMINDERS.c.workspace_id, LEADS.c.id == REMINDERS.c.subject_id)
    waits = sa.exists().where(*of_lead, LEADS.c.last_touch_at.is_(None), LEADS.c.next_at == LEADS.c.answer_by)
    same = (warnings.c.workspace_id == REMINDERS.c.workspace_id, warnings.c.subject_id == REMINDERS.c.subject_id)
    is_warned = sa.exists().where(*same, warnings.c.kind == 'lead.first_answer', warnings.c.closed_at.is_(None))
    twins = sa.update(REMINDERS).where(REMINDERS.c.kind == 'lead.follow_up', REMINDERS.c.state == 'waiting', waits, is_warned)
    op.execute(twins.values(state='done', outcome='replaced', closed_at=datetime.now(UTC)))
