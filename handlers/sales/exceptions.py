"""What needs management's attention, as it is asked for in Slack, and giving a lead to somebody from there."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.forms import record_id
from handlers.sales.leads import AboutLead, AssignForm
from handlers.surface import Surface
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.leads import LeadDesk
from views import ids
from views.kit import person, say, section
from views.sales.exceptions import exceptions_list, exceptions_modal
from views.sales.lead_edits import assign_lead_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_EXCEPTIONS)(take_exceptions_command)
    app.action(ids.PRESS_EXCEPTIONS)(open_exceptions)
    app.action(ids.PRESS_ASSIGN)(open_assignment)
    app.view(ids.ASSIGN_LEAD)(submit_assignment)


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


async def open_assignment(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Ask to whom the lead is given."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    about = AboutLead(lead_id=page.lead.id, channel=surface.channel)
    await surface.open(assign_lead_modal(page.lead, about.write()))


async def submit_assignment(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk, exceptions: ExceptionDesk
) -> None:
    """Give the lead to the chosen one, and show that it is done: in the list it was done from, or beside the message."""
    form, about = AssignForm.read(view), AboutLead.read(surface.about)
    step = await leads.assign(actor, about.lead_id, form.owner, form.note)
    await ack()
    if about.channel:
        given = say(_("{code} is {owner}'s now."), code=step.lead.code, owner=person(form.owner))
        await surface.whisper(about.channel, given, [section(given)])
    else:
        await surface.redraw_below(exceptions_modal(await exceptions.show(actor), leads.sales))
