"""Imports, as they are asked for in Slack: a file in a modal, and the buttons on what is offered."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.forms import record_id
from handlers.forms.imports import NewImportForm
from handlers.surface import Screen
from usecases.files.slack_imports import AskedImportDesk
from views import ids
from views.files.imports import import_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_IMPORT)(open_import)
    app.action(ids.PRESS_IMPORT)(open_import)
    app.view(ids.NEW_IMPORT)(submit_import)
    app.action(ids.PRESS_CARRY_OUT)(press_carry_out)
    app.action(ids.PRESS_CANCEL_IMPORT)(press_cancel)


async def open_import(
    ack: AsyncAck, screen: Screen, actor: Actor, imports: AskedImportDesk, playbook: SalesPlaybook
) -> None:
    """Ask for the file and how it is to be read."""
    await imports.check(actor)
    await ack()
    await screen.open(import_modal(playbook))


async def submit_import(ack: AsyncAck, view: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Keep what is asked for; what would come of it is told in a message."""
    await imports.ask(actor, NewImportForm.read(view).new())
    await ack(response_action="clear")


async def press_carry_out(ack: AsyncAck, action: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Carry out what was offered."""
    await imports.confirm(actor, record_id(action.get("value")))
    await ack()


async def press_cancel(ack: AsyncAck, action: dict[str, Any], actor: Actor, imports: AskedImportDesk) -> None:
    """Let be what was offered."""
    await imports.cancel(actor, record_id(action.get("value")))
    await ack()
