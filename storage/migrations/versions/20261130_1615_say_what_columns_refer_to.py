"""Say what columns refer to.

Each column that holds ids of one table gets a foreign key, which the workspace is part of. What leads nowhere, or to another workspace,
is looked for first: where a column may be empty it is emptied, and the log keeps what it held; keys of accounts that are gone go. Any
other such row is for people to decide about, and the upgrade stops.
"""

from typing import Any

import sqlalchemy as sa
import structlog
from alembic import op

from storage.migrations import UpgradeRefused

revision = '20261130_1615'
down_revision = '20261130_1605'

REFERABLE = ('members', 'accounts', 'contacts', 'leads', 'deals', 'operations')
REFERENCES = {
    'absences': {'member_id': 'members', 'deputy_id': 'members'},
    'account_keys': {'account_id': 'accounts'},
    'accounts': {'owner_id': 'members', 'confirmed_by': 'members', 'merged_into_id': 'accounts'},
    'contacts': {'account_id': 'accounts', 'merged_into_id': 'contacts'},
    'deals': {'account_id': 'accounts', 'owner_id': 'members', 'opened_by': 'members'},
    'documents': {'by': 'members'},
    'imports': {'member_id': 'members', 'operation_id': 'operations', 'undo_by': 'members'},
    'leads': {
        'account_id': 'accounts',
        'contact_id': 'contacts',
        'owner_id': 'members',
        'captured_by': 'members',
        'disqualified_by': 'members',
        'merged_into_id': 'leads',
        'deal_id': 'deals',
    },
    'meetings': {'planned_by': 'members'},
    'needs_briefs': {'by': 'members'},
    'operation_steps': {'operation_id': 'operations'},
    'operations': {'member_id': 'members', 'undone_by': 'members'},
    'outbox': {'member_id': 'members'},
    'process_feedback': {'by': 'members', 'answered_by': 'members'},
    'promises': {'keeper_id': 'members', 'noted_by': 'members', 'closed_by': 'members'},
    'reminders': {'member_id': 'members', 'told_to': 'members', 'closed_by': 'members'},
    'touches': {'by': 'members'},
}
INDEXES = {  # by which the database sees, before a record is removed, that nothing refers to it
    'ix_accounts_merged_into_id': ('accounts', 'merged_into_id'),
    'ix_contacts_merged_into_id': ('contacts', 'merged_into_id'),
    'ix_leads_contact_id': ('leads', 'contact_id'),
    'ix_leads_merged_into_id': ('leads', 'merged_into_id'),
}
MOST_IN_A_LINE = 50
MOST_NAMED = 5

log = structlog.get_logger()


def upgrade() -> None:
    _mend(op.get_bind())
    for table in REFERABLE:
        op.create_index(op.f(f'ix_{table}_workspace_id_id'), table, ['workspace_id', 'id'], unique=True)
    for name, (table, column) in INDEXES.items():
        given = sa.text(f'{column} IS NOT NULL')
        op.create_index(name, table, ['workspace_id', column], sqlite_where=given, postgresql_where=given)
    op.create_index(op.f('ix_account_keys_workspace_id_account_id'), 'account_keys', ['workspace_id', 'account_id'])
    for table, columns in REFERENCES.items():
        with op.batch_alter_table(table) as batch_op:
            for column, referred in columns.items():
                name = batch_op.f(f'fk_{table}_workspace_id_{column}')
                batch_op.create_foreign_key(name, referred, ['workspace_id', column], ['workspace_id', 'id'])


def _mend(connection: sa.Connection) -> None:
    """Empty what leads nowhere.

    Raises UpgradeRefused for what cannot be emptied.
    """
    hopeless = []
    for table, columns in REFERENCES.items():
        may_be_empty = {column['name'] for column in sa.inspect(connection).get_columns(table) if column['nullable']}
        for column, referred in columns.items():
            rows = sa.table(table, *(sa.column(name) for name in {'workspace_id', 'id', column}))
            nowhere = _leads_nowhere(rows.c, column, referred)
            if table == 'account_keys':
                gone = connection.execute(rows.delete().where(nowhere)).rowcount
                if gone:
                    log.warning('keys of accounts that are gone were deleted', rows=gone)
            elif column in may_be_empty:
                _empty(connection, rows, column, nowhere)
            else:
                ids = connection.execute(sa.select(rows.c.id).where(nowhere).order_by(rows.c.id)).scalars().all()
                hopeless += [_sentence(table, column, referred, ids)] if ids else []
    if hopeless:
        raise UpgradeRefused(
            f'The database cannot be upgraded yet. {" ".join(hopeless)} Correct or delete these rows, and start again.'
        )


def _leads_nowhere(row: Any, column: str, referred: str) -> sa.ColumnElement[bool]:
    there = sa.table(referred, sa.column('workspace_id'), sa.column('id')).alias('there')
    found = sa.exists().where(there.c.id == row[column], there.c.workspace_id == row.workspace_id)
    return sa.and_(row[column].is_not(None), ~found)


def _empty(connection: sa.Connection, rows: Any, column: str, nowhere: sa.ColumnElement[bool]) -> None:
    held = connection.execute(sa.select(rows.c.id, rows.c[column]).where(nowhere).order_by(rows.c.id)).all()
    for start in range(0, len(held), MOST_IN_A_LINE):
        part = {number: value for number, value in held[start : start + MOST_IN_A_LINE]}
        log.warning('references to records that are not there were emptied', table=rows.name, column=column, held=part)
        connection.execute(rows.update().where(rows.c.id.in_(part)).values({column: None}))


def _sentence(table: str, column: str, referred: str, ids: Any) -> str:
    named = ', '.join(map(str, ids[:MOST_NAMED])) + (', …' if len(ids) > MOST_NAMED else '')
    rows = f'1 row (id {named}) refers' if len(ids) == 1 else f'{len(ids)} rows (id {named}) refer'
    return f'In {table}, {rows} by {column} to {referred} that are not there or belong to another workspace.'
