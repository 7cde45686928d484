"""Leads, as they come in from Slack: commands, shortcuts, modals and buttons."""

import re
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.accounts import contact_in
from domain.language import _
from domain.leads import NewLead, Origin, PossibleDuplicates, parse_one_line
from domain.people import Actor
from domain.playbook import SalesPlaybook
from domain.usecases.home import HomeDesk
from domain.usecases.leads import LeadDesk
from domain.usecases.people import PeopleDesk
from domain.working_time import zone_named
from handlers.forms import About, DayForm, DisqualifyForm, NewLeadForm, TouchForm, answers_of, plain_words, record_id
from handlers.surfaces import Body, open_modal, show_again, whisper
from views import ids
from views.leads import (
    captured_reply,
    disqualify_modal,
    doubtful_lead_modal,
    lead_card,
    lead_list,
    lead_list_modal,
    lead_page,
    lead_summary,
    new_lead_modal,
    plan_modal,
    screening_modal,
    touch_modal,
)

A_CODE = re.compile(r"L-?(\d{1,9})", re.IGNORECASE)


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_LEAD)(take_lead_command)
    app.shortcut({"callback_id": ids.CAPTURE_LEAD, "type": "shortcut"})(open_new_lead)
    app.shortcut({"callback_id": ids.CAPTURE_LEAD_FROM_MESSAGE, "type": "message_action"})(open_new_lead_from_message)
    app.action(ids.PRESS_CAPTURE)(open_new_lead)
    app.view(ids.NEW_LEAD)(submit_new_lead)
    app.action(ids.PRESS_CLAIM)(press_claim)
    app.action(ids.PRESS_SHOW)(open_lead_page)
    app.action(ids.PRESS_SCREEN)(open_screening)
    app.view(ids.SCREEN_LEAD)(submit_screening)
    app.action(ids.PRESS_TOUCH)(open_touch)
    app.view(ids.LOG_TOUCH)(submit_touch)
    app.action(ids.PRESS_PLAN)(open_plan)
    app.view(ids.PLAN_LEAD)(submit_plan)
    app.action(ids.PRESS_DISQUALIFY)(open_disqualification)
    app.view(ids.DISQUALIFY_LEAD)(submit_disqualification)
    app.action(ids.PRESS_MY_LEADS)(open_my_leads)
    app.action(ids.PRESS_TEAM_LEADS)(open_team_leads)


async def take_lead_command(
    ack: AsyncAck, body: Body, client: AsyncWebClient, actor: Actor, leads: LeadDesk, playbook: SalesPlaybook
) -> None:
    """`/rain-lead`: a modal without words, a list or a lead by its code, otherwise one line that captures a lead."""
    await answer_lead_words(body.get("text", ""), ack, body, client, actor, leads, playbook)


async def answer_lead_words(
    words: str,
    ack: AsyncAck,
    body: Body,
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    playbook: SalesPlaybook,
) -> None:
    """Answer what was typed after `/rain-lead`, or after `/rain lead`."""
    words = plain_words(words).strip()
    about = About(captured_in=body.get("channel_id"))
    code = A_CODE.fullmatch(words)
    if not words:
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=new_lead_modal(NewLead(company="", channel=""), playbook, about.write())
        )
    elif words.casefold() == "mine":
        found = await leads.mine(actor)
        await ack(text=_("My leads"), blocks=lead_list(_("My leads"), found, playbook, shows_owner=False))
    elif words.casefold() == "team":
        found = await leads.team(actor)
        await ack(text=_("All leads"), blocks=lead_list(_("All leads"), found, playbook, shows_owner=True))
    elif code:
        page = await leads.find(actor, int(code[1]))
        await ack(text=lead_summary(page.lead), blocks=lead_card(page.lead, playbook))
    else:
        await capture_one_line(words, about, ack, body, client, actor, leads, playbook)


async def capture_one_line(
    words: str,
    about: About,
    ack: AsyncAck,
    body: Body,
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    playbook: SalesPlaybook,
) -> None:
    """Capture a lead from one line; where the company may be known already, the modal asks which it is."""
    company, channel, said = parse_one_line(words, playbook)
    draft = NewLead(company=company, channel=channel, said=said, captured_in=about.captured_in)
    result = await leads.capture(actor, draft)
    if isinstance(result, PossibleDuplicates):
        await ack()
        await client.views_open(
            trigger_id=body["trigger_id"], view=doubtful_lead_modal(draft, result.matches, playbook, about.write())
        )
    else:
        await ack(text=lead_summary(result), blocks=captured_reply(result))


async def open_new_lead(ack: AsyncAck, body: Body, client: AsyncWebClient, playbook: SalesPlaybook) -> None:
    """Open the capture modal, from the shortcut or a button."""
    await ack()
    about = About(captured_in=(body.get("channel") or {}).get("id"))
    await open_modal(body, client, new_lead_modal(NewLead(company="", channel=""), playbook, about.write()))


