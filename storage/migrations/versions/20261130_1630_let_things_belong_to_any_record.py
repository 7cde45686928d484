"""Let touches, meetings, briefs, documents, promises and channels belong to any record.

They named a deal or a lead in a column of its own. Now each says the noun and the id of its record, whatever kind that is, as cards and
feedback did before. What was in the columns that go stands in the new ones, and so it does in the steps that undoing takes back.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.migrations import UpgradeRefused

revision = '20261130_1630'
down_revision = '20261130_1615'

ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BELONG = {
    'touches': {'lead_id': 'lead', 'deal_id': 'deal'},
    **{
        table: {'deal_id': 'deal'}
        for table in ('meetings', 'needs_briefs', 'documents', 'promises', 'deal_channels')
    },
}
"""Tables, with the columns that go and the noun of the record each held."""
UNIQUE = {  # besides the workspace and the record
    'needs_briefs': ('version',),
    'documents': ('kind', 'sha256'),
    'promises': ('channel', 'ts'),
    'deal_channels': (),
}
FORMER_INDEXES = {
    'touches': ('ix_touches_workspace_id_lead_id_at', 'ix_touches_deal_id'),
    'meetings': ('ix_meetings_workspace_id_deal_id_at',),
}
MAY_BE_NOBODYS = 'deal_channels'
"""A channel outlives a deal whose making was undone."""
RECORD = ['workspace_id', 'subject', 'subject_id']
MOST_NAMED = 5
STEPS = sa.table(
    'operation_steps',
    sa.column('id', ID),
    sa.column('of_table', sa.String),
    sa.column('before', sa.JSON(none_as_null=True)),
    sa.column('after', sa.JSON(none_as_null=True)),
)


def upgrade() -> None:
    for table in BELONG:
        op.add_column(table, sa.Column('subject', sa.String(length=16), nullable=True))
        op.add_column(table, sa.Column('subject_id', ID, nullable=True))
    connection = op.get_bind()
    for table, columns in BELONG.items():
        _fill(connection, table, columns)
    for table, columns in BELONG.items():
        _exchange(table, columns)
    for step in connection.execute(sa.select(STEPS).where(STEPS.c.of_table.in_(BELONG))).all():
        said = {name: _said(getattr(step, name), BELONG[step.of_table]) for name in ('before', 'after')}
        connection.execute(STEPS.update().where(STEPS.c.id == step.id).values(**said))


def _fill(connection: sa.Connection, table: str, columns: dict[str, str]) -> None:
    """Say of each row to which record it belongs.

    Raises UpgradeRefused where rows belong to none, or to two.
    """
    rows = sa.table(table, *(sa.column(name) for name in ('id', 'subject', 'subject_id', *columns)))
    for column, noun in columns.items():
        held = rows.c[column].is_not(None)
        connection.execute(rows.update().where(held).values(subject=noun, subject_id=rows.c[column]))
    holders = sum(sa.case((rows.c[column].is_not(None), 1), else_=0) for column in columns)
    if table != MAY_BE_NOBODYS:
        odd = connection.execute(sa.select(rows.c.id).where(holders != 1).order_by(rows.c.id)).scalars().all()
        if odd:
            named = ', '.join(map(str, odd[:MOST_NAMED])) + (', …' if len(odd) > MOST_NAMED else '')
            raise UpgradeRefused(
                f'The database cannot be upgraded yet. In {table}, each row must belong to one record, by {" or ".join(columns)}; '
                f'{len(odd)} do not (id {named}). Correct or delete them, and start again.'
            )


def _exchange(table: str, columns: dict[str, str]) -> None:
    """Put the new columns in the place of those that go, in indexes and unique constraints, too."""
    with op.batch_alter_table(table) as batch_op:
        for index in FORMER_INDEXES.get(table, ()):
            batch_op.drop_index(index)
        if table in UNIQUE:
            former = ['workspace_id', 'deal_id', *UNIQUE[table]]
            batch_op.drop_constraint(batch_op.f(f'uq_{table}_{"_".join(former)}'), type_='unique')
        if table != MAY_BE_NOBODYS:
            batch_op.alter_column('subject', existing_type=sa.String(length=16), nullable=False)
            batch_op.alter_column('subject_id', existing_type=ID, nullable=False)
        for column in columns:
            batch_op.drop_column(column)
        if table in UNIQUE:
            unique = [*RECORD, *UNIQUE[table]]
            batch_op.create_unique_constraint(batch_op.f(f'uq_{table}_{"_".join(unique)}'), unique)
        else:
            batch_op.create_index(batch_op.f(f'ix_{table}_{"_".join(RECORD)}_at'), [*RECORD, 'at'])


def _said(row: dict[str, Any] | None, columns: dict[str, str]) -> dict[str, Any] | None:
    """A row, or what changed of one, with the new columns in the place of those that go."""
    if row is None or not columns.keys() & row.keys():
        return row
    kept = {name: value for name, value in row.items() if name not in columns}
    return kept | dict(_belongs(row, columns))


def _belongs(row: dict[str, Any], columns: dict[str, str]) -> Iterator[tuple[str, Any]]:
    for column, noun in columns.items():
        if row.get(column) is not None:
            yield 'subject_id', row[column]
            if 'id' in row:  # the whole row, not only what changed of it, which is never the kind of its record
                yield 'subject', noun
