"""The timetable: every job there is, how often it looks, and what it does. Jobs carry no data: each asks what is due now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from usecases.core.maintenance import UpkeepDesk
from usecases.sales.accounts import AccountDesk
from usecases.sales.exceptions import ExceptionDesk

Job = Callable[[], Awaitable[int]]
"""Does one batch and returns how many it met; as long as it meets some, it is run again at once."""

NextAt = Callable[[], Awaitable[datetime | None]]
"""Tells when a job is next wanted; None when only its interval counts."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the timetable. `next_at` may want the job sooner than `every`.

    What commits nudge comes in bursts: a job that `is_nudged` rests after each run, so that a burst becomes a few runs.
    """

    name: str
    every: timedelta
    job: Job
    next_at: NextAt | None = None
    is_nudged: bool = False


def timetable(
    upkeep: UpkeepDesk,
    accounts: AccountDesk,
    exceptions: ExceptionDesk,
    *,
    deliver: Job,
    next_delivery_at: NextAt,
    reconcile: Job,
    carry_out_imports: Job,
    next_import_at: NextAt,
    keep_deal_channels: Job,
    next_deal_channel_at: NextAt,
) -> tuple[Entry, ...]:
    """All jobs. Delivering, listing people, fetching files and channels need Slack, to which only the bot itself can talk."""

    async def seal_all() -> int:
        return sum([await upkeep.seal_audit(workspace_id) for workspace_id in await upkeep.workspace_ids()])

    async def list_exceptions() -> int:
        for workspace_id in await upkeep.workspace_ids():
            await exceptions.tell(workspace_id)
        return 0

    async def ask_all() -> int:
        return sum([await accounts.ask_refresh(workspace_id) for workspace_id in await upkeep.workspace_ids()])

    return (
        Entry(
            name="sweep-reminders",
            every=timedelta(seconds=20),
            job=upkeep.sweep_reminders,
            next_at=upkeep.next_reminder_at,
        ),
        Entry(
            name="deliver-outbox", every=timedelta(seconds=10), job=deliver, next_at=next_delivery_at, is_nudged=True
        ),
        Entry(name="list-exceptions", every=timedelta(minutes=10), job=list_exceptions),
        Entry(name="carry-out-imports", every=timedelta(seconds=20), job=carry_out_imports, next_at=next_import_at),
        Entry(
            name="keep-deal-channels",
            every=timedelta(seconds=20),
            job=keep_deal_channels,
            next_at=next_deal_channel_at,
            is_nudged=True,
        ),
        Entry(name="seal-audit", every=timedelta(minutes=1), job=seal_all),
        Entry(name="reconcile-people", every=timedelta(minutes=5), job=reconcile),
        Entry(name="ask-refresh", every=timedelta(hours=1), job=ask_all),
        Entry(name="clear-aged", every=timedelta(hours=1), job=upkeep.clear_aged),
    )
