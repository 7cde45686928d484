"""Statements compiled once for a whole test process: each test has a database of its own, and SQLAlchemy would compile everything again."""

from typing import Any

from sqlalchemy import Connection, Engine, event

Key = tuple[Any, ...]


class Statements(dict[Key, Any]):
    """What SQLAlchemy looks a compiled statement up in: by the kind of database, not by the one it was compiled for."""

    def get(self, key: Key, default: Any = None) -> Any:
        """The statement, if it was compiled for any database of this kind."""
        return super().get(_of_kind(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_kind(key), compiled)


def _of_kind(key: Key) -> Key:
    dialect, *statement = key
    return (dialect.name, *statement)


def share() -> None:
    """Let the connections of all databases look into the same place."""
    statements = Statements()

    @event.listens_for(Engine, "engine_connect")
    def on_connect(connection: Connection) -> None:
        connection.execution_options(compiled_cache=statements)
