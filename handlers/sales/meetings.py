"""Meetings, as they come in from Slack: dated ahead on a deal's page, and what becomes of them."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.sales.meetings import Meeting
from handlers.forms import record_id
from handlers.forms.meetings import MeetingForm
from handlers.forms.touches import TouchForm
from handlers.surface import Screen
from usecases.sales.deals import DealDesk
from usecases.sales.meetings import MeetingDesk
from views import ids
from views.kit import View, say
from views.sales.deals import deal_page_view
from views.sales.meetings import (
    MORE_FILE,
    MORE_LOG,
    MORE_MOVE,
    MORE_OFF,
    log_meeting_modal,
    move_meeting_modal,
    plan_meeting_modal,
)

MORE_MODALS: dict[str, Callable[[Meeting], View]] = {MORE_LOG: log_meeting_modal, MORE_MOVE: move_meeting_modal}
"""The modal that each choice about a meeting opens."""


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_MEETING)(open_plan)
    app.view(ids.PLAN_MEETING)(submit_plan)
    app.action(ids.PRESS_MORE_OF_MEETING)(press_more)
    app.view(ids.MOVE_MEETING)(submit_move)
    app.action(ids.PRESS_LOG_MEETING)(open_log)
    app.view(ids.LOG_MEETING)(submit_log)
    app.action(ids.PRESS_MEETING_OFF)(press_off)


async def open_plan(ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, deals: DealDesk) -> None:
    """Ask when the meeting is."""
    deal = await deals.check_work(actor, record_id(action.get("value")))
    await ack()
    await screen.open(plan_meeting_modal(deal))


async def submit_plan(
    ack: AsyncAck,
    view: dict[str, Any],
    screen: Screen,
    actor: Actor,
    meetings: MeetingDesk,
) -> None:
    """Keep the meeting; its calendar file comes by itself."""
    await meetings.plan(actor, record_id(screen.about), MeetingForm.read(view).meeting())
    await ack(response_action="clear")


async def submit_move(
    ack: AsyncAck,
    view: dict[str, Any],
    screen: Screen,
    actor: Actor,
    meetings: MeetingDesk,
) -> None:
    """Keep what is planned now; the file that says so comes by itself."""
    await meetings.move(actor, record_id(screen.about), MeetingForm.read(view).meeting())
    await ack(response_action="clear")


async def press_more(
    ack: AsyncAck,
    action: dict[str, Any],
    screen: Screen,
    actor: Actor,
    meetings: MeetingDesk,
    deals: DealDesk,
) -> None:
    """Do what was chosen about a meeting; a choice this version does not have asks what was said."""
    about, _colon, choice = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    meeting = await meetings.show(actor, record_id(about))
    if choice == MORE_FILE:
        await meetings.ask_file(actor, meeting.id)
        await ack()
        await screen.say(say(_("The calendar file comes in your messages with me.")))
    elif choice == MORE_OFF:
        meeting = await meetings.call_off(actor, meeting.id)
        await ack()
        await screen.redraw(deal_page_view(await deals.show(actor, meeting.deal.id), actor, deals.sales))
    else:
        await ack()
        await screen.open(MORE_MODALS.get(choice, log_meeting_modal)(meeting))


async def open_log(ack: AsyncAck, action: dict[str, Any], screen: Screen, actor: Actor, meetings: MeetingDesk) -> None:
    """Ask what was said in the meeting."""
    meeting = await meetings.show(actor, record_id(action.get("value")))
    await ack()
    await screen.open(log_meeting_modal(meeting))


async def submit_log(ack: AsyncAck, view: dict[str, Any], screen: Screen, actor: Actor, meetings: MeetingDesk) -> None:
    """Keep what was said."""
    await meetings.log(actor, record_id(screen.about), TouchForm.read(view).touch())
    await ack(response_action="clear")


async def press_off(ack: AsyncAck, action: dict[str, Any], actor: Actor, meetings: MeetingDesk) -> None:
    """Note that the meeting did not take place; the reminder says so."""
    await meetings.call_off(actor, record_id(action.get("value")))
    await ack()
