"""The outbox, delivered to Slack: in order within each channel, at its pace, and neither lost nor said twice.

Every message carries its outbox key as Slack message metadata. A send whose outcome is unknown (the process died, the response was lost)
is looked for in the channel's history by that key before it is sent again. What is meant for a channel that people of another firm
read goes to a member instead.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, TypeVar

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.lookup import Lookups, TooSoon
from bot.metrics import Metrics
from bot.readers import is_read_outside
from bot.slack_errors import OUTCOME_UNKNOWN, PASSING, RATE_LIMITED, error_of, retry_after
from domain.core.clock import Clock
from domain.core.language import speak
from domain.core.messages import Card, CardChanged, CardWithdrawn, OutboxRow
from domain.core.outbox import PreparedMessage
from domain.core.refusals import NotFound, RecordsAway
from domain.core.workspaces import Workspace
from domain.playbook.sales_rules import SalesPlaybook
from usecases.core.outbox import LEASE_SECONDS, DeliveryDesk
from views.messages import compose
from views.rights import read_by

API_SECONDS = 10
"""How long one Web API call may take; a lease is six times that."""
MOST_AT_ONCE = 128
"""Messages under way at the same time, each in a channel of its own; most of that time they wait for Slack or for their channel's pace."""
FEW_AT_ONCE = 3
"""The same while people are being served, without those that wait for their channel's pace."""
DESK_PLACES = 2
"""How many of them read or write our records at the same time: on PostgreSQL the other connections are left to people and jobs."""
PACE_SECONDS = 1.0
"""Between two posts to one channel; Slack allows one a second."""
LONGEST_WAIT = 600
"""Seconds between two tries, at the most."""
MOST_ATTEMPTS = 170
"""Tries before a passing trouble counts as a lasting one: with the waits between them, more than a day."""
EVENT_TYPE = "rainmaker_message"
"""Type of the metadata that carries the outbox key."""
T = TypeVar("T")

log = structlog.get_logger()


class LeaseEnds(Exception):
    """A message may be another process's before Slack would have answered."""


