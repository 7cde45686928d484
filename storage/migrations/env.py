"""Alembic's entry point: runs the steps on the connection it is handed."""

from typing import Any, Literal

from alembic import context

from storage.columns import Json, Moment
from storage.schema import metadata


def plain_type(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our own types as what they are, so that a recorded step never changes with the code."""
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and item is Json:
        return "sa.JSON().with_variant(postgresql.JSONB(), 'postgresql')"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_type=True,
    render_item=plain_type,
)
with context.begin_transaction():
    context.run_migrations()
