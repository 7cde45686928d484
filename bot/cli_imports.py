"""`rainmaker import` and `rainmaker export`: accounts and leads from and to CSV files."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.settings import read_settings
from bot.terminal import out, refusals_in_words, with_database
from domain.clock import SystemClock
from domain.imports import (
    REASON,
    Columns,
    Dirt,
    Fate,
    Records,
    Row,
    Verdict,
    channel_in,
    dirt_in,
    plan_columns,
    refused_file,
    remarks_by_row,
    rows_in,
)
from domain.people import Actor
from domain.playbook import SalesPlaybook, load_sales
from domain.refusals import RuleBroken
from domain.sheets import Sheet, read_sheet
from domain.usecases.imports import ImportDesk
from domain.usecases.upkeep import UpkeepDesk
from storage.database import Database
from storage.migrations import current, newest
from storage.unit_of_work import DatabaseStore

MOST_SHOWN = 60
"""Rows of a table on the terminal; the file of refused rows has them all."""
DELIMITER_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs"}

imports = typer.Typer(no_args_is_help=True, help="Take accounts and leads over from a CSV file.")
exports = typer.Typer(no_args_is_help=True, help="Write accounts and leads to a CSV file.")

File = Annotated[Path, typer.Argument(help="The CSV file.")]
Map = Annotated[
    list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="Which field a column is; repeatable.")
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="A column to leave out; repeatable.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would become of each row, and write nothing.")]
Refused = Annotated[Path | None, typer.Option("--refused", help="Where to write the rows that were refused, as CSV.")]
Workspace = Annotated[
    str | None, typer.Option("--workspace", metavar="T…", help="The workspace, where there are several.")
]
As = Annotated[
    str | None, typer.Option("--as", metavar="U…", help="Slack id of who acts; the first admin unless said otherwise.")
]


@dataclass(frozen=True, kw_only=True)
class _Order:
    """One import as it was asked for."""

    kind: Records
    path: Path
    asked: Sequence[str]
    ignored: Sequence[str]
    is_rehearsal: bool
    refused: Path | None
    workspace: str | None
    slack_id: str | None
    channel: str | None = None


@imports.command("accounts")
def import_accounts(
    file: File,
    columns: Map = None,
    ignore: Ignore = None,
    dry_run: DryRun = False,
    refused: Refused = None,
    workspace: Workspace = None,
    acting: As = None,
) -> None:
    """Make or complete accounts: name, industry, country, history, contact_name, email, phone."""
    _import(
        _Order(
            kind=Records.ACCOUNTS,
            path=file,
            asked=columns or (),
            ignored=ignore or (),
            is_rehearsal=dry_run,
            refused=refused,
            workspace=workspace,
            slack_id=acting,
        )
    )


@imports.command("leads")
def import_leads(
    file: File,
    columns: Map = None,
    ignore: Ignore = None,
    channel: Annotated[str | None, typer.Option(help="Where leads came from that do not say so themselves.")] = None,
    dry_run: DryRun = False,
    refused: Refused = None,
    workspace: Workspace = None,
    acting: As = None,
) -> None:
    """Make leads: company, channel, said, contact_name, email, phone, owner, industry, history."""
    _import(
        _Order(
            kind=Records.LEADS,
            path=file,
            asked=columns or (),
            ignored=ignore or (),
            is_rehearsal=dry_run,
            refused=refused,
            workspace=workspace,
            slack_id=acting,
            channel=channel,
        )
    )


@exports.command("accounts")
def export_accounts(
    file: File,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    workspace: Workspace = None,
    acting: As = None,
) -> None:
    """Write all accounts with their contacts."""
    _export(Records.ACCOUNTS, file, overwrite, workspace, acting)


@exports.command("leads")
def export_leads(
    file: File,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    workspace: Workspace = None,
    acting: As = None,
) -> None:
    """Write all leads."""
    _export(Records.LEADS, file, overwrite, workspace, acting)


def _import(order: _Order) -> None:
    with refusals_in_words():
        sheet = _read(order.path)
        columns = plan_columns(sheet.header, order.kind, order.asked, order.ignored)
        playbook = load_sales(read_settings().rainmaker_playbook / "sales.toml")
        channel = _default_channel(order, columns, playbook)
        if order.refused:
            _check_free(order.refused)
        rows = rows_in(sheet, columns)

        async def body(database: Database) -> list[Verdict]:
            desk, actor = await _desk(database, playbook, order.workspace, order.slack_id, f"import {order.path.name}")
            out.print(_opening(order.path.name, sheet, columns), markup=False, highlight=False)
            return await _take(desk, actor, order, rows, channel)

        verdicts = with_database(body)
        out.print(_report(order, rows, verdicts))
        _keep_refused(order, sheet, verdicts)
    if any(verdict.fate is Fate.REFUSED for verdict in verdicts):
        raise typer.Exit(1)


async def _take(
    desk: ImportDesk, actor: Actor, order: _Order, rows: Sequence[Row], channel: str | None
) -> list[Verdict]:
    with _progress(len(rows)) as advance:
        if order.kind is Records.ACCOUNTS:
            return await desk.accounts(actor, rows, is_rehearsal=order.is_rehearsal, progress=advance)
        return await desk.leads(actor, rows, channel=channel, is_rehearsal=order.is_rehearsal, progress=advance)


def _default_channel(order: _Order, columns: Columns, playbook: SalesPlaybook) -> str | None:
    """The channel of leads that do not name one; without a column for it, it must be said once for all."""
    if order.kind is not Records.LEADS:
        return None
    if order.channel is None and "channel" not in columns.fields.values():
        raise RuleBroken(
            f"No column is channel. Say with --channel where these leads came from: {', '.join(playbook.channels)}."
        )
    return channel_in(order.channel, None, playbook) if order.channel else None


def _export(kind: Records, path: Path, overwrite: bool, workspace: str | None, acting: str | None) -> None:
    with refusals_in_words():
        if not overwrite:
            _check_free(path)
        playbook = load_sales(read_settings().rainmaker_playbook / "sales.toml")

        async def body(database: Database) -> tuple[bytes, int]:
            desk, actor = await _desk(database, playbook, workspace, acting, f"export {path.name}")
            return await desk.export(actor, kind)

        content, count = with_database(body)
        _write(path, content)
    out.print(f"{path}: {count} {kind.value}.", markup=False, highlight=False)


async def _desk(
    database: Database, playbook: SalesPlaybook, workspace: str | None, acting: str | None, source: str
) -> tuple[ImportDesk, Actor]:
    """The desk and who stands at it."""
    if await current(database) != newest():
        raise RuleBroken("The database does not have the newest tables: run `rainmaker db upgrade` first.")
    store = DatabaseStore(database, SystemClock())
    known = await UpkeepDesk(store).workspace_ids()
    if not known:
        raise RuleBroken("Rainmaker is not installed in any workspace yet: start it once with `rainmaker run`.")
    if workspace is None and len(known) > 1:
        raise RuleBroken(f"There are several workspaces: say which one with --workspace ({', '.join(known)}).")
    if workspace is not None and workspace not in known:
        raise RuleBroken(f"Rainmaker is not installed in {workspace}; it is in {', '.join(known)}.")
    desk = ImportDesk(store, playbook)
    return desk, await desk.acting(workspace or known[0], acting, source)


def _read(path: Path) -> Sheet:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error
    try:
        return read_sheet(content)
    except RuleBroken as refusal:
        raise RuleBroken(f"{path}: {refusal.sentence}") from refusal


def _check_free(path: Path) -> None:
    """Refuse before any work is done, rather than after it, when the result cannot be kept."""
    if path.exists():
        raise RuleBroken(f"{path} exists already; name another file.")
    if not path.parent.is_dir():
        raise RuleBroken(f"There is no folder {path.parent}.")


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise RuleBroken(f"{path} cannot be written: {error.strerror}.") from error


def _progress(total: int) -> AbstractContextManager[Callable[[int], None]]:
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


def _opening(name: str, sheet: Sheet, columns: Columns) -> str:
    titles = {sheet.header[place]: field for place, field in sorted(columns.fields.items())}
    taken = ", ".join(title if title == field else f"{title} → {field}" for title, field in titles.items())
    rows = "1 row" if len(sheet.rows) == 1 else f"{len(sheet.rows)} rows"
    lines = [
        f"{name}: {rows} in {sheet.encoding}, separated by {DELIMITER_NAMES[sheet.delimiter]}.",
        f"Taken over: {taken}.",
    ]
    if sheet.encoding == "Windows-1252":
        lines.append("This is not UTF-8; it was read as Windows-1252. Look at names with accents before you trust it.")
    if columns.left_out:
        lines.append(f"Not taken over: {', '.join(columns.left_out)}.")
    return "\n".join(lines)


def _report(order: _Order, rows: Sequence[Row], verdicts: Sequence[Verdict]) -> Group:
    parts: list[Any] = []
    dirt = [*dirt_in(rows), *remarks_by_row(verdicts)]
    if dirt:
        parts.append(_dirt_table(dirt))
    refused = [verdict for verdict in verdicts if verdict.fate is Fate.REFUSED]
    if refused:
        parts.append(_refused_table(refused))
    parts.append(_count_table(order, verdicts))
    if order.is_rehearsal:
        parts.append(Text("This was a dry run: nothing was written."))
    return Group(*parts)


def _count_table(order: _Order, verdicts: Sequence[Verdict]) -> Table:
    table = Table(
        title=f"{order.kind.value.capitalize()}, dry run" if order.is_rehearsal else order.kind.value.capitalize()
    )
    for fate in Fate:
        table.add_column(fate.value, justify="right")
    table.add_row(*(str(sum(verdict.fate is fate for verdict in verdicts)) for fate in Fate))
    return table


def _dirt_table(dirt: Sequence[Dirt]) -> Table:
    table = _table("Worth a look; kept as found", "rows", "field", "value", "remark")
    for remark in dirt[:MOST_SHOWN]:
        table.add_row(_numbers(remark.rows), remark.field, Text(remark.value), Text(remark.sentence))
    return _with_rest(table, len(dirt))


def _refused_table(refused: Sequence[Verdict]) -> Table:
    table = _table("Refused", "row", "field", "value", "reason")
    for verdict in refused[:MOST_SHOWN]:
        for remark in verdict.remarks:
            field = "" if remark.field == REASON else remark.field
            table.add_row(str(verdict.row.number), field, Text(remark.value), Text(remark.sentence))
    return _with_rest(table, len(refused))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _with_rest(table: Table, total: int) -> Table:
    if total > MOST_SHOWN:
        table.caption = f"and {total - MOST_SHOWN} more"
    return table


def _numbers(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:8]))
    return shown if len(rows) <= 8 else f"{shown} … ({len(rows)} rows)"


def _keep_refused(order: _Order, sheet: Sheet, verdicts: Sequence[Verdict]) -> None:
    if order.refused is None or order.is_rehearsal or all(verdict.fate is not Fate.REFUSED for verdict in verdicts):
        return
    _write(order.refused, refused_file(sheet.header, verdicts))
    out.print(
        f"The refused rows are in {order.refused}: correct them and import that file.", markup=False, highlight=False
    )
