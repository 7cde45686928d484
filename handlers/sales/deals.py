"""Deals, as they come in from Slack: commands, modals and buttons."""

import re
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

from pydantic import Field
from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor, may
from domain.core.refusals import NotFound
from domain.playbook.evidence import RecordKind
from domain.playbook.gates import GateClosed
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.amounts import AmountFormats, money_in
from domain.sales.deals import STEER_DEAL, DealPlan
from domain.sales.documents import DocumentKind, Needs
from domain.sales.pages import DealPage
from handlers.days import close_form
from handlers.forms import Form, UploadedFile, record_id, words_after
from handlers.sales.lead_owners import AssignForm
from handlers.sales.leads import DisqualifyForm, TouchForm, show_done
from handlers.surface import Body, Surface
from usecases.sales.channels import DealChannelDesk
from usecases.sales.deals import DealDesk
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.pipeline import PipelineDesk
from views import ids
from views.core.additions import menu_items
from views.core.page_sections import page_sections, section_modal
from views.kit import View, say
from views.rights import needs
from views.sales.deal_forms import (
    attach_modal,
    brief_modal,
    hand_over_modal,
    lose_modal,
    move_back_modal,
    plan_deal_modal,
    qualify_modal,
    step_modal,
    touch_deal_modal,
    variant_modal,
)
from views.sales.deals import (
    MORE_BACK,
    MORE_HAND_OVER,
    MORE_LOSE,
    MORE_OPEN,
    MORE_VARIANT,
    deal_card,
    deal_list,
    deal_list_modal,
    deal_page_view,
    gate_modal,
    outdated_modal,
    title_of,
)
from views.sales.exceptions import exceptions_modal
from views.sales.pipeline import OWN, pipeline_blocks, pipeline_modal

A_CODE = re.compile(r"D-?(\d{1,9})", re.IGNORECASE)

AMONG_EXCEPTIONS = "exceptions"
"""The list from which a deal is handed over."""

