"""No record is merged into itself.

Two people who merged two records crosswise at the same moment could leave one of them merged into itself: nobody saw it any more, and
whoever opened it waited for ever. Such an account or contact stands by itself again, with what was merged into it; a lead is again what
it was, and an open one is due now.
"""

import sqlalchemy as sa
from alembic import op

revision = '20261130_1605'
down_revision = '20261130_1600'

RECORDS = ('accounts', 'contacts', 'leads')
OPEN_AGAIN = """
UPDATE leads SET
    status = CASE WHEN deal_id IS NOT NULL THEN 'qualified' WHEN disqualified_for IS NOT NULL THEN 'disqualified' ELSE 'open' END,
    next_at = CASE WHEN deal_id IS NULL AND disqualified_for IS NULL THEN COALESCE(answer_by, captured_at) END,
    version = version + 1
WHERE merged_into_id = id
"""


def upgrade() -> None:
    op.execute(OPEN_AGAIN)
    for table in RECORDS:
        op.execute(sa.text(f'UPDATE {table} SET merged_into_id = NULL WHERE merged_into_id = id'))
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_check_constraint(op.f(f'ck_{table}_merged_into_another'), 'merged_into_id <> id')
