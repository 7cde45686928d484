"""What a merge moves: everything that refers to the one record, by what the schema says of its columns."""

from typing import Any

from sqlalchemy import Table

from storage.columns import WhenGone
from storage.engine.relations import referring_to
from storage.engine.scope import Scope, update_here


def hand_over(scope: Scope, table: Table, goes: int, stays: int) -> None:
    """Let whatever holds one record of a table hold another, also what was merged into the one before; its parts stay its own."""
    for reference in referring_to(table, WhenGone.HOLDS):
        held = update_here(reference.table).where(reference.column == goes, reference.is_about(table))
        values: dict[str, Any] = {reference.column.name: stays}
        if "version" in reference.table.c:
            values["version"] = reference.table.c.version + 1
        scope.change(held.values(values))
