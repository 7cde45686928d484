"""file accounts by value, with their names beside.

The key began with the kind, so that a look-up of eight values of five kinds searched forty places; and whoever was found there had to
be read from another table to compare names. On SQLite the table is now its own index.
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

_FILL = """
    INSERT INTO account_keys (workspace_id, value, kind, account_id, normal_name)
    SELECT filed.workspace_id, filed.value, filed.kind, filed.account_id, accounts.normal_name
    FROM filed JOIN accounts ON accounts.id = filed.account_id
"""


def upgrade() -> None:
    op.rename_table('account_keys', 'filed')
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint('pk_account_keys', 'filed')
    op.create_table('account_keys',
    sa.Column('workspace_id', sa.String(length=32), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('normal_name', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('workspace_id', 'value', 'kind', 'account_id', name=op.f('pk_account_keys')),
    sqlite_with_rowid=False
    )
    op.execute(_FILL)
    op.drop_table('filed')
