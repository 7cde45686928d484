"""`rainmaker db`: bring the database to the newest tables, and look for what leads nowhere in it."""

import typer

from bot.terminal import demand_newest, desks_on, refusals_in_words, with_database
from domain.core.references import Dangling
from storage.engine.database import Database
from storage.migrations import current, newest
from storage.migrations import upgrade as bring_to_newest

db = typer.Typer(no_args_is_help=True, help="The database's tables.")


@db.command()
def upgrade() -> None:
    """Bring the database to the newest tables."""
    with_database(bring_to_newest)
    typer.echo(f"The database is at revision {newest()}.")


@db.command("current")
def show_current() -> None:
    """Print the database's revision, and whether the code needs a newer one."""
    at = with_database(current)
    typer.echo(
        f"{at or 'empty'}{' (newest)' if at == newest() else f'; the code needs {newest()}: run `rainmaker db upgrade`'}"
    )


@db.command()
def check() -> None:
    """Look for rows that refer to a record which is not there or belongs to another workspace; names them, and ends with 1."""

    async def look(database: Database) -> dict[str, list[Dangling]]:
        await demand_newest(database)
        upkeep = desks_on(database).upkeep
        return {one: await upkeep.find_dangling(one) for one in await upkeep.workspace_ids()}

    with refusals_in_words():
        found = with_database(look)
    for workspace_id, dangling in found.items():
        lines = [str(one) for one in dangling] or ["Every reference leads to a record of this workspace."]
        typer.echo("\n".join(f"{workspace_id}: {line}" for line in lines))
    if any(found.values()):
        raise typer.Exit(1)