DEAL_MODALS: dict[str, Callable[[DealPage, Actor, SalesPlaybook], View]] = {
    ids.PRESS_SHOW_DEAL: deal_page_view,
    ids.PRESS_TOUCH_DEAL: lambda page, _actor, _playbook: touch_deal_modal(page.deal),
    ids.PRESS_BRIEF: lambda page, _actor, _playbook: brief_modal(page),
    ids.PRESS_ATTACH: lambda page, _actor, _playbook: attach_modal(page.deal),
    ids.PRESS_HAND_OVER: lambda page, _actor, _playbook: hand_over_modal(page.deal, AMONG_EXCEPTIONS),
    ids.PRESS_PLAN_DEAL: lambda page, actor, playbook: (
        plan_deal_modal(page.deal, playbook, actor.hours)
        if may(actor.roles, STEER_DEAL)
        else step_modal(page.deal, actor.hours)
    ),
}
"""The modal that each button about a deal opens."""
MORE_MODALS: dict[str, Callable[[DealPage, Actor, SalesPlaybook], View]] = {
    MORE_OPEN: deal_page_view,
    MORE_BACK: lambda page, _actor, playbook: move_back_modal(page.deal, playbook),
    MORE_VARIANT: lambda page, _actor, playbook: variant_modal(page.deal, playbook),
    MORE_HAND_OVER: lambda page, _actor, _playbook: hand_over_modal(page.deal),
    MORE_LOSE: lambda page, _actor, playbook: lose_modal(page.deal, playbook),
}
"""The modal that each choice of ours behind the three dots opens."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_PAGE_SECTION)(open_page_section)
    app.command(ids.RAIN_DEAL)(take_deal_command)
    app.command(ids.RAIN_PIPELINE)(take_pipeline_command)
    app.action(ids.PRESS_QUALIFY)(open_qualification)
    app.view(ids.QUALIFY_LEAD)(submit_qualification)
    for action_id in DEAL_MODALS:
        app.action(action_id)(open_about_deal)
    app.action(ids.PRESS_MORE_OF_DEAL)(press_more)
    app.action(ids.PRESS_MOVE_DEAL)(press_move)
    app.view(ids.PLAN_DEAL)(submit_plan)
    app.view(ids.SET_STEP)(submit_step)
    app.view(ids.TOUCH_DEAL)(submit_touch)
    app.view(ids.WRITE_BRIEF)(submit_brief)
    app.view(ids.ATTACH_DOCUMENT)(submit_document)
    app.view(ids.MOVE_DEAL_BACK)(submit_move_back)
    app.view(ids.CHOOSE_VARIANT)(submit_variant)
    app.view(ids.LOSE_DEAL)(submit_loss)
    app.view(ids.HAND_OVER_DEAL)(submit_hand_over)
    app.action(ids.PRESS_MY_DEALS)(open_my_deals)
    app.action(ids.PRESS_PIPELINE)(open_pipeline)
    app.action(ids.PRESS_STAGE)(open_stage)
    app.action(ids.PRESS_DEAL_CHART)(press_chart)
    app.action(ids.PRESS_OUTDATED)(open_outdated)
    app.action(ids.PRESS_FOLLOW)(press_follow)


class DealForm(Form, asked_by=(ids.PLAN_DEAL,)):
    """The questions of every deal."""

    title: str = ""
    amount: str = ""
    currency: str = ""
    client_type: str | None = None
    expected_on: date | None = None
    next_step: str | None = None
    next_on: date | None = None

    def plan(self) -> DealPlan:
        """The deal as entered.

        Raises RuleBroken (field `amount` or `currency`).
        """
        given = self.model_dump(include={"title", "client_type", "expected_on", "next_step", "next_on"})
        value = money_in(self.amount, self.currency or None, AmountFormats()) if self.amount else None
        return DealPlan(value=value, **given)


class StepForm(Form, asked_by=(ids.SET_STEP,)):
    """The modal that asks what comes next."""

    next_step: str | None = None
    next_on: date | None = None

    def plan(self) -> DealPlan:
        """What comes next, as entered."""
        return DealPlan(title="", next_step=self.next_step, next_on=self.next_on)


class QualifyForm(DealForm, asked_by=(ids.QUALIFY_LEAD,)):
    """The modal that makes a deal of a lead."""

    joins: str | None = None

    @property
    def joins_id(self) -> int | None:
        """The running deal that the lead joins, or None for one of its own."""
        return record_id(self.joins) if self.joins and self.joins != "new" else None


class NeedsForm(Form, asked_by=(ids.WRITE_BRIEF,)):
    """The needs brief."""

    needs: str = ""
    pains: str = ""
    goals: str = ""

    def answers(self) -> Needs:
        """What was answered."""
        return Needs(**self.model_dump())


class DocumentForm(Form, asked_by=(ids.ATTACH_DOCUMENT,)):
    """The modal that attaches a file."""

    kind: DocumentKind
    file: Annotated[list[UploadedFile], Field(min_length=1)]


class MoveBackForm(Form, asked_by=(ids.MOVE_DEAL_BACK,)):
    """The modal that moves a deal back."""

    stage: str = ""
    reason: str = ""


class VariantForm(Form, asked_by=(ids.CHOOSE_VARIANT,)):
    """The modal that chooses a deal's route."""

    variant: str = ""
    reason: str = ""


async def take_deal_command(
    ack: AsyncAck, body: Body, actor: Actor, deals: DealDesk, pipeline: PipelineDesk, deal_channels: DealChannelDesk
) -> None:
    """`/rain-deal`: without words one's own deals, or in a deal's own channel that deal; a list, one by its code, or a search."""
    words = words_after(body)
    code = A_CODE.fullmatch(words)
    here = None if words else await deal_channels.in_channel(actor, str(body.get("channel_id") or ""))
    page = await deals.find(actor, int(code[1])) if code else here
    if page:
        await ack(text=f"{page.deal.code}: {page.deal.title}", blocks=deal_card(page, deals.sales))
    elif not words or words == "mine":
        mine = await pipeline.latest(actor)
        await ack(text=_("My deals"), blocks=deal_list(_("My deals"), mine, deals.sales))
    elif words == "team":
        title, all_of_them = _("All deals"), await pipeline.team(actor)
        await ack(text=title, blocks=deal_list(title, all_of_them, deals.sales, shows_owner=True))
    else:
        found = await pipeline.search(actor, words)
        title = _("Deals found")
        await ack(text=title, blocks=deal_list(title, found, deals.sales, shows_owner=True))


