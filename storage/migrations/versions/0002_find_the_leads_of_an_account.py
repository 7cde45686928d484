"""find the leads of an account."""

from alembic import op

revision = '0002'
down_revision = '0001'


def upgrade() -> None:
    with op.batch_alter_table('leads', schema=None) as batch_op:
        batch_op.create_index('ix_leads_workspace_id_account_id', ['workspace_id', 'account_id'], unique=False)
