"""What happens to channels in Slack: one that belongs to a deal was archived, deleted or brought back by hand.

What we do ourselves is not told: Bolt drops events that the bot has caused.
"""

from typing import Any

from slack_bolt.async_app import AsyncApp

from usecases.sales.channels import DealChannelDesk

GONE = ("channel_archive", "channel_deleted", "group_archive", "group_deleted")
BACK = ("channel_unarchive", "group_unarchive")


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    for event in (*GONE, *BACK):
        app.event(event)(take_fate)


async def take_fate(event: dict[str, Any], workspace_id: str, deal_channels: DealChannelDesk) -> None:
    """Note what became of a deal's channel."""
    await deal_channels.note_fate(workspace_id, str(event.get("channel") or ""), is_gone=event["type"] in GONE)