class Delivery:
    """Delivers what is in the outbox. `client_of` gives the Web API client of a workspace; it must not retry by itself.

    `is_quiet` says that nobody is being served; while somebody is, few messages are begun at once.
    """

    def __init__(
        self,
        desk: DeliveryDesk,
        client_of: Callable[[Workspace], AsyncWebClient],
        playbook: SalesPlaybook,
        clock: Clock,
        metrics: Metrics,
        nudge: Callable[[], None] = lambda: None,
        is_quiet: Callable[[], bool] = lambda: True,
    ) -> None:
        self.desk, self.client_of, self.playbook, self.clock, self.metrics = desk, client_of, playbook, clock, metrics
        self.nudge, self.is_quiet = nudge, is_quiet
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._latest_post: dict[int, float] = {}
        self._places = asyncio.Semaphore(DESK_PLACES)
        self.pace, self.lease = PACE_SECONDS, float(LEASE_SECONDS)
        self._last_post: dict[str, float] = {}
        self._pacing = 0
        self._lookups = Lookups(clock)

    async def run(self) -> int:
        """Start delivering what is due, as far as hands are free. Returns 0: each message asks for another run when it ends."""
        free = self._free_hands()
        if free <= 0:
            return 0
        latest_post = time.monotonic() + self.lease - API_SECONDS
        for row in await self.desk.claim(free, self._in(self.lease)):
            self._latest_post[row.id] = latest_post
            if row.id not in self._under_way:
                self._under_way[row.id] = asyncio.create_task(self._take(row))
        return 0

    def _free_hands(self) -> int:
        free = MOST_AT_ONCE - len(self._under_way)
        return free if self.is_quiet() else min(free, FEW_AT_ONCE - len(self._under_way) + self._pacing)

    async def next_at(self) -> datetime | None:
        """When there is something to deliver next; None while all hands are full, since the first to be free looks again."""
        return await self.desk.next_at() if self._free_hands() > 0 else None

    async def finish(self) -> None:
        """Wait for what is under way."""
        await asyncio.gather(*self._under_way.values(), return_exceptions=True)

    async def _take(self, row: OutboxRow) -> None:
        with structlog.contextvars.bound_contextvars(
            workspace=row.workspace_id, outbox=row.id, kind=type(row.message).__name__
        ):
            try:
                outcome = await self.deliver(row)
            except RecordsAway as away:  # the lease runs out by itself
                log.error("the records cannot be reached", error=str(away), once=RecordsAway.once)
                outcome = "records_away"
            except Exception:
                log.exception("a bug in delivery")
                outcome = "bug"
                with suppress(Exception):  # the lease runs out by itself where even this cannot be noted
                    await self._later(row, "bug", is_outcome_unknown=True)
        self.metrics.delivered.labels(outcome=outcome).inc()
        del self._under_way[row.id], self._latest_post[row.id]
        self.nudge()

    async def deliver(self, row: OutboxRow) -> str:
        """Deliver one claimed message; returns what became of it in a word, for the metrics."""
        try:
            prepared = await self._in_turn(self.desk.open(row))
        except NotFound:
            await self.desk.give_up(row, "record_gone")
            return "gone"
        if quiet_until := prepared.quiet_until(self.clock.now()):
            await self.desk.put_off(row, quiet_until)
            return "quiet"
        try:
            with speak(prepared.reader.locale if prepared.reader else "en-US"), read_by(prepared.reader):
                return await self._send(prepared)
        except SlackApiError as refused:
            return await self._refused(row, refused)
        except (aiohttp.ClientError, TimeoutError, OSError) as broken:
            await self._later(row, type(broken).__name__, is_outcome_unknown=True)
            return "unknown"
        except TooSoon as asked:
            await self.desk.later(row, asked.at, "ratelimited", is_outcome_unknown=True)
            return "rate_limited"
        except LeaseEnds:  # nothing is noted: it may be another's already
            return "too_late"

    async def _in_turn(self, work: Awaitable[T]) -> T:
        """Read or write when a place is free; and let others run in between, who would wait while many messages begin at once."""
        async with self._places:
            await asyncio.sleep(0)
            return await work

    async def _send(self, prepared: PreparedMessage) -> str:
        client = self.client_of(prepared.workspace)
        if isinstance(prepared.row.message, CardChanged):
            return await self._redraw(client, prepared)
        if isinstance(prepared.row.message, CardWithdrawn):
            return await self._withdraw(client, prepared, prepared.row.message)
        row = prepared.row
        if row.destination.channel and await self._is_read_outside(client, prepared, row.destination.channel):
            await self._in_turn(self.desk.keep_inside(row))
            return "kept_inside"
        channel = await self._channel(client, prepared)
        if row.first_tried_at:
            found = await self._lookups.find(client, channel, row)
            if found:
                await self._in_turn(self.desk.sent(prepared, channel, found))
                return "found"
            await self._in_turn(self.desk.never_arrived(row))
        await self._keep_pace(channel)
        posted = await self._post(client, channel, prepared)
        await self._in_turn(self.desk.sent(prepared, posted["channel"], posted["ts"]))
        return "sent"

    async def _is_read_outside(self, client: AsyncWebClient, prepared: PreparedMessage, channel: str) -> bool:
        return await is_read_outside(self.desk, client, prepared.row.workspace_id, channel)

    async def _post(self, client: AsyncWebClient, channel: str, prepared: PreparedMessage) -> Any:
        try:
            return await self._post_in_time(client, channel, prepared)
        except SlackApiError as refused:
            if refused.response.get("error") != "not_in_channel":
                raise
            await client.conversations_join(channel=channel)
            return await self._post_in_time(client, channel, prepared)

    async def _post_in_time(self, client: AsyncWebClient, channel: str, prepared: PreparedMessage) -> Any:
        if time.monotonic() > self._latest_post[prepared.row.id]:
            raise LeaseEnds
        return await client.chat_postMessage(
            channel=channel,
            thread_ts=prepared.row.destination.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"once": prepared.row.once}},
            unfurl_links=False,
            **compose(type(prepared.row.message).__name__, prepared.facts, self.playbook),
        )

    async def _redraw(self, client: AsyncWebClient, prepared: PreparedMessage) -> str:
        assert prepared.card is not None
        if await self._is_read_outside(client, prepared, prepared.card.channel):
            return await self._take_away(client, prepared, prepared.card)
        content = compose(prepared.card.kind, prepared.facts, self.playbook)
        await client.chat_update(channel=prepared.card.channel, ts=prepared.card.ts, **content)
        await self._in_turn(self.desk.drawn(prepared))
        return "redrawn"

    async def _withdraw(self, client: AsyncWebClient, prepared: PreparedMessage, message: CardWithdrawn) -> str:
        if await self._is_read_outside(client, prepared, message.channel):
            await client.chat_delete(channel=message.channel, ts=message.ts)
        else:
            content = compose(type(message).__name__, prepared.facts, self.playbook)
            await client.chat_update(channel=message.channel, ts=message.ts, **content)
        await self._in_turn(self.desk.drawn(prepared))
        return "redrawn"

    async def _take_away(self, client: AsyncWebClient, prepared: PreparedMessage, card: Card) -> str:
        """Delete a card that people of another firm could read by now."""
        try:
            await client.chat_delete(channel=card.channel, ts=card.ts)
        except SlackApiError as refused:
            if error_of(refused) != "message_not_found":
                raise
        await self._in_turn(self.desk.taken_away(prepared.row, card))
        return "taken_away"

    async def _channel(self, client: AsyncWebClient, prepared: PreparedMessage) -> str:
        if prepared.recipient is None:
            assert prepared.row.destination.channel is not None
            return prepared.row.destination.channel
        if prepared.recipient.dm_channel:
            return prepared.recipient.dm_channel
        opened = await client.conversations_open(users=prepared.recipient.slack_id)
        channel = str(opened["channel"]["id"])
        await self._in_turn(self.desk.opened_dm(prepared.row.workspace_id, prepared.recipient.id, channel))
        return channel

    async def _keep_pace(self, channel: str) -> None:
        waited = time.monotonic() - self._last_post.get(channel, 0.0)
        if waited < self.pace:
            self._pacing += 1
            await asyncio.sleep(self.pace - waited)
            self._pacing -= 1
        self._last_post[channel] = time.monotonic()
        if len(self._last_post) > 10_000:
            self._last_post = {key: at for key, at in self._last_post.items() if time.monotonic() - at < self.pace}

    async def _refused(self, row: OutboxRow, refused: SlackApiError) -> str:
        error = error_of(refused)
        if refused.response.status_code == 429 or error in RATE_LIMITED:
            wait = retry_after(refused)
            await self.desk.later(row, self._in(wait), error, is_outcome_unknown=False)
            return "rate_limited"
        if (error in PASSING or refused.response.status_code >= 500) and row.attempts < MOST_ATTEMPTS:
            unknown = error in OUTCOME_UNKNOWN or refused.response.status_code >= 500
            await self._later(row, error, is_outcome_unknown=unknown)
            return "later"
        log.warning("given up", error=error, attempts=row.attempts + 1)
        await self.desk.give_up(row, error)
        return "given_up"

    async def _later(self, row: OutboxRow, why: str, *, is_outcome_unknown: bool) -> None:
        await self.desk.later(
            row, self._in(min(2**row.attempts, LONGEST_WAIT)), why, is_outcome_unknown=is_outcome_unknown
        )

    def _in(self, seconds: float) -> datetime:
        return self.clock.now() + timedelta(seconds=seconds)
