"""Who reads a channel: nothing internal is put where people of another firm read."""

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import error_of
from usecases.core.outbox import DeliveryDesk

OUT_OF_SIGHT = frozenset({"channel_not_found", "method_not_supported_for_channel_type"})
"""Slack's words for a channel that we may not see, and in which it lets us post nothing either."""


async def is_read_outside(desk: DeliveryDesk, client: AsyncWebClient, workspace_id: str, channel: str) -> bool:
    """Whether people of another firm read a channel, or have been asked into it.

    Raises SlackApiError where Slack does not say.
    """
    known = desk.known_sharing(workspace_id, channel)
    if known is not None:
        return known
    try:
        found = (await client.conversations_info(channel=channel)).get("channel") or {}
    except SlackApiError as refused:
        if error_of(refused) not in OUT_OF_SIGHT:
            raise
        found = {}
    is_outside = bool(found.get("is_ext_shared") or found.get("is_pending_ext_shared"))
    desk.remember_sharing(workspace_id, channel, is_outside)
    return is_outside
