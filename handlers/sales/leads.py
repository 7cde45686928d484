"""Leads, as they come in from Slack: commands, shortcuts, modals and buttons."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Self

from pydantic import BaseModel, ValidationError
from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.operations import Operation
from domain.core.people import Actor
from domain.core.refusals import NotFound, RuleBroken
from domain.core.working_time import zone_named
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import NewContact
from domain.sales.capture_lines import contact_written, parse_one_line
from domain.sales.leads import NewLead, NewTouch, Origin, PossibleDuplicates, TouchKind
from domain.sales.pages import LeadPage
from handlers.commands import reserved
from handlers.days import close_form
from handlers.forms import About, DayForm, Form, SlackId, record_id, shown_in, values_of
from handlers.spoken import message_words, spoken
from handlers.surface import Body, Surface
from usecases.core.people import PeopleDesk
from usecases.sales.finding import FindingDesk
from usecases.sales.lead_edits import LeadEditDesk
from usecases.sales.leads import LeadDesk
from views import ids
from views.core.operations import done_notice, done_reply
from views.kit import View
from views.sales.capture import ADD_TO_LEAD, NEW_COMPANY, doubtful_lead_modal, new_lead_modal, with_more_questions
from views.sales.lead_forms import (
    disqualify_modal,
    plan_modal,
    screening_modal,
    touch_modal,
)
from views.sales.leads import (
    captured_modal,
    captured_reply,
    lead_card,
    lead_list,
    lead_list_modal,
    lead_page,
    lead_summary,
)

A_CODE = re.compile(r"L-?(\d{1,9})", re.IGNORECASE)

LEAD_MODALS: dict[str, Callable[[LeadPage, Actor, SalesPlaybook], View]] = {
    ids.PRESS_SHOW: lead_page,
    ids.PRESS_SCREEN: lambda page, _actor, playbook: screening_modal(page.lead, playbook),
    ids.PRESS_TOUCH: lambda page, _actor, _playbook: touch_modal(page.lead),
    ids.PRESS_PLAN: lambda page, actor, _playbook: plan_modal(page.lead, zone_named(actor.zone)),
}
"""The modal that each button about a lead opens."""
SCREENING = "screening_"
"""Prefix of the fields that ask the playbook's screening criteria."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_LEAD)(take_lead_command)
    app.shortcut({"callback_id": ids.CAPTURE_LEAD, "type": "shortcut"})(open_new_lead)
    app.shortcut({"callback_id": ids.CAPTURE_LEAD_FROM_MESSAGE, "type": "message_action"})(open_new_lead_from_message)
    app.action(ids.PRESS_CAPTURE)(open_new_lead)
    app.view(ids.NEW_LEAD)(submit_new_lead)
    app.action(ids.PRESS_MORE_QUESTIONS)(open_more_questions)
    for action_id in LEAD_MODALS:
        app.action(action_id)(open_about_lead)
    app.view(ids.SCREEN_LEAD)(submit_screening)
    app.view(ids.LOG_TOUCH)(submit_touch)
    app.view(ids.PLAN_LEAD)(submit_plan)
    app.action(ids.PRESS_DISQUALIFY)(open_disqualification)
    app.view(ids.DISQUALIFY_LEAD)(submit_disqualification)
    app.action(ids.PRESS_MY_LEADS)(open_my_leads)
    app.action(ids.PRESS_TEAM_LEADS)(open_team_leads)


class AboutLead(BaseModel):
    """What a modal about one lead remembers: the lead, the channel it was opened in, whether on the lead's page, and in a merge
    the other lead."""

    lead_id: int
    channel: SlackId | None = None
    other_id: int | None = None
    is_from_page: bool = False

    @classmethod
    def read(cls, private_metadata: str) -> Self:
        """What the modal was opened with; one of an earlier version has the id alone.

        Raises NotFound for anything unreadable.
        """
        try:
            return cls.model_validate_json(private_metadata)
        except ValidationError:
            return cls(lead_id=record_id(private_metadata))

    def write(self) -> str:
        """The form Slack keeps."""
        return self.model_dump_json(exclude_none=True)


class LeadForm(Form, asked_by=(ids.EDIT_LEAD,)):
    """The questions of every lead."""

    company: str = ""
    channel: str = ""
    said: str = ""
    contact_name: str | None = None
    email: str | None = None
    phone: str | None = None

    def lead(self) -> NewLead:
        """The lead as entered."""
        contact = NewContact(name=self.contact_name, email=self.email, phone=self.phone)
        return NewLead(company=self.company, source=self.channel, said=self.said, contact=contact)


