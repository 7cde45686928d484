"""Undoing, as it comes in from Slack: one button, wherever something that can be undone is shown."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.people import Actor
from domain.playbook import SalesPlaybook
from domain.usecases.accounts import AccountDesk
from domain.usecases.operations import OperationDesk
from handlers.forms import record_id
from handlers.surfaces import Screen
from views import ids
from views.accounts import account_page
from views.operations import undone_words


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_UNDO)(press_undo)


async def press_undo(
    ack: AsyncAck,
    action: dict[str, Any],
    screen: Screen,
    actor: Actor,
    operations: OperationDesk,
    accounts: AccountDesk,
    playbook: SalesPlaybook,
) -> None:
    """Take back what the button stands beside, and say what came of it where it was pressed; an account's page is shown anew."""
    undone = await operations.undo(actor, record_id(action.get("value")))
    await ack()
    if screen.is_modal(ids.SHOW_ACCOUNT):
        page = await accounts.show(actor, record_id(screen.about))
        await screen.redraw(account_page(page, actor, playbook, note=undone_words(undone)))
    else:
        await screen.say(undone_words(undone))
