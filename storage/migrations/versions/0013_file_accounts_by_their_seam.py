"""File accounts by their seam.

Very many names end alike, and whoever captured a company was compared with all of its kind: the longer the list of accounts, the longer
it took. A name of several words is found by where its last word begins instead. Steps that undoing would take back are told the same.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0013'
down_revision = '0012'

MOST_AT_ONCE = 1_000
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
ACCOUNTS = sa.table(
    'accounts',
    sa.column('id', ID),
    sa.column('workspace_id', sa.String),
    sa.column('normal_name', sa.Text),
    sa.column('merged_into_id', ID),
)
KEYS = sa.table(
    'account_keys',
    sa.column('workspace_id', sa.String),
    sa.column('value', sa.Text),
    sa.column('kind', sa.String),
    sa.column('account_id', ID),
    sa.column('normal_name', sa.Text),
)
STEPS = sa.table(
    'operation_steps',
    sa.column('id', ID),
    sa.column('of_table', sa.String),
    sa.column('of_row', sa.JSON),
    sa.column('before', sa.JSON(none_as_null=True)),
    sa.column('after', sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    connection = op.get_bind()
    connection.execute(KEYS.delete().where(KEYS.c.kind == 'tail'))
    accounts = connection.execute(sa.select(ACCOUNTS)).all()
    names = {account.id: account.normal_name for account in accounts}
    filed = sorted({_filed(account, names) for account in accounts})
    for start in range(0, len(filed), MOST_AT_ONCE):
        rows = [dict(zip(KEYS.c.keys(), row)) for row in filed[start : start + MOST_AT_ONCE]]
        connection.execute(KEYS.insert(), rows)
    for step in connection.execute(sa.select(STEPS).where(STEPS.c.of_table == 'account_keys')).all():
        if step.of_row['kind'] == 'tail':
            _say_anew(connection, step)


def _filed(account: Any, names: dict[int, str]) -> tuple[str, str, str, int, str]:
    """A row of account_keys; the names of those that were merged lead to the account that took them over."""
    kind, value = _end(account.normal_name)
    stands = account.merged_into_id or account.id
    return account.workspace_id, value, kind, stands, names[stands]


def _say_anew(connection: sa.Connection, step: Any) -> None:
    """Let a step be about the new key; one about the name of an account that was merged does not say that name, and goes."""
    normal = (step.before or step.after)['normal_name']
    this = STEPS.c.id == step.id
    if step.of_row['value'] != _former_tail(normal):
        connection.execute(STEPS.delete().where(this))
        return
    kind, value = _end(normal)
    now = {
        name: {**columns, 'kind': kind, 'value': value}
        for name in ('of_row', 'before', 'after')
        if (columns := getattr(step, name)) is not None
    }
    connection.execute(STEPS.update().where(this).values(**now))


def _end(normal: str) -> tuple[str, str]:
    front, _gap, last = normal.rpartition(' ')
    front = front.removesuffix(' and').replace(' ', '')
    if len(front) >= 7:
        return 'seam', f'{front[-2:]} {last[:2]}'
    letters = normal.replace(' ', '')
    return 'tail', letters[-max(2, min(4, (len(letters) - 1) // 2)) :]


def _former_tail(normal: str) -> str:
    letters = normal.replace(' ', '')
    return letters[-max(2, min(4, len(letters) // 2)) :]