async def take_pipeline_command(
    ack: AsyncAck, body: Body, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """`/rain-pipeline`: the sums by stage of all running deals, or of one's own."""
    sums = await pipeline.pipeline(actor, is_own=words_after(body).casefold() == "mine")
    await ack(text=_("Pipeline"), blocks=pipeline_blocks(sums, playbook))


async def open_qualification(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Ask what deal a lead goes on as, or show what is missing before it can."""
    lead_id = record_id(action.get("value"))
    try:
        lead, running = await deals.offered(actor, lead_id)
    except GateClosed as refused:
        await ack()
        await surface.open(gate_modal(refused, RecordKind.LEAD, lead_id))
        return
    await ack()
    await surface.open(qualify_modal(lead, running, deals.sales))


async def submit_qualification(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Make the deal, and show it."""
    form = QualifyForm.read(view)
    step = await deals.qualify(actor, record_id(surface.about), form.plan(), form.joins_id)
    page = await deals.show(actor, step.deal.id)
    await ack(response_action="update", view=deal_page_view(page, actor, deals.sales))


async def open_about_deal(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Open the modal that a button about a deal is for, for whoever may submit it while the deal stands where it stands."""
    page = await deals.show(actor, record_id(action.get("value")))
    if permission := needs.get(action["action_id"]):
        await deals.check_right(actor, page.deal.id, permission)
    await ack()
    await surface.open(DEAL_MODALS[action["action_id"]](page, actor, page.sales or deals.sales))


async def press_more(ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Open what was chosen behind the three dots; a choice this version does not have opens the page."""
    deal, _colon, choice = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    page = await deals.show(actor, record_id(deal))
    await ack()
    if added := menu_items.get(f"deal.{choice}"):
        await surface.open(added.modal(page, actor, deals.sales))
    else:
        await surface.open(MORE_MODALS.get(choice, deal_page_view)(page, actor, page.sales or deals.sales))


async def press_move(ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Move the deal to the stage that the button names, or show what is missing at the gate before it.

    The button names it so that pressing twice does not move the deal twice.
    """
    deal, _colon, stage_id = str(action.get("value") or "").partition(":")
    deal_id = record_id(deal)
    try:
        step = await deals.move(actor, deal_id, stage_id)
    except GateClosed as refused:
        await ack()
        await surface.open(gate_modal(refused, RecordKind.DEAL, deal_id))
        return
    await ack()
    if surface.is_modal(ids.SHOW_DEAL):
        await surface.redraw(deal_page_view(await deals.show(actor, step.deal.id), actor, deals.sales))


async def submit_plan(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Keep what the deal is about and what comes next."""
    form, shown = DealForm.read(view), DealForm.shown(view)
    plan = form.plan()
    await deals.plan(actor, record_id(surface.about), plan, shown.plan() if shown else None)
    await close_form(ack, plan.next_on, actor)


async def submit_step(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Keep what comes next."""
    form, shown = StepForm.read(view), StepForm.shown(view)
    await deals.plan_step(actor, record_id(surface.about), form.plan(), shown.plan() if shown else None)
    await ack(response_action="clear")


async def submit_touch(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Keep the touch."""
    form = TouchForm.read(view)
    await deals.log_touch(actor, record_id(surface.about), form.touch())
    await close_form(ack, form.day, actor)


async def submit_brief(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Keep the needs brief."""
    form, shown = NeedsForm.read(view), NeedsForm.shown(view)
    await deals.write_brief(actor, record_id(surface.about), form.answers(), shown.answers() if shown else None)
    await ack(response_action="clear")


async def submit_document(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Keep the file with the deal, known again by its hash."""
    form = DocumentForm.read(view)
    deal_id = record_id(surface.about)
    await deals.check_work(actor, deal_id)  # before anything is fetched
    document = await surface.document(form.file[0].id, form.kind)
    await deals.attach(actor, deal_id, document)
    await ack(response_action="clear")


async def submit_move_back(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Move the deal back."""
    form = MoveBackForm.read(view)
    step = await deals.move(actor, record_id(surface.about), form.stage, form.reason)
    await show_done(ack, surface, None, step.operation)


async def submit_variant(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Put the deal on the route that was chosen."""
    form = VariantForm.read(view)
    step = await deals.choose_variant(actor, record_id(surface.about), form.variant, form.reason)
    await show_done(ack, surface, None, step.operation)


async def submit_loss(ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """End the deal."""
    form = DisqualifyForm.read(view)
    step = await deals.lose(actor, record_id(surface.about), form.reason, form.remark)
    await show_done(ack, surface, None, step.operation)


async def submit_hand_over(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk, exceptions: ExceptionDesk
) -> None:
    """Give the deal to somebody else; the list from which that was done is drawn anew."""
    form = AssignForm.read(view)
    deal, _colon, listed = surface.about.partition(":")
    step = await deals.hand_over(actor, record_id(deal), form.owner, form.note)
    await show_done(ack, surface, None, step.operation)
    if listed == AMONG_EXCEPTIONS and surface.is_on_top_of_another:
        await surface.redraw_below(exceptions_modal(await exceptions.show(actor), deals.sales))


async def open_my_deals(
    ack: AsyncAck, surface: Surface, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """List the presser's deals in a modal."""
    found = await pipeline.mine(actor)
    await ack()
    await surface.open(deal_list_modal(_("My deals"), found, playbook))


async def open_pipeline(
    ack: AsyncAck, surface: Surface, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """Show the sums of all running deals in a modal."""
    sums = await pipeline.pipeline(actor, is_own=False)
    await ack()
    await surface.open(pipeline_modal(sums, playbook))


async def open_stage(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    pipeline: PipelineDesk,
    playbook: SalesPlaybook,
) -> None:
    """List the deals at a stage in a modal.

    Raises NotFound for a stage at which no deal stands and that the playbook does not have.
    """
    stage_id, _colon, whose = str((action.get("selected_option") or action).get("value") or "").partition(":")
    found = await pipeline.at_stage(actor, stage_id, is_own=whose == OWN)
    if not found.deals and stage_id not in {stage.id for stage in playbook.stages}:
        raise NotFound(_("this stage"))
    await ack()
    await surface.open(deal_list_modal(_(title_of(stage_id, playbook)), found, playbook))


async def open_outdated(
    ack: AsyncAck, surface: Surface, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """List the deals that follow an older playbook than today's."""
    found = await pipeline.outdated(actor)
    await ack()
    await surface.open(outdated_modal(found, playbook))


async def press_follow(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk, pipeline: PipelineDesk
) -> None:
    """Let a deal follow today's playbook, or show which of its gates behind the deal is shut."""
    deal_id = record_id(action.get("value"))
    try:
        await deals.follow_playbook(actor, deal_id)
    except GateClosed as refused:
        await ack()
        await surface.open(gate_modal(refused, RecordKind.DEAL, deal_id))
        return
    await ack()
    if surface.is_modal(ids.LIST_OUTDATED):
        await surface.redraw(outdated_modal(await pipeline.outdated(actor), deals.sales))
    else:
        await surface.redraw(deal_page_view(await deals.show(actor, deal_id), actor, deals.sales))


async def press_chart(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    pipeline: PipelineDesk,
) -> None:
    """Have the deal's route drawn, with its place lit."""
    await pipeline.ask_chart(actor, record_id(action.get("value")))
    await ack()
    await surface.say(say(_("The chart comes in your messages with me.")))


async def open_page_section(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk
) -> None:
    """Show all of one section of a deal's page, from a place on."""
    deal_id, name, first = [*str(action.get("value")).split(":"), "", ""][:3]
    page = await deals.show(actor, record_id(deal_id))
    if name not in page_sections.all or not first.isdigit():
        raise NotFound(_("this list"))
    await ack()
    view = section_modal(name, page.deal.id, page, actor, int(first[:4]))
    await (surface.redraw(view) if first != "0" else surface.open(view))
