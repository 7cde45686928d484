"""`rainmaker export`: accounts, contacts, leads and deals to CSV files that an import reads back."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.terminal import demand_newest, desks_on, out, refusals_in_words, with_database
from bot.token_keys import write_private
from domain.core.people import Actor
from domain.core.refusals import RuleBroken
from domain.files.columns import Records
from storage.engine.database import Database
from usecases.desks import Desks

exports = typer.Typer(no_args_is_help=True, help="Write records to a CSV file that an import reads back.")

File = Annotated[Path, typer.Argument(help="The CSV file.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")]
Workspace = Annotated[
    str | None, typer.Option("--workspace", metavar="T…", help="The workspace, where there are several.")
]
As = Annotated[
    str | None, typer.Option("--as", metavar="U…", help="Slack id of who acts; the first admin unless said otherwise.")
]


def _exporting(kind: Records) -> Callable[..., None]:
    def command(file: File, overwrite: Overwrite = False, workspace: Workspace = None, acting: As = None) -> None:
        _export(kind, file, overwrite, workspace, acting)

    return command


for _kind in Records:
    exports.command(_kind.value, help=f"Write all {_kind.value}.")(_exporting(_kind))


def _export(kind: Records, path: Path, overwrite: bool, workspace: str | None, acting: str | None) -> None:
    with refusals_in_words():
        if path.exists() and not overwrite:
            raise RuleBroken(f"{path} exists already; name another file.")
        if not path.parent.is_dir():
            raise RuleBroken(f"There is no folder {path.parent}.")

        async def body(database: Database) -> tuple[bytes, int]:
            desks, actor = await desks_for(database, workspace, acting, f"export {path.name}")
            return await desks.exports.export(actor, kind)

        content, count = with_database(body)
        write(path, content)
    out.print(f"{path}: {count} {kind.value}.", markup=False, highlight=False)


async def desks_for(database: Database, workspace: str | None, acting: str | None, source: str) -> tuple[Desks, Actor]:
    """All desks, and who stands at them.

    Raises RuleBroken where it is not plain which workspace is meant, or the database is not ready.
    """
    await demand_newest(database)
    desks = desks_on(database)
    known = await desks.upkeep.workspace_ids()
    if not known:
        raise RuleBroken("Rainmaker is not installed in any workspace yet: start it once with `rainmaker run`.")
    if workspace is None and len(known) > 1:
        raise RuleBroken(f"There are several workspaces: say which one with --workspace ({', '.join(known)}).")
    if workspace is not None and workspace not in known:
        raise RuleBroken(f"Rainmaker is not installed in {workspace}; it is in {', '.join(known)}.")
    return desks, await desks.import_runs.acting(workspace or known[0], acting, source)


def write(path: Path, content: bytes) -> None:
    """Write a file that nobody else may read.

    Raises RuleBroken where that cannot be.
    """
    try:
        write_private(path, content)
    except OSError as error:
        raise RuleBroken(f"{path} cannot be written: {error.strerror}.") from error
