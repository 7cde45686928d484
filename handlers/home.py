"""The Home tab, and `/rain`."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from domain.language import _
from domain.people import Actor
from domain.playbook import SalesPlaybook
from domain.usecases.home import HomeDesk
from domain.usecases.leads import LeadDesk
from domain.usecases.people import PeopleDesk
from handlers.leads import answer_lead_words
from handlers.surfaces import Body, show_home
from views import ids
from views.home import doing, waiting


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("app_home_opened")(show_opened_home)
    app.command(ids.RAIN)(take_rain_command)


async def show_opened_home(
    event: dict[str, Any],
    client: AsyncWebClient,
    actor: Actor,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Publish the Home tab to who opened it."""
    if event.get("tab") == "home":
        await show_home(client, actor, home, people, playbook)


async def take_rain_command(
    ack: AsyncAck,
    body: Body,
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    home: HomeDesk,
    playbook: SalesPlaybook,
) -> None:
    """`/rain`: what waits for me; `/rain lead …` is `/rain-lead …`."""
    word, _space, rest = str(body.get("text", "")).strip().partition(" ")
    if not word:
        page = await home.front_page(actor)
        await ack(text=_("What waits for you"), blocks=[*waiting(page, playbook), *doing(page)])
    elif word.casefold() == "lead":
        await answer_lead_words(rest, ack, body, client, actor, leads, playbook)
    else:
        await ack(text=_("I know `/rain` and `/rain lead …`."))
