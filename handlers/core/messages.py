"""What happens to messages in Slack: somebody wrote to the bot, or a message a lead was captured from was edited or deleted.

Slack tells of every message in the channels Rainmaker is in; nearly all are let pass at once.
"""

import re
from typing import Any

from slack_bolt.async_app import AsyncApp

from domain.core.people import Actor
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.finding import Asked
from domain.sales.leads import OriginFate
from handlers.commands import HELP_WORDS
from handlers.forms import plain_words
from handlers.surface import Surface
from usecases.sales.finding import FindingDesk
from usecases.sales.lead_edits import LeadEditDesk
from views.core.help import help_words
from views.messages import compose

A_MENTION = re.compile(r"<@[^<>]{1,60}>")


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.event("message")(take_message)
    app.event("app_mention")(answer_mention)


async def take_message(
    event: dict[str, Any], workspace_id: str, actor: Actor | None, finding: FindingDesk, lead_edits: LeadEditDesk
) -> None:
    """Answer who wrote to the bot, and note what became of captured messages."""
    if is_said_to_us(event):
        if actor:
            await finding.answer(actor, asked_in(str(event.get("text") or ""), actor))
    elif news := fate_in(event):
        ts, fate = news
        await lead_edits.note_fate(workspace_id, event["channel"], ts, fate)


async def answer_mention(
    event: dict[str, Any], surface: Surface, actor: Actor | None, finding: FindingDesk, playbook: SalesPlaybook
) -> None:
    """Answer whoever mentions the bot: privately, where they did; where that cannot be, in their direct messages."""
    if actor is None:
        return
    asked = asked_in(A_MENTION.sub("", str(event.get("text") or ""), count=1), actor)
    kind, facts = await finding.find(actor, asked)
    answer = compose(kind, facts, playbook)
    if not await surface.whisper(event.get("channel"), answer["text"], answer["blocks"], event.get("thread_ts")):
        await finding.answer(actor, asked)


def asked_in(text: str, actor: Actor) -> Asked:
    """What somebody asks in a message; one without words asks for help."""
    words = plain_words(text).strip()
    is_help = words.casefold() in {"", *HELP_WORDS}
    return Asked(words=words, help_on=help_words(actor.roles), is_help=is_help)


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
