"""The `rainmaker db` commands: bring the database to the newest tables, and look for what leads nowhere in it."""

import typer

from bot.terminal import with_database
from domain.core.clock import SystemClock
from domain.core.references import Dangling
from storage.engine.database import Database
from storage.migrations import current, newest, upgrade
from storage.unit_of_work import Store
from usecases.core.maintenance import UpkeepDesk

db = typer.Typer(no_args_is_help=True, help="The database's tables.")


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest tables."""
    with_database(upgrade)
    typer.echo(f"The database is at revision {newest()}.")


@db.command("current")
def db_current() -> None:
    """Print the database's revision, and whether the code needs a newer one."""
    typer.echo(_standing(with_database(current)))


def _standing(at: str | None) -> str:
    needs = f"; the code needs {newest()}: run `rainmaker db upgrade`"
    return f"{at or 'empty'}{' (newest)' if at == newest() else needs}"


@db.command("check")
def db_check() -> None:
    """Look for rows that refer to a record which is not there or belongs to another workspace; names them, and ends with 1."""

    async def check(database: Database) -> tuple[str | None, dict[str, list[Dangling]]]:
        at = await current(database)
        if at != newest():
            return at, {}
        upkeep = UpkeepDesk(Store(database, SystemClock()))
        return at, {one: await upkeep.find_dangling(one) for one in await upkeep.workspace_ids()}

    at, found = with_database(check)
    if at != newest():
        typer.echo(_standing(at))
        raise typer.Exit(1)
    for workspace_id, dangling in found.items():
        lines = [str(one) for one in dangling] or ["Every reference leads to a record of this workspace."]
        typer.echo("\n".join(f"{workspace_id}: {line}" for line in lines))
    if any(found.values()):
        raise typer.Exit(1)
