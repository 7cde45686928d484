"""What an import says on the terminal: how the file was read, how far it is, what became of the rows, and what was undone."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from rich.console import Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as Grid
from rich.text import Text

from bot.terminal import out
from domain.core.operations import Undone
from domain.files.columns import REASON, Table
from domain.files.data_quality import doubts_of
from domain.files.imports import Dirt, Fate, Import, ImportState, RefusedRow, Verdict
from domain.files.sheets import Sheet
from usecases.files.imports import Run

MOST_SHOWN = 60
"""Rows of a table on the terminal; the files of `--report` and `--refused` have them all."""
MOST_EXAMPLES = 12
"""New records that are listed, since there is nothing to be compared."""
DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "pipes"}


def progress(total: int) -> AbstractContextManager[Callable[[int], None]]:
    """A bar that is told how many rows are done; nothing where nobody is looking at a terminal."""
    return _Bar(total) if out.is_terminal else nullcontext(lambda _count: None)


class _Bar(AbstractContextManager[Callable[[int], None]]):
    def __init__(self, total: int) -> None:
        parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._progress = Progress(*parts, console=out, transient=True)
        self._task = self._progress.add_task("rows", total=total)

    def __enter__(self) -> Callable[[int], None]:
        self._progress.start()
        return lambda count: self._progress.advance(self._task, count)

    def __exit__(self, *_error: object) -> None:
        self._progress.stop()


def opening(name: str, sheet: Sheet, table: Table) -> str:
    """How the file was read, before anything is done with it."""
    titles = {sheet.header[place]: field for place, field in sorted(table.columns.fields.items())}
    taken = ", ".join(title if title == field else f"{title} → {field}" for title, field in titles.items())
    rows = "1 row" if len(sheet.rows) == 1 else f"{len(sheet.rows)} rows"
    lines = [
        f"{name}: {rows} in {sheet.encoding}, separated by {DELIMITER_NAMES.get(sheet.delimiter, sheet.delimiter)}.",
        f"Taken over: {taken}.",
    ]
    if sheet.is_guess:
        lines.append(
            f"This is not UTF-8; it was read as {sheet.encoding}, which it looks like. "
            "Look at names with accents before you trust it; --encoding says another."
        )
    if table.columns.left_out:
        lines.append(f"Not taken over: {', '.join(table.columns.left_out)}.")
    for swap in table.swaps:
        rows = "1 row" if swap.count == 1 else f"{swap.count} rows"
        where = f"in {rows}" if swap.count else "but no row has that"
        lines.append(f"Read as meant: {swap.field} {swap.found} → {swap.meant}, {where}.")
    lines += table.notes
    return "\n".join(lines)


def report(table: Table, run: Run, *, is_rehearsal: bool, seconds: float) -> Group:
    """What became of the rows."""
    dirt = doubts_of(table.rows, run.verdicts)
    parts: list[Any] = [_dirt_table(dirt)] if dirt else []
    made = [verdict for verdict in run.verdicts if verdict.fate is Fate.MADE]
    if made and is_rehearsal:
        parts.append(_made_table(made))
    changed = [verdict for verdict in run.verdicts if verdict.changes and verdict.fate is Fate.CHANGED]
    if changed:
        parts.append(_changed_table(changed))
    if run.refused:
        parts.append(_refused_table(run.refused))
    parts.append(_count_table(table, run, is_rehearsal=is_rehearsal))
    parts.append(Text(_closing(run, is_rehearsal=is_rehearsal, seconds=seconds)))
    return Group(*parts)


def _closing(run: Run, *, is_rehearsal: bool, seconds: float) -> str:
    pace = f"{len(run.verdicts)} rows in {seconds:.1f} s, {len(run.verdicts) / max(seconds, 0.001):.0f} a second."
    if is_rehearsal:
        return f"This was a dry run: nothing was written. {pace}"
    if run.kept is None:
        return f"Nothing was changed. {pace}"
    before = run.done - len(run.verdicts)
    begun = f" It went on after {before} rows that were dealt with before." if before else ""
    return f"This is import {run.kept.code}; `rainmaker import undo {run.kept.number}` takes it back.{begun} {pace}"


def _count_table(table: Table, run: Run, *, is_rehearsal: bool) -> Grid:
    name = table.kind.value.capitalize()
    grid = Grid(title=f"{name}, dry run" if is_rehearsal else name)
    for fate in Fate:
        grid.add_column(fate.value, justify="right")
    grid.add_row(*(str(run.tally.get(fate, 0)) for fate in Fate))
    return grid


def _dirt_table(dirt: Sequence[Dirt]) -> Grid:
    grid = _grid("Worth a look; kept as found", "rows", "field", "value", "remark")
    for remark in dirt[:MOST_SHOWN]:
        grid.add_row(
            _numbers(remark.rows), remark.field, Text(remark.value), Text(remark.on_terminal or remark.sentence)
        )
    return _with_rest(grid, len(dirt), MOST_SHOWN)


def _made_table(made: Sequence[Verdict]) -> Grid:
    grid = _grid("Would be made", "row", "record")
    for verdict in made[:MOST_EXAMPLES]:
        grid.add_row(str(verdict.row.number), Text(verdict.record))
    return _with_rest(grid, len(made), MOST_EXAMPLES)


def _changed_table(changed: Sequence[Verdict]) -> Grid:
    grid = _grid("Changed", "row", "record", "field", "from", "to")
    for verdict in changed[:MOST_SHOWN]:
        for change in verdict.changes:
            cells = (Text(verdict.record), Text(change.field), Text(change.old), Text(change.new))
            grid.add_row(str(verdict.row.number), *cells)
    return _with_rest(grid, len(changed), MOST_SHOWN)


def _refused_table(refused: Sequence[RefusedRow]) -> Grid:
    grid = _grid("Refused", "row", "field", "value", "reason")
    for row in refused[:MOST_SHOWN]:
        for remark in row.remarks:
            field = "" if remark.field == REASON else remark.field
            grid.add_row(str(row.number), field, Text(remark.value), Text(remark.on_terminal or remark.sentence))
    return _with_rest(grid, len(refused), MOST_SHOWN)


def _grid(title: str, *columns: str) -> Grid:
    grid = Grid(title=title)
    for column in columns:
        grid.add_column(column, overflow="fold")
    return grid


def _with_rest(grid: Grid, total: int, most: int) -> Grid:
    if total > most:
        grid.caption = f"and {total - most} more"
    return grid


def _numbers(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:8]))
    return shown if len(rows) <= 8 else f"{shown} … ({len(rows)} rows)"


def import_list(found: Sequence[Import]) -> Grid | Text:
    """The latest imports."""
    if not found:
        return Text("Nothing has been imported yet.")
    grid = _grid("Imports", "number", "kind", "file", "by", "at", *(fate.value for fate in Fate), "state")
    for one in found:
        counts = (str(one.count(fate)) for fate in Fate)
        at = f"{one.at:%Y-%m-%d %H:%M}"
        grid.add_row(one.code, one.kind.value, Text(one.file), Text(one.by.name), at, *counts, Text(_state(one)))
    return grid


def _state(one: Import) -> str:
    if one.operation and one.operation.undone_at:
        by = f" by {one.operation.undone_by.name}" if one.operation.undone_by else ""
        kept = f", {one.kept} kept" if one.kept else ""
        return f"undone{by}{kept}"
    if one.state is ImportState.UNDER_WAY:
        return f"under way or broken off, {one.done} of {one.total} rows"
    return one.state.value


def undone_sentences(undone: Undone, names: Sequence[str]) -> str:
    """What came of undoing an import."""
    lines = [f"Undone: {undone.operation.summary} {undone.restored} rows of the database stand as they did before."]
    if undone.kept:
        lines.append(f"{undone.kept} were kept, because they are in use or somebody has worked on them since:")
        lines += [f"  {name}" for name in names[:MOST_SHOWN]]
        others = undone.kept - len(names[:MOST_SHOWN])
        lines += [f"  and {others} more"] if others > 0 else []
    return "\n".join(lines)
