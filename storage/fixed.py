"""Statements that never change but for their parameters, carried out at the driver's own speed.

SQLAlchemy writes them, for either database, with all conversions of values; that is done once. Carrying one out then takes only the
driver's cursor. SQLAlchemy's own way of executing costs five times as much again in bookkeeping we have no use for
(`python -m benchmarks.ack` measures what remains). Statements that are put together for each use still go SQLAlchemy's way.
"""

import re
import sqlite3
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Dialect, Insert, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.util import await_only

Values = Mapping[str, Any]
Convert = Callable[[Any], Any] | None


PARAMETER = re.compile(r"\$(\d+)")


class Fixed:
    """A statement to be kept as a module's constant."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self.statement = statement
        self._ready: dict[tuple[str, frozenset[str]], _Compiled] = {}

    def rows(self, connection: Connection, values: Values) -> list[Any]:
        """All rows, each with its columns as attributes."""
        compiled = self._compiled(connection.dialect, values)
        sql, parameters = compiled.call(values)
        if connection.dialect.name == "postgresql":
            return compiled.rows(await_only(_asyncpg(connection).fetch(sql, *parameters)))
        return compiled.rows(_sqlite(connection).execute(sql, parameters).fetchall())

    def count(self, connection: Connection, values: Values) -> int:
        """Carry out a change; how many rows it met."""
        sql, parameters = self._compiled(connection.dialect, values).call(values)
        if connection.dialect.name == "postgresql":
            status: str = await_only(_asyncpg(connection).execute(sql, *parameters))
            return int(status.rpartition(" ")[2])  # such as `INSERT 0 1`
        return _sqlite(connection).execute(sql, parameters).rowcount

    def each(self, connection: Connection, many: Sequence[Values]) -> None:
        """Carry out a change once for each of `many`, which all have the same names."""
        compiled = self._compiled(connection.dialect, many[0])
        parameters = [compiled.parameters(values) for values in many]
        if connection.dialect.name == "postgresql":
            await_only(_asyncpg(connection).executemany(compiled.sql, parameters))
        else:
            _sqlite(connection).executemany(compiled.sql, parameters)

    def _compiled(self, dialect: Dialect, values: Values) -> "_Compiled":
        key = (dialect.name, frozenset(values))
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = _Compiled(self.statement, dialect, values)
        return ready


def carry_out_together(connection: Connection, waiting: Sequence[tuple[Fixed, Sequence[Values]]]) -> None:
    """Carry out changes on PostgreSQL in one statement and so one trip over the network: `WITH a AS (INSERT …), b AS (UPDATE …) SELECT 1`.

    PostgreSQL promises no order between the parts; rows for the same INSERT become one part, and keep theirs.
    """
    gathered: dict[_Compiled, list[Values]] = {}
    for statement, many in waiting:
        for values in many:
            gathered.setdefault(statement._compiled(connection.dialect, values), []).append(values)
    parts: list[str] = []
    parameters: list[Any] = []
    for compiled, many in gathered.items():
        head, row, tail = compiled.around_values()
        rows = []
        for values in many:
            rows.append(_renumbered(row, len(parameters)))
            parameters.extend(compiled.parameters(values))
        parts += [head + ", ".join(rows) + tail] if head else rows
    named = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(parts))
    await_only(_asyncpg(connection).fetch(f"WITH {named} SELECT 1", *parameters))


def _renumbered(sql: str, offset: int) -> str:
    """The SQL with its parameters counted from `offset` on."""
    return PARAMETER.sub(lambda found: f"${int(found[1]) + offset}", sql) if offset else sql


def _sqlite(connection: Connection) -> sqlite3.Connection:
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    return driver


def _asyncpg(connection: Connection) -> Any:
    """The driver's connection, in SQLAlchemy's transaction, which it would begin with the first statement of its own."""
    adapted: Any = connection.connection.dbapi_connection
    if adapted._transaction is None:
        await_only(adapted._start_transaction())
    return adapted.driver_connection


class _Compiled:
    """A statement as one database takes it, with the conversions of its parameters and columns."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        names = [name for name in values if name in statement.table.c] if hasattr(statement, "table") else None
        compiler = statement.compile(dialect=dialect, column_keys=names)
        assert isinstance(compiler, SQLCompiler)
        self._compiler, self.sql = compiler, str(compiler)
        self._is_expanding = bool(compiler.post_compile_params)
        self._defaults = compiler.params
        self._converts: dict[str, Convert] = dict(compiler._bind_processors)  # type: ignore[arg-type]
        self._order = compiler.positiontup or []
        returned = getattr(statement, "selected_columns", None) or statement.exported_columns
        columns = list(returned)
        self._row: Any = namedtuple("Row", [column.key for column in columns]) if columns else None
        self._outward = [
            (position, convert)
            for position, column in enumerate(columns)
            if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
        ]

    def call(self, values: Values) -> tuple[str, tuple[Any, ...]]:
        """The SQL and its parameters in order; a list in `values` becomes as many parameters as it has items."""
        if not self._is_expanding:
            return self.sql, self.parameters(values)
        expanded = self._compiler.construct_expanded_state(dict(values))
        converts = {**self._converts, **expanded.processors}
        return expanded.statement, tuple(
            convert(expanded.parameters[name]) if (convert := converts.get(name)) else expanded.parameters[name]
            for name in expanded.positiontup or ()
        )

    def parameters(self, values: Values) -> tuple[Any, ...]:
        """The parameters in the order the SQL has them."""
        found = []
        for name in self._order:
            value = values[name] if name in values else self._defaults[name]
            convert = self._converts.get(name)
            found.append(convert(value) if convert else value)
        return tuple(found)

    def around_values(self) -> tuple[str, str, str]:
        """The SQL of an INSERT before, in and after its one row of values; of any other change all of it is in the middle."""
        before, values, rest = self.sql.partition(" VALUES ")
        if not values:
            return "", self.sql, ""
        row, on_conflict, after = rest.partition(" ON CONFLICT ")
        return before + values, row, on_conflict + after

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """What the driver found, converted."""
        if not self._outward:
            return [self._row(*row) for row in found]
        rows = []
        for row in found:
            cells = list(row)
            for position, convert in self._outward:
                cells[position] = convert(cells[position])
            rows.append(self._row(*cells))
        return rows
