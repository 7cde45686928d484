"""What SQLite's planner is told of the tables: the same at any size, so that no plan changes while the firm is at work.

Untold, it takes the first column of an index for a choice of some ten rows. Ours begin with the workspace, which in most databases is
that of every row, so a page of twenty records looked up by their ids would read through all there are. Measuring with ANALYZE would mend
that until the sizes have changed. See "Manual Control Of Query Plans Using SQLITE_STAT Tables" in SQLite's documentation.
"""

from typing import Any

from sqlalchemy import Connection, text

ROWS = 1_000_000
"""Rows of a table, all of one workspace."""
NARROWS = 1_000
"""By how much each further column of an index narrows them."""
ALIKE = 10
"""Rows that have all columns of an index in common, unless it is unique."""

_INDEXES = text("""
    SELECT tables.name AS of_table, indexes.name AS name, indexes."unique" AS is_unique, count(*) AS columns,
        max(columns.name = 'workspace_id' AND columns.seqno = 0) AS is_by_workspace
    FROM sqlite_schema AS tables
    JOIN pragma_index_list(tables.name) AS indexes
    JOIN pragma_index_info(indexes.name) AS columns
    WHERE tables.type = 'table'
    GROUP BY tables.name, indexes.name
""")
_TELL = text("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES (:of_table, :name, :stat)")
_TAKE_UP = text("ANALYZE sqlite_schema")
"""Makes the table of what the planner goes by, and has it read; measures nothing that we ask for."""


def tell_planner(connection: Connection) -> None:
    """Replace what SQLite's planner goes by, for this connection and those opened from now on."""
    connection.execute(_TAKE_UP)
    connection.execute(text("DELETE FROM sqlite_stat1"))
    for index in connection.execute(_INDEXES).all():
        if index.is_by_workspace:
            connection.execute(_TELL, {"of_table": index.of_table, "name": index.name, "stat": _stat(index)})
    connection.execute(_TAKE_UP)


def _stat(index: Any) -> str:
    """How many rows there are, then how many share the first column, the first two, and so on, as SQLite writes it."""
    shared = [max(ROWS // NARROWS**number, ALIKE) for number in range(index.columns)]
    if index.is_unique:
        shared[-1] = 1
    return " ".join(str(count) for count in [ROWS, *shared])
