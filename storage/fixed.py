"""Statements that never change but for their parameters, carried out at the driver's own speed.

SQLAlchemy writes them, for either database, with all conversions of values; that is done once. Carrying one out then takes only the
driver's cursor. SQLAlchemy's own way of executing costs five times as much again in bookkeeping we have no use for
(`python -m benchmarks.ack` measures what remains). Statements that are put together for each use still go SQLAlchemy's way.
"""

import re
from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from typing import Any

from sqlalchemy import Delete, Dialect, Insert, Numeric, Select, Table, Update
from sqlalchemy.sql import visitors
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

from storage.drivers import Driver, SqliteDriver

Values = Mapping[str, Any]
Convert = Callable[[Any], Any]

PARAMETER = re.compile(r"\$(\d+)")


class Fixed:
    """A statement to be kept as a module's constant."""

    def __init__(self, statement: Select[Any] | Insert | Update | Delete) -> None:
        self.statement = statement
        self._ready: dict[tuple[str, ...], _Compiled] = {}

    @cached_property
    def tables(self) -> frozenset[str]:
        """The names of the tables it is about, with those it only looks into."""
        return frozenset(part.name for part in visitors.iterate(self.statement) if isinstance(part, Table))

    def rows(self, driver: Driver, values: Values) -> list[Any]:
        """All rows, each with its columns as attributes."""
        compiled = self.compiled(driver, values)
        return compiled.rows(driver.rows(*compiled.call(values)))

    def count(self, driver: Driver, values: Values) -> int:
        """Carry out a change; how many rows it met."""
        return driver.count(*self.compiled(driver, values).call(values))

    def new_id(self, driver: SqliteDriver, values: Values) -> int:
        """Insert a row on SQLite; the id it got."""
        return driver.new_id(*self.compiled(driver, values).call(values))

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


def carry_out_together(driver: Driver, waiting: Sequence[tuple[Fixed, Sequence[Values]]]) -> None:
    """Carry out changes, those by the same statement together and in their order; between statements no order is promised. The values
    that wait for one statement all have the same names.

    PostgreSQL gets them in one, which is one trip over the network and all or nothing by itself: `WITH a AS (INSERT …), b AS (UPDATE …)
    SELECT 1`.
    """
    gathered: dict[_Compiled, list[Values]] = {}
    for statement, many in waiting:
        gathered.setdefault(statement.compiled(driver, many[0]), []).extend(many)
    if isinstance(driver, SqliteDriver):
        for compiled, many in gathered.items():
            driver.each(compiled.sql, [compiled.parameters(values) for values in many])
        return
    parameters = [
        cell for compiled, many in gathered.items() for values in many for cell in compiled.parameters(values)
    ]
    driver.rows(_together(tuple((compiled, len(many)) for compiled, many in gathered.items())), parameters)


@lru_cache(maxsize=256)
def _together(shape: "tuple[tuple[_Compiled, int], ...]") -> str:
    """The one statement of those in `shape`, each with as many rows."""
    parts: list[str] = []
    count = 0
    for compiled, many in shape:
        head, row, tail = compiled.around_values()
        rows = [_renumbered(row, count + number * compiled.size) for number in range(many)]
        parts += [head + ", ".join(rows) + tail] if head else rows
        count += many * compiled.size
    named = ", ".join(f"part_{number} AS ({part})" for number, part in enumerate(parts))
    return f"WITH {named} SELECT 1"


def _renumbered(sql: str, offset: int) -> str:
    """The SQL with its parameters counted from `offset` on."""
    return PARAMETER.sub(lambda found: f"${int(found[1]) + offset}", sql) if offset else sql


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
        self.size = len(order)
        constants = {name: compiler.params[name] for name in order if name not in values}
        self.parameters = _tuple_maker(order, self._converts, constants)
        """The parameters in the order the SQL has them, of values by name."""
        returned = getattr(statement, "selected_columns", None) or statement.exported_columns
        columns = list(returned)
        row: Any = namedtuple("Row", [column.key for column in columns]) if columns else None
        self._row = row and partial(tuple.__new__, row)  # half of what `row._make` takes, which counts the columns
        self._outward = [
            (place, convert) for place, column in enumerate(columns) if (convert := _reading(column.type, dialect))
        ]

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
            return list(map(self._row, found))
        rows = []
        for row in found:
            cells = list(row)
            for place, convert in self._outward:
                cells[place] = convert(cells[place])
            rows.append(self._row(cells))
        return rows


def _tuple_maker(
    order: Sequence[str], converts: Mapping[str, Convert], constants: Values
) -> Callable[[Values], tuple[Any, ...]]:
    """A function that puts values in `order`, converted: written out as source, as namedtuple's are, it takes half the time of a loop."""
    source, outside = "", dict[str, Any]()
    for place, name in enumerate(order):
        convert = converts.get(name)
        if name in constants:
            outside[f"constant_{place}"] = convert(constants[name]) if convert else constants[name]
            source += f"constant_{place}, "
        elif convert:
            outside[f"convert_{place}"] = convert
            source += f"convert_{place}(values[{name!r}]), "
        else:
            source += f"values[{name!r}], "
    return eval(f"lambda values: ({source})", outside)  # type: ignore[no-any-return]


def _reading(type_: TypeEngine[Any], dialect: Dialect) -> Convert | None:
    """What makes of a value as the driver gives it one of ours; asyncpg gives exact numbers as they are."""
    if dialect.name == "postgresql" and isinstance(type_, Numeric):
        return None
    return type_.dialect_impl(dialect).result_processor(dialect, None)
