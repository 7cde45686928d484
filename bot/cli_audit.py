"""`rainmaker audit`: check the chain over the audit log, and mend what two processes once did to it by sealing at once."""

from collections.abc import Callable, Coroutine
from typing import Annotated, TypeVar

import structlog
import typer

from bot import logs
from bot.settings import read_settings
from bot.terminal import demand_newest, desks_on, refusals_in_words, with_database
from domain.core.audit import Head
from domain.core.audit_chain import AuditCheck
from storage.engine.database import Database
from usecases.core.maintenance import UpkeepDesk

T = TypeVar("T")

log = structlog.get_logger()

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
    """Check the audit log's chain; names the first event that was touched, and counts those that ought to be sealed and are not."""
    kept = [_head(text) for text in expect or []]

    async def look(upkeep: UpkeepDesk) -> dict[str, AuditCheck]:
        workspaces = {*await upkeep.workspace_ids(), *(head.workspace_id for head in kept)}
        return {one: await upkeep.verify_audit(one, kept) for one in sorted(workspaces)}

    found = _at_desk(look)
    for workspace_id, check in found.items():
        typer.echo(f"{workspace_id}: {check.wrong or f'{check.covered} sealed events, untouched.'}")
        if check.unsealed:
            typer.echo(f"{workspace_id}: {_unsealed(check.unsealed)}")
    for check in found.values():
        if check.head and not check.wrong:
            typer.echo(check.head)
    if any(check.wrong or check.unsealed for check in found.values()):
        raise typer.Exit(1)


@audit.command()
def mend() -> None:
    """Note in the audit log which seals only repeat events, as two processes sealed them at once; no other fault is mended."""
    settings = read_settings()
    logs.configure(settings.rainmaker_log, settings.rainmaker_log_level)

    async def put_right(upkeep: UpkeepDesk) -> dict[str, AuditCheck]:
        return {one: await upkeep.mend_audit(one) for one in sorted(await upkeep.workspace_ids())}

    found = _at_desk(put_right)
    for workspace_id, check in found.items():
        _tell_mended(workspace_id, check)
    if any(check.wrong and not check.repeats for check in found.values()):
        raise typer.Exit(1)


def _tell_mended(workspace_id: str, check: AuditCheck) -> None:
    for repeat in check.repeats:
        log.warning("audit chain mended", workspace=workspace_id, seal=repeat.number, repeats=repeat.events)
        typer.echo(f"{workspace_id}: mended: seal {repeat.number} repeats {repeat.events}.")
    if not check.repeats:
        typer.echo(f"{workspace_id}: {check.wrong or 'nothing to mend.'}")


def _at_desk(work: Callable[[UpkeepDesk], Coroutine[None, None, T]]) -> T:
    """Do something with the audit log of the database that the settings name; its tables must be the newest."""

    async def body(database: Database) -> T:
        await demand_newest(database)
        return await work(desks_on(database).upkeep)

    with refusals_in_words():
        return with_database(body)


def _unsealed(count: int) -> str:
    if count == 1:
        return "1 event older than five minutes has no seal yet."
    return f"{count} events older than five minutes have no seal yet."


def _head(text: str) -> Head:
    try:
        return Head.read(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not of the form TEAM:NUMBER:HASH") from None
