"""Who owns a lead, as it comes in from Slack: claiming it, handing it to sales, giving it to somebody, and releasing it."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.sales.leads import Lead
from handlers.forms import Form, SlackId, record_id
from handlers.sales.lead_edits import show_step
from handlers.sales.leads import AboutLead
from handlers.surface import Surface
from usecases.core.home import HomeDesk
from usecases.core.people import PeopleDesk
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.leads import LeadDesk
from views import ids
from views.core.home import home_tab
from views.core.operations import done_reply
from views.kit import Mrkdwn, person, say, section
from views.sales.exceptions import exceptions_modal
from views.sales.lead_edits import assign_lead_modal
from views.sales.leads import lead_page


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_CLAIM)(press_claim)
    app.action(ids.PRESS_TO_SALES)(press_to_sales)
    app.action(ids.PRESS_RELEASE)(press_release)
    app.action(ids.PRESS_ASSIGN)(open_assignment)
    app.view(ids.ASSIGN_LEAD)(submit_assignment)


class AssignForm(Form, asked_by=(ids.ASSIGN_LEAD, ids.HAND_OVER_DEAL)):
    """The modal that asks to whom a lead is given."""

    owner: SlackId
    note: str = ""


async def press_claim(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    leads: LeadDesk,
    home: HomeDesk,
    people: PeopleDesk,
) -> None:
    """Make the presser the lead's owner; a Home tab or page it was pressed in is redrawn, messages are by the outbox.

    What undoes it stands on the page, or is said beside the message.
    """
    step = await leads.claim(actor, record_id(action.get("value")))
    await ack()
    if surface.is_home:
        page, settings = await home.front_page(actor), await people.settings(actor)
        await surface.publish_home(home_tab(page, settings.hours, leads.sales))
    elif surface.is_modal(ids.SHOW_LEAD) or surface.is_modal(ids.SHOW_GATE):
        await surface.redraw(lead_page(await leads.show(actor, step.lead.id), actor, leads.sales))
    elif step.operation:
        await surface.say(say("{summary}", summary=step.operation.summary), done_reply(step.operation))


async def press_release(ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """Let the lead be claimed again."""
    step = await leads.release(actor, record_id(action.get("value")))
    await ack()
    await show_step(surface, actor, leads, step)


async def press_to_sales(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Hand the lead to whoever of sales is next, and say who that is; a page it was pressed in is redrawn."""
    step = await leads.hand_to_sales(actor, record_id(action.get("value")))
    await ack()
    if surface.is_modal(ids.SHOW_LEAD):
        await surface.redraw(lead_page(await leads.show(actor, step.lead.id), actor, leads.sales))
    else:
        await surface.say(owned_words(step.lead))


def owned_words(lead: Lead) -> Mrkdwn:
    """Who owns a lead now."""
    return say(_("{code} is {owner}'s now."), code=lead.code, owner=person(lead.owner) if lead.owner else _("nobody"))


async def open_assignment(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Ask to whom the lead is given."""
    lead = await leads.to_hand_on(actor, record_id(action.get("value")))
    await ack()
    about = AboutLead(lead_id=lead.id, channel=surface.channel, is_from_page=surface.is_modal(ids.SHOW_LEAD))
    await surface.open(assign_lead_modal(lead, about.write()))


async def submit_assignment(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk, exceptions: ExceptionDesk
) -> None:
    """Give the lead to the chosen one, and show that it is done: in the list it was done from, or beside the message."""
    form, about = AssignForm.read(view), AboutLead.read(surface.about)
    step = await leads.assign(actor, about.lead_id, form.owner, form.note)
    await ack()
    if about.channel:
        given = owned_words(step.lead)
        await surface.whisper(about.channel, given, [section(given)])
    elif about.is_from_page:
        await surface.redraw_below(lead_page(await leads.show(actor, step.lead.id), actor, leads.sales))
    else:
        await surface.redraw_below(exceptions_modal(await exceptions.show(actor), leads.sales))