async def open_new_lead_from_message(
    ack: AsyncAck, body: Body, client: AsyncWebClient, playbook: SalesPlaybook
) -> None:
    """Open the capture modal with what a message says."""
    await ack()
    channel, message = body["channel"]["id"], body["message"]
    said = plain_words(message.get("text") or "")
    link = await client.chat_getPermalink(channel=channel, message_ts=message["ts"])
    author = message.get("user") or message.get("bot_id") or ""
    origin = Origin(channel=channel, ts=message["ts"], author=author, permalink=link.get("permalink"))
    draft = NewLead(company="", channel="", said=said, contact=contact_in(said, None))
    about = About(captured_in=channel, origin=origin)
    await client.views_open(trigger_id=body["trigger_id"], view=new_lead_modal(draft, playbook, about.write()))


async def submit_new_lead(
    ack: AsyncAck, view: dict[str, Any], client: AsyncWebClient, actor: Actor, leads: LeadDesk, playbook: SalesPlaybook
) -> None:
    """Capture the lead as entered, or show which accounts may be the company meant."""
    about = About.read(view.get("private_metadata", ""))
    draft = NewLeadForm.read(view).lead(view, about)
    result = await leads.capture(actor, draft)
    if isinstance(result, PossibleDuplicates):
        await ack(response_action="update", view=doubtful_lead_modal(draft, result.matches, playbook, about.write()))
    else:
        await ack(response_action="clear")
        await whisper(client, about.captured_in, actor, lead_summary(result), captured_reply(result))


async def press_claim(
    ack: AsyncAck,
    body: Body,
    action: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Make the presser the lead's owner."""
    await leads.claim(actor, record_id(action.get("value")))
    await ack()
    await show_again(body, client, actor, leads, home, people, playbook)


async def open_lead_page(
    ack: AsyncAck,
    body: Body,
    action: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    playbook: SalesPlaybook,
) -> None:
    """Show everything about a lead."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await open_modal(body, client, lead_page(page, playbook))


async def open_screening(
    ack: AsyncAck,
    body: Body,
    action: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    playbook: SalesPlaybook,
) -> None:
    """Ask the screening questions."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await open_modal(body, client, screening_modal(page.lead, playbook))


async def submit_screening(ack: AsyncAck, view: dict[str, Any], actor: Actor, leads: LeadDesk) -> None:
    """Keep the answers to the screening questions."""
    await leads.rescreen(actor, record_id(view.get("private_metadata")), answers_of(view))
    await ack(response_action="clear")


async def open_touch(
    ack: AsyncAck, body: Body, action: dict[str, Any], client: AsyncWebClient, actor: Actor, leads: LeadDesk
) -> None:
    """Ask what was said."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await open_modal(body, client, touch_modal(page.lead))


async def submit_touch(ack: AsyncAck, view: dict[str, Any], actor: Actor, leads: LeadDesk) -> None:
    """Keep the touch."""
    await leads.log_touch(actor, record_id(view.get("private_metadata")), TouchForm.read(view).touch())
    await ack(response_action="clear")


async def open_plan(
    ack: AsyncAck, body: Body, action: dict[str, Any], client: AsyncWebClient, actor: Actor, leads: LeadDesk
) -> None:
    """Ask for the next date."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await open_modal(body, client, plan_modal(page.lead, _on_clock_of(actor, page.lead.next_at)))


def _on_clock_of(actor: Actor, moment: datetime | None) -> datetime | None:
    return moment.astimezone(zone_named(actor.zone)) if moment else None


async def submit_plan(ack: AsyncAck, view: dict[str, Any], actor: Actor, leads: LeadDesk) -> None:
    """Set the next date."""
    await leads.plan_next(actor, record_id(view.get("private_metadata")), DayForm.read(view).day)
    await ack(response_action="clear")


async def open_disqualification(
    ack: AsyncAck,
    body: Body,
    action: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    playbook: SalesPlaybook,
) -> None:
    """Ask why a lead goes no further."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await open_modal(body, client, disqualify_modal(page.lead, playbook))


async def submit_disqualification(ack: AsyncAck, view: dict[str, Any], actor: Actor, leads: LeadDesk) -> None:
    """Close the lead."""
    form = DisqualifyForm.read(view)
    await leads.disqualify(actor, record_id(view.get("private_metadata")), form.reason, form.remark)
    await ack(response_action="clear")


async def open_my_leads(
    ack: AsyncAck, body: Body, client: AsyncWebClient, actor: Actor, leads: LeadDesk, playbook: SalesPlaybook
) -> None:
    """List the presser's leads in a modal."""
    found = await leads.mine(actor)
    await ack()
    await open_modal(body, client, lead_list_modal(_("My leads"), found, playbook, shows_owner=False))


async def open_team_leads(
    ack: AsyncAck, body: Body, client: AsyncWebClient, actor: Actor, leads: LeadDesk, playbook: SalesPlaybook
) -> None:
    """List everybody's leads in a modal."""
    found = await leads.team(actor)
    await ack()
    await open_modal(body, client, lead_list_modal(_("All leads"), found, playbook, shows_owner=True))
