"""Parts of countries that have public holidays of their own; none is known of yet."""

import sqlalchemy as sa
from alembic import op

revision = '20261130_2001'
down_revision = '20261130_1938'


def upgrade() -> None:
    for name in ('members', 'workspaces'):
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.add_column(sa.Column('region', sa.String(length=48), nullable=True))
