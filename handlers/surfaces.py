"""Shows the answer where the person is: in the modal or Home tab they pressed in, or privately in the channel."""

from typing import Any

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from domain.people import Actor
from domain.playbook import SalesPlaybook
from domain.usecases.home import HomeDesk
from domain.usecases.leads import LeadDesk
from domain.usecases.people import PeopleDesk
from handlers.forms import record_id
from views import ids
from views.home import home_tab
from views.kit import Block
from views.leads import lead_page

Body = dict[str, Any]

log = structlog.get_logger()


async def show_home(
    client: AsyncWebClient, actor: Actor, home: HomeDesk, people: PeopleDesk, playbook: SalesPlaybook
) -> None:
    """Publish the actor's Home tab as it is now."""
    page, settings = await home.front_page(actor), await people.settings(actor)
    await client.views_publish(user_id=actor.slack_id, view=home_tab(page, settings.hours, playbook))


async def show_again(
    body: Body,
    client: AsyncWebClient,
    actor: Actor,
    leads: LeadDesk,
    home: HomeDesk,
    people: PeopleDesk,
    playbook: SalesPlaybook,
) -> None:
    """Redraw the modal or Home tab a button was pressed in; messages are redrawn by the outbox."""
    view = body.get("view") or {}
    if view.get("type") == "home":
        await show_home(client, actor, home, people, playbook)
    elif view.get("callback_id") == ids.SHOW_LEAD:
        page = await leads.show(actor, record_id(view.get("private_metadata")))
        await client.views_update(view_id=view["id"], view=lead_page(page, playbook))


async def open_modal(body: Body, client: AsyncWebClient, view: dict[str, Any]) -> None:
    """Open a modal, or put it on top of the one the person is in."""
    if (body.get("view") or {}).get("type") == "modal":
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def whisper(client: AsyncWebClient, channel: str | None, actor: Actor, text: str, blocks: list[Block]) -> None:
    """Say something privately where the person is. It may be lost: what matters has its card.

    Rainmaker is not in every channel people capture from; there the card alone has to do.
    """
    if not channel:
        return
    try:
        await client.chat_postEphemeral(channel=channel, user=actor.slack_id, text=text, blocks=blocks)
    except SlackApiError as refused:
        log.info("whisper refused", channel=channel, error=refused.response.get("error"))