class NewLeadForm(LeadForm, asked_by=(ids.NEW_LEAD,)):
    """The capture modal."""

    industry: str | None = None
    history: str | None = None
    account: str | None = None

    @property
    def _account_id(self) -> int | None:
        if self.account in {None, NEW_COMPANY} or self.adds_to is not None:
            return None
        return record_id(self.account)

    @property
    def adds_to(self) -> int | None:
        """The lead to which it is to be added, or None for one of its own."""
        account = self.account or ""
        return record_id(account.removeprefix(ADD_TO_LEAD)) if account.startswith(ADD_TO_LEAD) else None

    def new_lead(self, view: Mapping[str, Any], about: About) -> NewLead:
        """The lead as entered, with the answers to the screening questions and what the modal remembers."""
        return replace(
            self.lead(),
            industry=self.industry,
            history=self.history,
            answers=answers_in(values_of(view)),
            account_id=self._account_id,
            is_new_company=self.account == NEW_COMPANY,
            declined=accounts_shown(view) if self.account == NEW_COMPANY else None,
            origin=about.origin,
            captured_in=about.captured_in,
        )


def accounts_shown(view: Mapping[str, Any]) -> tuple[int, ...]:
    """The accounts among which a capture modal lets somebody choose."""
    asked = {block.get("block_id"): block.get("element") or {} for block in view.get("blocks") or ()}
    values = [option["value"] for option in asked.get("account", {}).get("options") or ()]
    return tuple(record_id(value) for value in values if value.isdigit())


def answers_in(values: Mapping[str, Any]) -> dict[str, str]:
    """The screening questions that are answered among a modal's values, from criterion id to answer id."""
    return {name.removeprefix(SCREENING): str(value) for name, value in values.items() if name.startswith(SCREENING)}


class DisqualifyForm(Form, asked_by=(ids.DISQUALIFY_LEAD, ids.LOSE_DEAL)):
    """The modal that asks why a lead goes no further."""

    reason: str = ""
    remark: str = ""


class TouchForm(Form, asked_by=(ids.LOG_TOUCH, ids.TOUCH_DEAL)):
    """The touch modal."""

    kind: TouchKind
    key_points: str = ""
    day: date | None = None

    def touch(self) -> NewTouch:
        """The touch as entered."""
        return NewTouch(kind=self.kind, key_points=self.key_points, next_on=self.day)


async def take_lead_command(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, leads: LeadDesk, people: PeopleDesk
) -> None:
    """`/rain-lead`: a modal without words, a list or a lead by its code, otherwise one line that captures a lead."""
    words = await spoken(str(body.get("text") or ""), people, actor)
    about = About(captured_in=body.get("channel_id"))
    code = A_CODE.fullmatch(words)
    if not words:
        await ack()
        await surface.open(new_lead_modal(NewLead(company="", source=""), leads.sales, about.write()))
    elif words == "mine":
        found = await leads.mine(actor)
        await ack(text=_("My leads"), blocks=lead_list(_("My leads"), found, leads.sales, shows_owner=False))
    elif words == "team":
        found = await leads.team(actor)
        await ack(text=_("All leads"), blocks=lead_list(_("All leads"), found, leads.sales, shows_owner=True))
    elif code:
        page = await leads.find(actor, int(code[1]))
        await ack(text=lead_summary(page.lead), blocks=lead_card(page.lead, leads.sales))
    else:
        await capture_one_line(words, about, ack, surface, actor, leads)


