"""`rainmaker audit`: check the chain over the audit log."""

from typing import Annotated

import typer

from bot.terminal import demand_newest, desks_on, refusals_in_words, with_database
from domain.core.audit import AuditCheck, Head
from storage.engine.database import Database

audit = typer.Typer(no_args_is_help=True, help="The audit log.")


@audit.command()
def verify(
    expect: Annotated[
        list[str] | None,
        typer.Option(
            help="A line printed earlier, TEAM:NUMBER:HASH: the chain must still contain it. May be repeated."
        ),
    ] = None,
) -> None:
    """Check the audit log's chain; names the first event that was touched."""
    kept = [_head(text) for text in expect or []]

    async def look(database: Database) -> dict[str, AuditCheck]:
        await demand_newest(database)
        upkeep = desks_on(database).upkeep
        workspaces = {*await upkeep.workspace_ids(), *(head.workspace_id for head in kept)}
        return {one: await upkeep.verify_audit(one, kept) for one in sorted(workspaces)}

    with refusals_in_words():
        found = with_database(look)
    for workspace_id, check in found.items():
        typer.echo(f"{workspace_id}: {check.wrong or f'{check.covered} sealed events, untouched.'}")
    for check in found.values():
        if check.head and not check.wrong:
            typer.echo(check.head)
    if any(check.wrong for check in found.values()):
        raise typer.Exit(1)


def _head(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not of the form TEAM:NUMBER:HASH") from None
