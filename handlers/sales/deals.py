"""Deals, as they come in from Slack: commands, modals and buttons."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.evidence import RecordKind
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.gates import GateClosed
from handlers.forms import plain_words, record_id
from handlers.forms.deals import DealForm, DocumentForm, MoveBackForm, NeedsForm, QualifyForm, VariantForm
from handlers.forms.leads import AssignForm, DisqualifyForm
from handlers.forms.touches import TouchForm
from handlers.sales.leads import show_done
from handlers.surface import Body, Screen
from usecases.sales.channels import DealChannelDesk
from usecases.sales.deal_pages import DealPage
from usecases.sales.deals import DealDesk
from usecases.sales.exceptions import ExceptionDesk
from usecases.sales.pipeline import PipelineDesk
from views import ids
from views.kit import View, say
from views.process.feedback import MORE_FEEDBACK, deal_feedback_modal
from views.sales.deal_forms import (
    attach_modal,
    brief_modal,
    hand_over_modal,
    lose_modal,
    move_back_modal,
    plan_deal_modal,
    qualify_modal,
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
)
from views.sales.exceptions import exceptions_modal
from views.sales.pipeline import pipeline_blocks

A_CODE = re.compile(r"D-?(\d{1,9})", re.IGNORECASE)

AMONG_EXCEPTIONS = "exceptions"
"""The list from which a deal is handed over."""

DEAL_MODALS: dict[str, Callable[[DealPage, Actor, SalesPlaybook], View]] = {
    ids.PRESS_SHOW_DEAL: deal_page_view,
    ids.PRESS_TOUCH_DEAL: lambda page, _actor, _playbook: touch_deal_modal(page.deal),
    ids.PRESS_BRIEF: lambda page, _actor, _playbook: brief_modal(page),
    ids.PRESS_ATTACH: lambda page, _actor, _playbook: attach_modal(page.deal),
    ids.PRESS_HAND_OVER: lambda page, _actor, _playbook: hand_over_modal(page.deal, AMONG_EXCEPTIONS),
    ids.PRESS_PLAN_DEAL: lambda page, actor, playbook: plan_deal_modal(page.deal, playbook, actor.hours),
}
"""The modal that each button about a deal opens."""
MORE_MODALS: dict[str, Callable[[DealPage, Actor, SalesPlaybook], View]] = {
    MORE_OPEN: deal_page_view,
    MORE_BACK: lambda page, _actor, playbook: move_back_modal(page.deal, playbook),
    MORE_VARIANT: lambda page, _actor, playbook: variant_modal(page.deal, playbook),
    MORE_HAND_OVER: lambda page, _actor, _playbook: hand_over_modal(page.deal),
    MORE_LOSE: lambda page, _actor, playbook: lose_modal(page.deal, playbook),
    MORE_FEEDBACK: lambda page, _actor, playbook: deal_feedback_modal(page.deal, playbook),
}
"""The modal that each choice behind the three dots opens."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_DEAL)(take_deal_command)
    app.command(ids.RAIN_PIPELINE)(take_pipeline_command)
    app.action(ids.PRESS_QUALIFY)(open_qualification)
    app.view(ids.QUALIFY_LEAD)(submit_qualification)
    for action_id in DEAL_MODALS:
        app.action(action_id)(open_about_deal)
    app.action(ids.PRESS_MORE_OF_DEAL)(press_more)
    app.action(ids.PRESS_MOVE_DEAL)(press_move)
    app.view(ids.PLAN_DEAL)(submit_plan)
    app.view(ids.TOUCH_DEAL)(submit_touch)
    app.view(ids.WRITE_BRIEF)(submit_brief)
    app.view(ids.ATTACH_DOCUMENT)(submit_document)
    app.view(ids.MOVE_DEAL_BACK)(submit_move_back)
    app.view(ids.CHOOSE_VARIANT)(submit_variant)
    app.view(ids.LOSE_DEAL)(submit_loss)
    app.view(ids.HAND_OVER_DEAL)(submit_hand_over)
    app.action(ids.PRESS_MY_DEALS)(open_my_deals)
    app.action(ids.PRESS_DEAL_CHART)(press_chart)
    app.action(ids.PRESS_OUTDATED)(open_outdated)
    app.action(ids.PRESS_FOLLOW)(press_follow)


