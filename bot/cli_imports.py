"""`rainmaker import`: accounts, contacts, leads and deals from CSV files, the latest imports, and undoing one."""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_exports import desks_for, write
from bot.import_report import import_list, opening, progress, report, undone_sentences
from bot.settings import read_settings
from bot.terminal import out, refusals_in_words, with_database
from domain.core.operations import Undone
from domain.core.people import Actor
from domain.core.refusals import RuleBroken
from domain.files.columns import FIELDS, Reading, Records, Table, digest_of, read_table
from domain.files.imports import Fate, Import, NewImport, refused_cells, refused_file, report_file
from domain.files.rows import channel_in
from domain.files.sheets import Sheet, read_sheet
from domain.playbook.sales_rules import SalesPlaybook, load_sales
from storage.engine.database import Database
from usecases.desks import Desks
from usecases.files.imports import ImportDesk, Run

imports = typer.Typer(no_args_is_help=True, help="Take records over from a CSV file, list what was imported, undo it.")

File = Annotated[Path, typer.Argument(help="The CSV file.")]
Map = Annotated[
    list[str] | None, typer.Option("--map", metavar="COLUMN=FIELD", help="Which field a column is; repeatable.")
]
Ignore = Annotated[
    list[str] | None, typer.Option("--ignore", metavar="COLUMN", help="A column to leave out; repeatable.")
]
Key = Annotated[
    str | None,
    typer.Option("--key", metavar="COLUMN", help="The column with the file's own keys: the same key again updates."),
]
Value = Annotated[
    list[str] | None,
    typer.Option("--value", metavar="COLUMN:FROM=TO", help="A value that stands for another; repeatable."),
]
Dates = Annotated[
    list[str] | None,
    typer.Option(
        "--date-format",
        metavar="[COLUMN=]FORMAT",
        help="iso, day-first, month-first, year-first, or a pattern such as %d.%m.%y; repeatable.",
    ),
]
Decimal = Annotated[str | None, typer.Option("--decimal", metavar="point|comma", help="The decimal sign of amounts.")]
Currency = Annotated[str | None, typer.Option("--currency", metavar="EUR", help="The currency of amounts.")]
Country = Annotated[
    str | None, typer.Option(metavar="US", help="Where phone numbers without a country's code are dialled.")
]
Encoding = Annotated[
    str | None, typer.Option(help="The file's encoding, such as utf-8, cp1252, cp1251, mac-roman, gb18030 or big5.")
]
Delimiter = Annotated[
    str | None,
    typer.Option(metavar="CHARACTER", help="What separates cells: comma, semicolon, tab, pipe or a character."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would become of each row, and write nothing.")]
Refused = Annotated[Path | None, typer.Option("--refused", help="Where to write the rows that were refused, as CSV.")]
Report = Annotated[
    Path | None, typer.Option("--report", help="Where to write what became of every single row, as CSV.")
]
Workspace = Annotated[
    str | None, typer.Option("--workspace", metavar="T…", help="The workspace, where there are several.")
]
As = Annotated[
    str | None, typer.Option("--as", metavar="U…", help="Slack id of who acts; the first admin unless said otherwise.")
]


Channel = Annotated[str | None, typer.Option(help="Where leads came from that do not say so themselves.")]


@dataclass(frozen=True, kw_only=True)
class _Order:
    """One import as it was asked for."""

    kind: Records
    path: Path
    reading: Reading
    is_rehearsal: bool
    refused: Path | None
    report: Path | None
    workspace: str | None
    slack_id: str | None


def _importing(kind: Records) -> Callable[..., None]:
    def command(
        file: File,
        columns: Map = None,
        key: Key = None,
        value: Value = None,
        date_format: Dates = None,
        decimal: Decimal = None,
        currency: Currency = None,
        channel: Channel = None,
        country: Country = None,
        encoding: Encoding = None,
        delimiter: Delimiter = None,
        ignore: Ignore = None,
        dry_run: DryRun = False,
        refused: Refused = None,
        report: Report = None,
        workspace: Workspace = None,
        acting: As = None,
    ) -> None:
        reading = Reading(
            asked=tuple(columns or ()),
            ignored=tuple(ignore or ()),
            key=key,
            values=tuple(value or ()),
            dates=tuple(date_format or ()),
            decimal=decimal,
            currency=currency,
            channel=channel,
            country=country,
            encoding=encoding,
            delimiter=delimiter,
        )
        _import(
            _Order(
                kind=kind,
                path=file,
                reading=reading,
                is_rehearsal=dry_run,
                refused=refused,
                report=report,
                workspace=workspace,
                slack_id=acting,
            )
        )

    return command


for _kind in Records:
    _help = f"Make or change {_kind.value}. Fields: {', '.join(FIELDS[_kind])}."
    imports.command(_kind.value, help=_help)(_importing(_kind))


@imports.command("list")
def list_imports(workspace: Workspace = None, acting: As = None) -> None:
    """The latest imports: number, file, by whom and when, what became of the rows, and whether it was undone."""
    with refusals_in_words():

        async def body(database: Database) -> list[Import]:
            desks, actor = await desks_for(database, workspace, acting, "import list")
            return await desks.import_runs.latest(actor)

        out.print(import_list(with_database(body)))


@imports.command("undo")
def undo_import(
    number: Annotated[str, typer.Argument(metavar="NUMBER", help="Such as 3 or I-3, from `rainmaker import list`.")],
    workspace: Workspace = None,
    acting: As = None,
) -> None:
    """Take back everything one import did, except what somebody has worked on since."""
    with refusals_in_words():

        async def body(database: Database) -> tuple[Undone, list[str]]:
            desks, actor = await desks_for(database, workspace, acting, f"undo import {number}")
            return await _undo(desks, actor, number)

        undone, names = with_database(body)
        out.print(undone_sentences(undone, names), markup=False, highlight=False)
    if undone.kept:
        raise typer.Exit(1)


async def _undo(desks: Desks, actor: Actor, number: str) -> tuple[Undone, list[str]]:
    wanted = re.fullmatch(r"(?:I-)?(\d{1,9})", number.strip(), re.IGNORECASE)
    if not wanted:
        raise RuleBroken(f"{number} is no number of an import; `rainmaker import list` shows them.")
    found = await desks.import_runs.find(actor, int(wanted[1]))
    if found.operation is None:
        raise RuleBroken(f"{found.code} has changed nothing.")
    operations = desks.operations
    with progress(await operations.count_steps(actor, found.operation.id)) as advance:
        undone = await operations.undo(actor, found.operation.id, advance)
    return undone, await desks.import_runs.names_of(actor, undone.rows)


def _import(order: _Order) -> None:
    with refusals_in_words():
        for path in (order.refused, order.report):
            if path:
                _check_free(path)
        content = _content(order.path)
        sheet = _sheet(order.path, content, order.reading)
        playbook = _playbook()
        table = read_table(sheet, order.kind, order.reading)
        _check_channel(order, table, playbook)

        async def body(database: Database) -> Run:
            source = f"import {order.path.name}"
            desks, actor = await desks_for(database, order.workspace, order.slack_id, source)
            out.print(opening(order.path.name, sheet, table), markup=False, highlight=False)
            return await _take(desks.import_runs, actor, order, table, content)

        began = time.perf_counter()
        run = with_database(body)
        out.print(report(table, run, is_rehearsal=order.is_rehearsal, seconds=time.perf_counter() - began))
        _keep_files(order, sheet, run)
    if run.tally.get(Fate.REFUSED):
        raise typer.Exit(1)


async def _take(desk: ImportDesk, actor: Actor, order: _Order, table: Table, content: bytes) -> Run:
    new = NewImport(
        kind=order.kind,
        file=order.path.name,
        reading=order.reading,
        total=len(table.rows),
        digest=digest_of(order.kind, order.reading, content),
    )
    with progress(len(table.rows)) as advance:
        if order.is_rehearsal:
            return await desk.rehearse(actor, table, advance)
        return await desk.carry_out(actor, new, table, advance)


def _playbook() -> SalesPlaybook:
    return load_sales(read_settings().rainmaker_playbook / "sales.toml")


def _check_channel(order: _Order, table: Table, playbook: SalesPlaybook) -> None:
    """Without a column for it, where leads came from must be said once for all."""
    channel = order.reading.channel
    if order.kind is Records.LEADS and channel is None and "channel" not in table.fields:
        raise RuleBroken(
            f"No column is channel. Say with --channel where these leads came from: {', '.join(playbook.channels)}."
        )
    if channel:
        channel_in(channel, None, playbook)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleBroken(f"{path} cannot be read: {error.strerror}.") from error


def _sheet(path: Path, content: bytes, reading: Reading) -> Sheet:
    try:
        return read_sheet(content, reading.encoding, reading.delimiter)
    except RuleBroken as refusal:
        raise RuleBroken(f"{path}: {refusal.on_terminal}") from refusal


def _check_free(path: Path) -> None:
    """Refuse before any work is done, rather than after it, when the result cannot be kept."""
    if path.exists():
        raise RuleBroken(f"{path} exists already; name another file.")
    if not path.parent.is_dir():
        raise RuleBroken(f"There is no folder {path.parent}.")


def _keep_files(order: _Order, sheet: Sheet, run: Run) -> None:
    if order.report:
        write(order.report, report_file(run.verdicts))
        out.print(f"What became of every row is in {order.report}.", markup=False, highlight=False)
    if order.refused and run.refused and not order.is_rehearsal:
        write(order.refused, refused_file(sheet.header, refused_cells(sheet, run.refused)))
        out.print(
            f"The refused rows are in {order.refused}: correct them and import that file.",
            markup=False,
            highlight=False,
        )
