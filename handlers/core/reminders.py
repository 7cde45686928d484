"""The buttons on a reminder: done, later, or on a day of one's choice."""

from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.clock import Clock
from domain.core.language import _
from domain.core.people import Actor
from domain.core.refusals import NotFound
from domain.core.reminders import Snooze
from domain.core.working_time import zone_named
from handlers.days import close_form
from handlers.forms import DayForm, record_id
from handlers.surface import Surface
from usecases.core.reminders import ReminderDesk
from views import ids
from views.core.reminders import PICK_A_DAY, snooze_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_DONE)(press_done)
    app.action(ids.PRESS_SNOOZE)(press_snooze)
    app.view(ids.SNOOZE_TO)(submit_snooze)


async def press_done(ack: AsyncAck, action: dict[str, Any], actor: Actor, reminders: ReminderDesk) -> None:
    """End the reminder; the next follow-up is planned."""
    await reminders.done(actor, record_id(action.get("value")))
    await ack()


async def press_snooze(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, reminders: ReminderDesk, clock: Clock
) -> None:
    """Put the reminder off as chosen, or ask for the day."""
    reminder, _colon, choice = str((action.get("selected_option") or {}).get("value", "")).partition(":")
    if choice == PICK_A_DAY:
        await ack()
        today = clock.now().astimezone(zone_named(actor.zone)).date()
        await surface.open(snooze_modal(record_id(reminder), today + timedelta(days=2)))
    else:
        await reminders.snooze(actor, record_id(reminder), usual_time(choice))
        await ack()


def usual_time(choice: str) -> Snooze:
    """The choice in the snooze menu.

    Raises NotFound for one this version does not have.
    """
    try:
        return Snooze(choice)
    except ValueError:
        raise NotFound(_("this choice")) from None


async def submit_snooze(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, reminders: ReminderDesk
) -> None:
    """Put the reminder off to the chosen day."""
    day = DayForm.read(view).day
    await reminders.snooze_to(actor, record_id(surface.about), day)
    await close_form(ack, day, actor)
