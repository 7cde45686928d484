"""Undoing, as it comes in from Slack: one button, wherever something that can be undone is shown."""

from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.people import Actor
from handlers.forms import record_id
from handlers.surface import Surface
from usecases.core.operations import OperationDesk
from usecases.sales.accounts import AccountDesk
from usecases.sales.deals import DealDesk
from usecases.sales.leads import LeadDesk
from views import ids
from views.core.operations import undone_words
from views.sales.accounts import account_page
from views.sales.deals import deal_page_view
from views.sales.leads import lead_page


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_UNDO)(press_undo)


async def press_undo(
    ack: AsyncAck,
    action: dict[str, Any],
    surface: Surface,
    actor: Actor,
    operations: OperationDesk,
    accounts: AccountDesk,
    leads: LeadDesk,
    deals: DealDesk,
) -> None:
    """Take back what the button stands beside, and say what came of it; a long one goes on without them, and a page is drawn anew."""
    undone = await operations.begin_undo(actor, record_id(action.get("value")))
    await ack()
    words = undone_words(undone)
    if surface.is_modal(ids.SHOW_ACCOUNT):
        seen = await accounts.show(actor, record_id(surface.about))
        await surface.redraw(account_page(seen, actor, leads.sales, note=words))
        return
    if surface.is_modal(ids.SHOW_LEAD):
        page = await leads.show(actor, record_id(surface.about))
        await surface.redraw(lead_page(page, actor, leads.sales))
    if surface.is_modal(ids.SHOW_DEAL):
        seen_deal = await deals.show(actor, record_id(surface.about))
        await surface.redraw(deal_page_view(seen_deal, actor, deals.sales))
    await surface.say(words)
