"""Finds a message that may have been sent without our learning of it, by the key it carries.

Slack lets an app outside its Marketplace read 15 messages a minute. So a page has that many, where a look-up was broken off is kept, and
after a refusal no look-up of the workspace asks before Slack allows it. It ends, since a send that was claimed at some moment has
arrived soon afterwards or never.
"""

from datetime import datetime, timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack_errors import RATE_LIMITED, error_of, retry_after
from domain.core.clock import Clock
from domain.core.messages import OutboxRow
from usecases.core.outbox import LEASE_SECONDS

PAGE = 15
"""Messages asked for at a time."""
CLOCK_DRIFT = timedelta(minutes=2)
"""How much Slack's clock may differ from ours when a message is looked up by time."""
ARRIVES_WITHIN = timedelta(seconds=LEASE_SECONDS)
"""How long after its claim a message may arrive at Slack, at the most."""


class TooSoon(Exception):
    """Slack wants us to wait with look-ups in this workspace until `at`."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.at = at


class Lookups:
    """Look-ups under way: how far each is, and until when a workspace has to wait with them."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._cursors: dict[int, str] = {}
        self._free_at: dict[str, datetime] = {}

    async def find(self, client: AsyncWebClient, channel: str, row: OutboxRow) -> str | None:
        """The ts of a message that was sent, or None when it never arrived.

        Raises TooSoon, SlackApiError.
        """
        cursor: str | None = self._cursors.get(row.id)
        while True:
            page = await self._page(client, channel, row, cursor)
            for message in page.get("messages") or []:
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("once") == row.once:
                    self._cursors.pop(row.id, None)
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                self._cursors.pop(row.id, None)
                return None
            self._cursors[row.id] = cursor

    async def _page(self, client: AsyncWebClient, channel: str, row: OutboxRow, cursor: str | None) -> Any:
        free_at = self._free_at.get(row.workspace_id)
        if free_at and self.clock.now() < free_at:
            raise TooSoon(free_at)
        try:
            return await self._ask(client, channel, row, cursor)
        except SlackApiError as refused:
            if error_of(refused) in RATE_LIMITED:
                self._free_at[row.workspace_id] = self.clock.now() + timedelta(seconds=retry_after(refused))
            if error_of(refused) != "not_in_channel":
                raise
        await client.conversations_join(channel=channel)
        return await self._ask(client, channel, row, cursor)

    async def _ask(self, client: AsyncWebClient, channel: str, row: OutboxRow, cursor: str | None) -> Any:
        assert row.first_tried_at is not None
        asked: dict[str, Any] = {
            "channel": channel,
            "oldest": _ts(row.first_tried_at - CLOCK_DRIFT),
            "latest": _ts(row.first_tried_at + ARRIVES_WITHIN + CLOCK_DRIFT),
            "cursor": cursor,
            "limit": PAGE,
            "include_all_metadata": True,
        }
        if row.destination.thread_ts:
            return await client.conversations_replies(ts=row.destination.thread_ts, **asked)
        return await client.conversations_history(**asked)


def _ts(moment: datetime) -> str:
    return f"{moment.timestamp():.6f}"
