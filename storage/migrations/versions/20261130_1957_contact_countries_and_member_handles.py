"""Contacts have a country, and members the names by which files call them, which the next listing of members fills."""

import sqlalchemy as sa
from alembic import op

revision = '20261130_1957'
down_revision = '20261130_1730'


def upgrade() -> None:
    with op.batch_alter_table('contacts') as batch_op:
        batch_op.add_column(sa.Column('country', sa.Text(), nullable=True))
    with op.batch_alter_table('members') as batch_op:
        batch_op.add_column(sa.Column('handle', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('display_name', sa.Text(), nullable=True))
        batch_op.add_column(sa.Column('email', sa.Text(), nullable=True))
