"""Undoing, as it comes in from Slack: one button, wherever something that can be undone is shown."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.people import Actor
from domain.usecases.operations import OperationDesk
from handlers.forms import record_id
from handlers.surfaces import Screen
from views import ids
from views.operations import undone_words


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_UNDO)(press_undo)


async def press_undo(
    ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, operations: OperationDesk
) -> None:
    """Take back what the button stands beside, and say what came of it where it was pressed; a long one goes on without them."""
    undone = await operations.begin_undo(actor, record_id(action.get("value")))
    await ack()
    await screen.say(undone_words(undone))
