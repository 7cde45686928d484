"""Statements that never change but for their parameters, carried out at the driver's own speed.

SQLAlchemy writes them, for either database, with all conversions of values; that is done once. Carrying one out then takes only the
driver's cursor. SQLAlchemy's own way of executing costs five times as much again in bookkeeping we have no use for
(`python -m benchmarks.ack` measures what remains). Statements that are put together for each use still go SQLAlchemy's way.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Numeric, Select, Update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.engine.drivers import Driver

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]


class Fixed:
    """A statement to be kept as a module's constant."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self.statement = statement
        self._ready: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, driver: Driver, values: Values) -> list[Any]:
        """All rows, each with its columns as attributes."""
        compiled = self.compiled(driver, values)
        return compiled.rows(driver.rows(*compiled.call(values)))

    def count(self, driver: Driver, values: Values) -> int:
        """Carry out a change; how many rows it met."""
        return driver.count(*self.compiled(driver, values).call(values))

    def each(self, driver: Driver, many: Sequence[Values]) -> None:
        """Carry out a change once for each of `many`, which all have the same names."""
        compiled = self.compiled(driver, many[0])
        driver.each(compiled.sql, [compiled.parameters(values) for values in many])

    def compiled(self, driver: Driver, values: Values) -> "_Compiled":
        """The statement as this database takes it with these names."""
        key = (driver.dialect.name, *values)
        ready = self._ready.get(key)
        if ready is None:
            ready = self._ready[key] = _Compiled(self.statement, driver.dialect, values)
        return ready


class _Compiled:
    """A statement as one database takes it, with the conversions of its parameters and columns."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        names = [name for name in values if name in statement.table.c] if hasattr(statement, "table") else None
        compiler = statement.compile(dialect=dialect, column_keys=names)
        assert isinstance(compiler, SQLCompiler)
        self._compiler, self.sql = compiler, str(compiler)
        self._is_expanding = bool(compiler.post_compile_params)
        self._converts: dict[str, Convert] = dict(compiler._bind_processors)  # type: ignore[arg-type]
        order = compiler.positiontup or []
        self._constants = {name: compiler.params[name] for name in order if name not in values}
        self._places = [(name, self._converts.get(name)) for name in order]
        returned = getattr(statement, "selected_columns", None) or statement.exported_columns
        columns = list(returned)
        row: Any = namedtuple("Row", [column.key for column in columns]) if columns else None
        self._row = row and partial(tuple.__new__, row)  # half of what `row._make` takes, which counts the columns
        self._outward = [
            (place, convert) for place, column in enumerate(columns) if (convert := _reading(column.type, dialect))
        ]

    def parameters(self, values: Values) -> tuple[Any, ...]:
        """The parameters in the order the SQL has them, of values by name."""
        given = {**self._constants, **values} if self._constants else values
        return tuple([convert(given[name]) if convert else given[name] for name, convert in self._places])

    def call(self, values: Values) -> tuple[str, Sequence[Any]]:
        """The SQL and its parameters in order; a list in `values` becomes as many parameters as it has items."""
        if not self._is_expanding:
            return self.sql, self.parameters(values)
        expanded = self._compiler.construct_expanded_state(dict(values))
        converts = {**self._converts, **expanded.processors}
        return expanded.statement, tuple(
            convert(expanded.parameters[name]) if (convert := converts.get(name)) else expanded.parameters[name]
            for name in expanded.positiontup or ()
        )

    def rows(self, found: Sequence[Sequence[Any]]) -> list[Any]:
        """What the driver found, converted."""
        if not self._outward:
            return list(map(self._row, found))
        rows = []
        for row in found:
            cells = list(row)
            for place, convert in self._outward:
                cells[place] = convert(cells[place])
            rows.append(self._row(cells))
        return rows


def _reading(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """What makes of a value as the driver gives it one of ours; asyncpg gives exact numbers as they are."""
    if dialect.name == "postgresql" and isinstance(type_, Numeric):
        return None
    return type_.dialect_impl(dialect).result_processor(dialect, None)
