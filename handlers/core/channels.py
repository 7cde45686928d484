"""Channels that are shared with another firm, or no longer are: what stands there is taken away."""

from typing import Any

from slack_bolt.async_app import AsyncApp

from usecases.core.outbox import DeliveryDesk

SHARED, UNSHARED = "channel_shared", "channel_unshared"


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    for event in (SHARED, UNSHARED):
        app.event(event)(take_sharing)


async def take_sharing(event: dict[str, Any], workspace_id: str, outbox: DeliveryDesk) -> None:
    """Note who reads a channel by now; one that is shared with several firms may stay so with the others."""
    is_shared = event["type"] == SHARED or bool(event.get("is_ext_shared"))
    await outbox.note_sharing(workspace_id, str(event.get("channel") or ""), is_shared=is_shared)
