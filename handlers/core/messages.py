"""What happens to messages in Slack: somebody wrote to the bot, or a message a lead was captured from was edited or deleted.

Slack tells of every message in the channels Rainmaker is in; nearly all are let pass at once.
"""

from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.core.people import Actor
from domain.sales.leads import OriginFate
from usecases.core.people import PeopleDesk
from usecases.sales.lead_edits import LeadEditDesk


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("message")(take_message)


async def take_message(
    event: dict[str, Any], workspace_id: str, actor: Actor | None, people: PeopleDesk, lead_edits: LeadEditDesk
) -> None:
    """Answer who wrote to the bot, and note what became of captured messages."""
    if is_said_to_us(event):
        if actor:
            await people.hint(actor)
    elif news := fate_in(event):
        ts, fate = news
        await lead_edits.note_fate(workspace_id, event["channel"], ts, fate)


def is_said_to_us(event: dict[str, Any]) -> bool:
    """Whether a person has written to the bot directly; what bots write and what is only an edit is let pass."""
    return event.get("channel_type") == "im" and not event.get("subtype") and not event.get("bot_id")


def fate_in(event: dict[str, Any]) -> tuple[str, OriginFate] | None:
    """Which message (its ts) was edited or deleted, as far as its words are concerned; None if nothing of it says so.

    A link that unfolds, a reaction or a reply changes a message, too, but not what it says. A deleted message that has replies stays as
    a tombstone.
    """
    if event.get("subtype") == "message_deleted":
        return str(event.get("deleted_ts", "")), OriginFate.DELETED
    if event.get("subtype") != "message_changed":
        return None
    before, after = event.get("previous_message") or {}, event.get("message") or {}
    if after.get("subtype") == "tombstone":
        return str(after.get("ts", "")), OriginFate.DELETED
    is_edited = before.get("text") != after.get("text") if before else "edited" in after
    return (str(after.get("ts", "")), OriginFate.EDITED) if is_edited else None