async def take_deal_command(
    ack: AsyncAck, body: Body, actor: Actor, deals: DealDesk, pipeline: PipelineDesk, deal_channels: DealChannelDesk
) -> None:
    """`/rain-deal`: without words one's own deals, or in a deal's own channel that deal; one by its code, otherwise a search."""
    await answer_deal_words(str(body.get("text") or ""), ack, body, actor, deals, pipeline, deal_channels)


async def answer_deal_words(
    words: str,
    ack: AsyncAck,
    body: Body,
    actor: Actor,
    deals: DealDesk,
    pipeline: PipelineDesk,
    deal_channels: DealChannelDesk,
) -> None:
    """Answer what was typed after `/rain-deal`, or after `/rain deal`."""
    words = plain_words(words).strip()
    code = A_CODE.fullmatch(words)
    here = None if words else await deal_channels.in_channel(actor, str(body.get("channel_id") or ""))
    page = await deals.find(actor, int(code[1])) if code else here
    if page:
        await ack(text=f"{page.deal.code}: {page.deal.title}", blocks=deal_card(page, deals.sales))
    elif not words:
        mine = await pipeline.latest(actor)
        await ack(text=_("My deals"), blocks=deal_list(_("My deals"), mine, deals.sales))
    else:
        found = await pipeline.search(actor, words)
        title = _("Deals found")
        await ack(text=title, blocks=deal_list(title, found, deals.sales, shows_owner=True))


