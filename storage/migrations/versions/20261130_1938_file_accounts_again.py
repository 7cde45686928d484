"""File accounts again: legal forms of all countries are left out of names now, and words that are names stay.

Keys are read by the rules of the code that runs, so they are made by them here, too. Steps that undoing would take back are told the new
names and keys.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from domain.sales.accounts import NewContact
from domain.sales.company_names import normal_name
from domain.sales.duplicates import KeyKind, keys_of

revision = '20261130_1938'
down_revision = '20261130_2017'

MOST_AT_ONCE = 1_000
OF_CONTACTS = (KeyKind.DOMAIN, KeyKind.PHONE)
ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
ACCOUNTS = sa.table(
    'accounts',
    sa.column('id', ID),
    sa.column('workspace_id', sa.String),
    sa.column('name', sa.Text),
    sa.column('normal_name', sa.Text),
    sa.column('merged_into_id', ID),
)
CONTACTS = sa.table(
    'contacts',
    sa.column('account_id', ID),
    sa.column('email', sa.Text),
    sa.column('phone', sa.Text),
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
    sa.column('workspace_id', sa.String),
    sa.column('operation_id', ID),
    sa.column('of_table', sa.String),
    sa.column('of_row', JSON),
    sa.column('before', JSON),
    sa.column('after', JSON),
)

Named = dict[tuple[int, str], str]
"""What accounts are called or were called, by their ids and former normal names."""


def upgrade() -> None:
    connection = op.get_bind()
    accounts = connection.execute(sa.select(ACCOUNTS)).all()
    steps = connection.execute(sa.select(STEPS).where(STEPS.c.of_table.in_(['accounts', 'account_keys']))).all()
    renamed = [step for step in steps if step.of_table == 'accounts']
    named = _named(accounts, renamed)
    for step in renamed:
        _change_step(connection, step, _with_normal_name)
    _file_again(connection, accounts)
    _say_keys_again(connection, [step for step in steps if step.of_table == 'account_keys'], renamed, accounts, named)


def _file_again(connection: sa.Connection, accounts: Iterable[Any]) -> None:
    """Names of those that were merged lead to the account that took them over."""
    people: defaultdict[int, list[NewContact]] = defaultdict(list)
    for row in connection.execute(sa.select(CONTACTS).where(CONTACTS.c.merged_into_id.is_(None))):
        people[row.account_id].append(NewContact(email=row.email, phone=row.phone))
    names = {account.id: normal_name(account.name) for account in accounts}
    for account in accounts:
        if account.normal_name != names[account.id]:
            this = ACCOUNTS.update().where(ACCOUNTS.c.id == account.id)
            connection.execute(this.values(normal_name=names[account.id]))
    filed = sorted(
        {
            (account.workspace_id, value, kind.value, stands, names[stands])
            for account in accounts
            for stands in [account.merged_into_id or account.id]
            for kind, value in keys_of(account.name, people[account.id])
        }
    )
    connection.execute(KEYS.delete())
    for start in range(0, len(filed), MOST_AT_ONCE):
        rows = [dict(zip(KEYS.c.keys(), row)) for row in filed[start : start + MOST_AT_ONCE]]
        connection.execute(KEYS.insert(), rows)


def _named(accounts: Iterable[Any], renamed: Iterable[Any]) -> Named:
    said = [
        (step.of_row['id'], columns)
        for step in renamed
        for columns in (step.before, step.after)
        if columns and {'name', 'normal_name'} <= columns.keys()
    ]
    named = {(number, columns['normal_name']): columns['name'] for number, columns in said}
    return named | {(account.id, account.normal_name): account.name for account in accounts}


def _change_step(connection: sa.Connection, step: Any, now: Any) -> None:
    values = {name: now(getattr(step, name)) for name in ('before', 'after')}
    if values != {'before': step.before, 'after': step.after}:
        connection.execute(STEPS.update().where(STEPS.c.id == step.id).values(**values))


def _with_normal_name(columns: dict[str, Any] | None) -> dict[str, Any] | None:
    if columns and {'name', 'normal_name'} <= columns.keys():
        return {**columns, 'normal_name': normal_name(columns['name'])}
    return columns


def _say_keys_again(
    connection: sa.Connection, steps: Iterable[Any], renamed: Iterable[Any], accounts: Iterable[Any], named: Named
) -> None:
    """Let the steps of an operation be about the keys of the names they were about."""
    together = {(account.merged_into_id, account.id) for account in accounts if account.merged_into_id}
    touched = defaultdict(set)
    for step in renamed:
        touched[step.operation_id].add(step.of_row['id'])
    groups: defaultdict[tuple[str, int, int, bool], list[Any]] = defaultdict(list)
    for step in steps:
        groups[step.workspace_id, step.operation_id, step.of_row['account_id'], step.before is None].append(step)
    for (workspace, operation, account, is_added), group in sorted(groups.items(), key=lambda each: each[0]):
        related = {account, *touched[operation], *(goes for stays, goes in together if stays == account)}
        normal = (group[0].after or group[0].before)['normal_name']
        now = normal_name(named.get((account, normal), normal))
        for step in group:
            if step.of_row['kind'] in OF_CONTACTS:
                _change_step(connection, step, lambda columns: columns and {**columns, 'normal_name': now})
            else:
                connection.execute(STEPS.delete().where(STEPS.c.id == step.id))
        former = [step.of_row['value'] for step in group if step.of_row['kind'] == KeyKind.NAME]
        for kind, value in sorted(set(_keys(former, related, named))):
            row = {'value': value, 'kind': kind.value, 'account_id': account}
            columns = {**row, 'normal_name': now}
            said = {'before': None, 'after': columns} if is_added else {'before': columns, 'after': None}
            step = {'workspace_id': workspace, 'operation_id': operation, 'of_table': 'account_keys', 'of_row': row}
            connection.execute(STEPS.insert().values(**step, **said))


def _keys(former: Iterable[str], related: Iterable[int], named: Named) -> Iterator[Any]:
    for normal in former:
        names = {named[number, normal] for number in related if (number, normal) in named}
        for name in names or {normal}:
            yield from keys_of(name)