async def capture_one_line(
    words: str, about: About, ack: AsyncAck, surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Capture a lead from one line; the modal asks where the source is misspelt or the company may be known."""
    line = parse_one_line(words, leads.sales)
    if line.company.casefold() in reserved():
        sentence = _("“{word}” is one of my words. If a company is called so, capture it with the form: type {command}")
        raise RuleBroken(sentence.format(word=line.company, command=ids.RAIN_LEAD))
    draft = NewLead(
        company=line.company,
        source=line.source,
        said=line.said,
        contact=contact_written(line.said, actor.country),
        captured_in=about.captured_in,
    )
    if line.misspelt:
        await ack()
        await surface.open(new_lead_modal(draft, leads.sales, about.write(), misspelt=line.misspelt))
        return
    result = await leads.capture(actor, draft)
    if isinstance(result, PossibleDuplicates):
        await ack()
        await surface.open(doubtful_lead_modal(draft, result, leads.sales, about.write()))
    else:
        await ack(text=lead_summary(result), blocks=captured_reply(result, actor, leads.sales))


async def open_new_lead(ack: AsyncAck, body: Body, surface: Surface, playbook: SalesPlaybook) -> None:
    """Open the capture modal, from the shortcut or a button."""
    await ack()
    about = About(captured_in=(body.get("channel") or {}).get("id"))
    await surface.open(new_lead_modal(NewLead(company="", source=""), playbook, about.write()))


async def open_new_lead_from_message(
    ack: AsyncAck,
    body: Body,
    surface: Surface,
    actor: Actor,
    playbook: SalesPlaybook,
    people: PeopleDesk,
    finding: FindingDesk,
) -> None:
    """Open the capture modal with what a message says."""
    await ack()
    origin, said = await origin_in(body, surface), await message_words(body["message"], people, actor)
    contact = contact_written(said, actor.country)
    company = await finding.company_in(actor, said, contact.email)
    draft = NewLead(company=company, source="", said=said, contact=contact)
    await surface.open(new_lead_modal(draft, playbook, About(captured_in=origin.channel, origin=origin).write()))


async def origin_in(body: Body, surface: Surface) -> Origin:
    """The message that a shortcut was taken from."""
    channel, message = body["channel"]["id"], body["message"]
    link = await surface.link_to(channel, message["ts"])
    author = message.get("user") or message.get("bot_id") or ""
    return Origin(channel=channel, ts=message["ts"], author=author, permalink=link)


async def open_more_questions(ack: AsyncAck, body: Body, surface: Surface, playbook: SalesPlaybook) -> None:
    """Ask the rest of the questions, too.

    Raises NotFound anywhere but in the form.
    """
    if not surface.is_modal(ids.NEW_LEAD):
        raise NotFound(_("this form"))
    await ack()
    await surface.redraw(with_more_questions(body["view"], playbook))


async def submit_new_lead(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk, lead_edits: LeadEditDesk
) -> None:
    """Capture the lead as entered, add it to one there is, or show which accounts may be the company meant."""
    form, about = NewLeadForm.read(view), About.read(surface.about)
    draft = form.new_lead(view, about)
    if form.adds_to is not None:
        step = await lead_edits.add_to(actor, form.adds_to, draft)
        await show_done(ack, surface, about.captured_in, step.operation)
        return
    result = await leads.capture(actor, draft)
    if isinstance(result, PossibleDuplicates):
        await ack(response_action="update", view=doubtful_lead_modal(draft, result, leads.sales, about.write()))
    elif about.captured_in is None:
        await ack(response_action="update", view=captured_modal(result, actor, leads.sales))
    else:
        await ack(response_action="clear")
        await surface.whisper(about.captured_in, lead_summary(result), captured_reply(result, actor, leads.sales))


async def open_about_lead(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Open the modal that a button about a lead is for."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    await surface.open(LEAD_MODALS[action["action_id"]](page, actor, leads.sales))


async def submit_screening(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Keep the answers to the screening questions."""
    answers, shown = answers_in(values_of(view)), answers_in(shown_in(view))
    await leads.rescreen(actor, record_id(surface.about), answers, shown)
    await ack(response_action="clear")


async def submit_touch(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """Keep the touch."""
    form = TouchForm.read(view)
    await leads.log_touch(actor, record_id(surface.about), form.touch())
    await close_form(ack, form.day, actor)


async def submit_plan(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """Set the next date."""
    form, shown = DayForm.read(view), DayForm.shown(view)
    await leads.plan_next(actor, record_id(surface.about), form.day, shown.day if shown else None)
    await close_form(ack, form.day, actor)


async def open_disqualification(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Ask why the lead goes no further."""
    page = await leads.show(actor, record_id(action.get("value")))
    await ack()
    about = AboutLead(lead_id=page.lead.id, channel=surface.channel)
    await surface.open(disqualify_modal(page.lead, leads.sales, about.write()))


async def submit_disqualification(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, leads: LeadDesk
) -> None:
    """Close the lead."""
    form, about = DisqualifyForm.read(view), AboutLead.read(surface.about)
    step = await leads.disqualify(actor, about.lead_id, form.reason, form.remark)
    await show_done(ack, surface, about.channel, step.operation)


async def show_done(ack: AsyncAck, surface: Surface, channel: str | None, operation: Operation | None) -> None:
    """Say that what a modal asked for is done, with the button that undoes it: where it was opened, or else in its place."""
    if operation is None:
        await ack(response_action="clear")
    elif channel is None:
        await ack(response_action="update", view=done_notice(operation))
    else:
        await ack(response_action="clear")
        await surface.whisper(channel, operation.summary, done_reply(operation))


async def open_my_leads(ack: AsyncAck, surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """List the presser's leads in a modal."""
    found = await leads.mine(actor)
    await ack()
    await surface.open(lead_list_modal(_("My leads"), found, leads.sales, shows_owner=False))


async def open_team_leads(ack: AsyncAck, surface: Surface, actor: Actor, leads: LeadDesk) -> None:
    """List everybody's leads in a modal."""
    found = await leads.team(actor)
    await ack()
    await surface.open(lead_list_modal(_("All leads"), found, leads.sales, shows_owner=True))