async def take_pipeline_command(
    ack: AsyncAck, body: Body, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """`/rain-pipeline`: the sums by stage of all running deals, or of one's own."""
    await answer_pipeline_words(str(body.get("text") or ""), ack, actor, pipeline, playbook)


async def answer_pipeline_words(
    words: str, ack: AsyncAck, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """Answer what was typed after `/rain-pipeline`, or after `/rain pipeline`."""
    is_own = words.strip().casefold() == "mine"
    sums = await pipeline.pipeline(actor, is_own=is_own)
    await ack(text=_("Pipeline"), blocks=pipeline_blocks(sums, playbook))


async def open_qualification(
    ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk
) -> None:
    """Ask what deal a lead goes on as, or show what is missing before it can."""
    lead_id = record_id(action.get("value"))
    try:
        lead, running = await deals.offered(actor, lead_id)
    except GateClosed as refused:
        await ack()
        await screen.open(gate_modal(refused, RecordKind.LEAD, lead_id))
        return
    await ack()
    await screen.open(qualify_modal(lead, running, deals.sales))


async def submit_qualification(
    ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk
) -> None:
    """Make the deal, and show it."""
    form = QualifyForm.read(view)
    step = await deals.qualify(actor, record_id(screen.about), form.plan(), form.joins_id)
    page = await deals.show(actor, step.deal.id)
    await ack(response_action="update", view=deal_page_view(page, actor, deals.sales))


async def open_about_deal(ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Open the modal that a button about a deal is for."""
    page = await deals.show(actor, record_id(action.get("value")))
    await ack()
    await screen.open(DEAL_MODALS[action["action_id"]](page, actor, page.sales or deals.sales))


async def press_more(ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Open what was chosen behind the three dots; a choice this version does not have opens the page."""
    deal, _colon, choice = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    page = await deals.show(actor, record_id(deal))
    playbook = deals.sales if choice == MORE_FEEDBACK else page.sales or deals.sales  # what is wrong is so today
    await ack()
    await screen.open(MORE_MODALS.get(choice, deal_page_view)(page, actor, playbook))


async def press_move(ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Move the deal to the stage that the button names, or show what is missing at the gate before it.

    The button names it so that pressing twice does not move the deal twice.
    """
    deal, _colon, stage_id = str(action.get("value") or "").partition(":")
    deal_id = record_id(deal)
    try:
        step = await deals.move(actor, deal_id, stage_id)
    except GateClosed as refused:
        await ack()
        await screen.open(gate_modal(refused, RecordKind.DEAL, deal_id))
        return
    await ack()
    if screen.is_modal(ids.SHOW_DEAL):
        await screen.redraw(deal_page_view(await deals.show(actor, step.deal.id), actor, deals.sales))


async def submit_plan(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Keep what the deal is about and what comes next."""
    await deals.plan(actor, record_id(screen.about), DealForm.read(view).plan())
    await ack(response_action="clear")


async def submit_touch(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Keep the touch."""
    await deals.log_touch(actor, record_id(screen.about), TouchForm.read(view).touch())
    await ack(response_action="clear")


async def submit_brief(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Keep the needs brief."""
    await deals.write_brief(actor, record_id(screen.about), NeedsForm.read(view).answers())
    await ack(response_action="clear")


async def submit_document(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Keep the file with the deal, known again by its hash."""
    form = DocumentForm.read(view)
    deal_id = record_id(screen.about)
    await deals.check_work(actor, deal_id)  # before anything is fetched
    document = await screen.document(form.file[0].id, form.kind)
    await deals.attach(actor, deal_id, document)
    await ack(response_action="clear")


async def submit_move_back(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Move the deal back."""
    form = MoveBackForm.read(view)
    step = await deals.move(actor, record_id(screen.about), form.stage, form.reason)
    await show_done(ack, screen, None, step.operation)


async def submit_variant(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Put the deal on the road that was chosen."""
    form = VariantForm.read(view)
    step = await deals.choose_variant(actor, record_id(screen.about), form.variant, form.reason)
    await show_done(ack, screen, None, step.operation)


async def submit_loss(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """End the deal."""
    form = DisqualifyForm.read(view)
    step = await deals.lose(actor, record_id(screen.about), form.reason, form.remark)
    await show_done(ack, screen, None, step.operation)


async def submit_hand_over(
    ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk, exceptions: ExceptionDesk
) -> None:
    """Give the deal to somebody else; the list from which that was done is drawn anew."""
    form = AssignForm.read(view)
    deal, _colon, listed = screen.about.partition(":")
    step = await deals.hand_over(actor, record_id(deal), form.owner, form.note)
    await show_done(ack, screen, None, step.operation)
    if listed == AMONG_EXCEPTIONS and screen.is_on_top_of_another:
        await screen.redraw_below(exceptions_modal(await exceptions.show(actor), deals.sales))


async def open_my_deals(
    ack: AsyncAck, screen: Screen, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """List the presser's deals in a modal."""
    found = await pipeline.mine(actor)
    await ack()
    await screen.open(deal_list_modal(_("My deals"), found, playbook))


async def open_outdated(
    ack: AsyncAck, screen: Screen, actor: Actor, pipeline: PipelineDesk, playbook: SalesPlaybook
) -> None:
    """List the deals that follow an older playbook than today's."""
    found = await pipeline.outdated(actor)
    await ack()
    await screen.open(outdated_modal(found, playbook))


async def press_follow(
    ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk, pipeline: PipelineDesk
) -> None:
    """Let a deal follow today's playbook, or show which of its gates behind the deal is shut."""
    deal_id = record_id(action.get("value"))
    try:
        await deals.follow_playbook(actor, deal_id)
    except GateClosed as refused:
        await ack()
        await screen.open(gate_modal(refused, RecordKind.DEAL, deal_id))
        return
    await ack()
    if screen.is_modal(ids.LIST_OUTDATED):
        await screen.redraw(outdated_modal(await pipeline.outdated(actor), deals.sales))
    else:
        await screen.redraw(deal_page_view(await deals.show(actor, deal_id), actor, deals.sales))


async def press_chart(
    ack: AsyncAck,
    action: dict[str, Any],
    screen: Screen,
    actor: Actor,
    pipeline: PipelineDesk,
) -> None:
    """Have the deal's road drawn, with its place lit."""
    await pipeline.ask_chart(actor, record_id(action.get("value")))
    await ack()
    await screen.say(say(_("The chart comes in your messages with me.")))
