"""What needs management's attention, as it is asked for in Slack."""

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.surface import Surface
from usecases.sales.exceptions import ExceptionDesk
from views import ids
from views.sales.exceptions import exceptions_list, exceptions_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_EXCEPTIONS)(take_exceptions_command)
    app.action(ids.PRESS_EXCEPTIONS)(open_exceptions)


async def take_exceptions_command(
    ack: AsyncAck, actor: Actor, exceptions: ExceptionDesk, playbook: SalesPlaybook
) -> None:
    """`/rain-exceptions`: what needs attention."""
    found = await exceptions.show(actor)
    await ack(text=_("Needs attention"), blocks=exceptions_list(found, playbook))


async def open_exceptions(
    ack: AsyncAck, surface: Surface, actor: Actor, exceptions: ExceptionDesk, playbook: SalesPlaybook
) -> None:
    """List what needs attention in a modal."""
    found = await exceptions.show(actor)
    await ack()
    await surface.open(exceptions_modal(found, playbook))
