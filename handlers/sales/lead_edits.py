"""Putting leads right, as it comes in from Slack: the three dots of a card, merging, and the message a lead came from."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import NotFound
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.leads import LeadStep
from domain.sales.pages import LeadPage
from handlers.forms import About, Form, record_id
from handlers.sales.leads import AboutLead, LeadForm, origin_in, show_done
from handlers.surface import Body, Surface
from usecases.sales.lead_edits import LeadEditDesk
from usecases.sales.leads import LeadDesk
from views import ids
from views.core.additions import menu_items
from views.core.operations import done_reply
from views.kit import View, say
from views.sales.lead_edits import confirm_merge_modal, edit_lead_modal, lead_option, link_lead_modal, merge_lead_modal
from views.sales.leads import MORE_EDIT, MORE_MERGE, MORE_OPEN, MORE_UNLINK, lead_page

MORE_MODALS: dict[str, Callable[[LeadPage, Actor, SalesPlaybook, str], View]] = {
    MORE_OPEN: lambda page, actor, playbook, _about: lead_page(page, actor, playbook),
    MORE_EDIT: lambda page, _actor, playbook, about: edit_lead_modal(page.lead, playbook, about),
    MORE_MERGE: lambda page, _actor, _playbook, about: merge_lead_modal(page.lead, about),
}
"""The modal that each choice of ours behind the three dots opens."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_MORE)(press_more)
    app.action(ids.PRESS_TAKE_BACK)(press_take_back)
    app.view(ids.EDIT_LEAD)(submit_edit)
    app.view(ids.MERGE_LEAD)(submit_merge)
    app.view(ids.CONFIRM_LEAD_MERGE)(submit_confirmed_merge)
    app.shortcut({"callback_id": ids.LINK_MESSAGE, "type": "message_action"})(open_link)
    app.view(ids.LINK_LEAD)(submit_link)
    app.options(ids.OFFER_LEADS)(offer_leads)


class LeadChoiceForm(Form, asked_by=(ids.MERGE_LEAD, ids.LINK_LEAD)):
    """A modal that asks for one lead."""

    lead: str


async def press_more(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk, lead_edits: LeadEditDesk
) -> None:
    """Do what was chosen behind the three dots.

    Raises NotFound for a choice this version does not have.
    """
    lead, _colon, choice = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    if choice == MORE_UNLINK:
        step = await lead_edits.unlink(actor, record_id(lead))
        await ack()
        await show_step(surface, actor, leads, step)
    elif choice in MORE_MODALS:
        page = await leads.show(actor, record_id(lead))
        await ack()
        about = AboutLead(lead_id=page.lead.id, channel=surface.channel).write()
        await surface.open(MORE_MODALS[choice](page, actor, leads.sales, about))
    elif added := menu_items.get(f"lead.{choice}"):
        page = await leads.show(actor, record_id(lead))
        await ack()
        await surface.open(added.modal(page, actor, leads.sales))
    else:
        raise NotFound(_("this choice"))


async def show_step(surface: Surface, actor: Actor, leads: LeadDesk, step: LeadStep) -> None:
    """Show what a press has changed: on the lead's page, or as a private answer beside the card."""
    if surface.is_modal(ids.SHOW_LEAD):
        await surface.redraw(lead_page(await leads.show(actor, step.lead.id), actor, leads.sales))
    elif step.operation:
        await surface.say(say("{summary}", summary=step.operation.summary), done_reply(step.operation))


async def submit_edit(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, lead_edits: LeadEditDesk
) -> None:
    """Keep the lead as edited."""
    about = AboutLead.read(surface.about)
    form, shown = LeadForm.read(view), LeadForm.shown(view)
    step = await lead_edits.edit(actor, about.lead_id, form.lead(), shown.lead() if shown else None)
    await show_done(ack, surface, about.channel, step.operation)


async def offer_leads(ack: AsyncAck, body: Body, surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """The leads that match what was typed into a menu so far."""
    beside_id = AboutLead.read(surface.about).lead_id if surface.is_modal(ids.MERGE_LEAD) else None
    found = await leads.search(actor, str(body.get("value") or ""), beside_id)
    await ack(options=[lead_option(lead) for lead in found])


async def submit_merge(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, lead_edits: LeadEditDesk
) -> None:
    """Say what the merge would come to, and ask whether it is meant."""
    about = AboutLead.read(surface.about)
    other_id = record_id(LeadChoiceForm.read(view).lead)
    merge = await lead_edits.preview_merge(actor, about.lead_id, other_id)
    confirmed = AboutLead(lead_id=about.lead_id, channel=about.channel, other_id=other_id)
    await ack(response_action="update", view=confirm_merge_modal(merge, confirmed.write()))


async def submit_confirmed_merge(ack: AsyncAck, surface: Surface, actor: Actor, lead_edits: LeadEditDesk) -> None:
    """Merge the two leads."""
    about = AboutLead.read(surface.about)
    step = await lead_edits.merge(actor, about.lead_id, about.other_id or 0)
    await show_done(ack, surface, about.channel, step.operation)


async def press_take_back(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, lead_edits: LeadEditDesk
) -> None:
    """Undo the capture; the receipt or page with the button says so."""
    what = await lead_edits.take_back(actor, record_id(action.get("value")))
    await ack()
    await surface.replace(say(_("Undone: {what} was not captured."), what=what))


async def open_link(ack: AsyncAck, body: Body, surface: Surface) -> None:
    """Ask which lead came from a message."""
    await ack()
    origin = await origin_in(body, surface)
    await surface.open(link_lead_modal(About(captured_in=origin.channel, origin=origin).write()))


async def submit_link(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, lead_edits: LeadEditDesk
) -> None:
    """Keep the message as the one the lead came from.

    Raises NotFound when the modal has forgotten the message.
    """
    about = About.read(surface.about)
    if about.origin is None:
        raise NotFound(_("this message"))
    step = await lead_edits.link(actor, record_id(LeadChoiceForm.read(view).lead), about.origin)
    await show_done(ack, surface, about.captured_in, step.operation)
