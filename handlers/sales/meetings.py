"""Meetings, as they come in from Slack: dated ahead on a deal's page, and what becomes of them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.sales.meetings import Meeting, NewMeeting
from handlers.forms import Form, record_id
from handlers.sales.leads import TouchForm
from handlers.surface import Surface
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


class MeetingForm(Form, asked_by=(ids.PLAN_MEETING, ids.MOVE_MEETING)):
    """The modals that date a meeting. `at` comes as the seconds since 1970."""

    about: str = ""
    at: datetime
    minutes: int
    place: str | None = None

    def meeting(self) -> NewMeeting:
        """The meeting as entered."""
        return NewMeeting(about=self.about, at=self.at, minutes=self.minutes, place=self.place)


class LogMeetingForm(TouchForm, asked_by=(ids.LOG_MEETING,)):
    """The modal that logs what was said in a meeting."""


async def open_plan(ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, deals: DealDesk) -> None:
    """Ask when the meeting is."""
    deal = await deals.check_work(actor, record_id(action.get("value")))
    await ack()
    await surface.open(plan_meeting_modal(deal))


async def submit_plan(
    ack: AsyncAck,
    view: dict[str, Any],
    surface: Surface,
    actor: Actor,
    meetings: MeetingDesk,
) -> None:
    """Keep the meeting; its calendar file comes by itself."""
    await meetings.plan(actor, record_id(surface.about), MeetingForm.read(view).meeting())
    await ack(response_action="clear")


async def submit_move(
    ack: AsyncAck,
    view: dict[str, Any],
    surface: Surface,
    actor: Actor,
    meetings: MeetingDesk,
) -> None:
    """Keep what is planned now; the file that says so comes by itself."""
    form, shown = MeetingForm.read(view), MeetingForm.shown(view)
    await meetings.move(actor, record_id(surface.about), form.meeting(), shown.meeting() if shown else None)
    await ack(response_action="clear")


async def press_more(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
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
        await surface.say(say(_("The calendar file comes in your messages with me.")))
    elif choice == MORE_OFF:
        meeting = await meetings.call_off(actor, meeting.id)
        await ack()
        await surface.redraw(deal_page_view(await deals.show(actor, meeting.of.id), actor, deals.sales))
    else:
        await ack()
        await surface.open(MORE_MODALS.get(choice, log_meeting_modal)(meeting))


async def open_log(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, meetings: MeetingDesk
) -> None:
    """Ask what was said in the meeting."""
    meeting = await meetings.show(actor, record_id(action.get("value")))
    await ack()
    await surface.open(log_meeting_modal(meeting))


async def submit_log(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, meetings: MeetingDesk
) -> None:
    """Keep what was said."""
    await meetings.log(actor, record_id(surface.about), LogMeetingForm.read(view).touch())
    await ack(response_action="clear")


async def press_off(ack: AsyncAck, action: dict[str, Any], actor: Actor, meetings: MeetingDesk) -> None:
    """Note that the meeting did not take place; the reminder says so."""
    await meetings.call_off(actor, record_id(action.get("value")))
    await ack()
