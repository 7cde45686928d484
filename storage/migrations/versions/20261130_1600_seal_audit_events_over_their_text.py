"""Seal audit events over their text.

A seal says from now on over what its hashes are taken; those there are were taken over what `before` and `after` read as, and say nothing.
Where the chain is to go on is the highest event id of any seal, which two processes that sealed at once may have left in an earlier one.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_1600'
down_revision = '0013'


def upgrade() -> None:
    with op.batch_alter_table('audit_seals', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scheme', sa.Integer(), nullable=True))
        batch_op.create_index('ix_audit_seals_workspace_id_last_event_id', ['workspace_id', 'last_event_id'], unique=False)
