"""Absences, as they are entered and taken back in the Home tab."""

from datetime import date
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.core.clock import Clock
from domain.core.language import _
from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from handlers.core.home import show_home
from handlers.core.people import meet
from handlers.forms import Form, SlackId, record_id, words_after
from handlers.surface import Body, Surface
from usecases.core.absences import AbsenceDesk, AbsenceEntry
from usecases.core.home import HomeDesk
from usecases.core.people import PeopleDesk
from views import ids
from views.core.absences import absence_list, absence_modal, absence_of_other_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.command(ids.RAIN_AWAY)(take_away_command)
    app.action(ids.PRESS_AWAY)(open_absence)
    app.view(ids.ADD_ABSENCE)(submit_absence)
    app.action(ids.PRESS_OTHER_AWAY)(open_absence_of_other)
    app.view(ids.ADD_ABSENCE_OF_OTHER)(submit_absence)
    app.action(ids.PRESS_CANCEL_ABSENCE)(press_cancel)


class AbsenceForm(Form, asked_by=(ids.ADD_ABSENCE,)):
    """When one is away."""

    first_on: date
    last_on: date
    deputy: SlackId | None = None
    note: str | None = None

    def entry(self) -> AbsenceEntry:
        """The absence as entered."""
        return AbsenceEntry(**self.model_dump())


class AbsenceOfOtherForm(AbsenceForm, asked_by=(ids.ADD_ABSENCE_OF_OTHER,)):
    """When somebody else is away."""

    member: SlackId


async def take_away_command(
    ack: AsyncAck, body: Body, surface: Surface, actor: Actor, home: HomeDesk, clock: Clock
) -> None:
    """`/rain-away`: the form that says when somebody is away, or the list of absences."""
    if words_after(body) == "list":
        await ack(text=_("Absences"), blocks=absence_list(await home.front_page(actor)))
    else:
        await open_absence(ack, surface, actor, clock)


async def open_absence(ack: AsyncAck, surface: Surface, actor: Actor, clock: Clock) -> None:
    """Ask when somebody is away, from a button."""
    await ack()
    await surface.open(absence_modal(actor.hours.local(clock.now()).date()))


async def open_absence_of_other(
    ack: AsyncAck, surface: Surface, actor: Actor, absences: AbsenceDesk, clock: Clock
) -> None:
    """Ask who else is away, and when."""
    await absences.away_today(actor)  # refuses whoever may not enter it either, before they type
    await ack()
    await surface.open(absence_of_other_modal(actor.hours.local(clock.now()).date()))


async def submit_absence(
    ack: AsyncAck,
    view: dict[str, Any],
    surface: Surface,
    client: AsyncWebClient,
    actor: Actor,
    absences: AbsenceDesk,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Note when the submitter, or whoever they name, is away."""
    form = AbsenceOfOtherForm if surface.is_modal(ids.ADD_ABSENCE_OF_OTHER) else AbsenceForm
    entry = form.read(view).entry()
    await meet_all(entry, client, actor, people)
    await absences.add(actor, entry)
    await ack(response_action="clear")
    await show_home(surface, actor, home, people, playbook)


async def meet_all(entry: AbsenceEntry, client: AsyncWebClient, actor: Actor, people: PeopleDesk) -> None:
    """Look up whoever an absence names and Rainmaker has not met."""
    for slack_id in (entry.member, entry.deputy):
        if slack_id:
            await meet(people, client, actor.workspace_id, slack_id)


async def press_cancel(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    absences: AbsenceDesk,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Take an absence back."""
    await absences.cancel(actor, record_id(action.get("value")))
    await ack()
    await show_home(surface, actor, home, people, playbook)
