"""The timetable: every job there is, how often it looks, and what it does. Jobs carry no data: each asks what is due now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.usecases.upkeep import UpkeepDesk

Job = Callable[[], Awaitable[int]]
"""Does one batch and returns how many it met; as long as it meets some, it is run again at once."""

NextAt = Callable[[], Awaitable[datetime | None]]
"""Tells when a job is next wanted; None when only its interval counts."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A line of the timetable. `next_at` may want the job sooner than `every`."""

    name: str
    every: timedelta
    job: Job
    next_at: NextAt | None = None


def timetable(
    upkeep: UpkeepDesk, deliver: Job, next_delivery_at: NextAt, carry_out_imports: Job, next_import_at: NextAt
) -> tuple[Entry, ...]:
    """All jobs. `deliver` sends what the outbox holds, imports are fetched from Slack; only the bot itself can talk to it."""

    async def seal_all() -> int:
        return sum([await upkeep.seal_audit(workspace_id) for workspace_id in await upkeep.workspace_ids()])

    return (
        Entry(
            name="sweep-reminders",
            every=timedelta(seconds=20),
            job=upkeep.sweep_reminders,
            next_at=upkeep.next_reminder_at,
        ),
        Entry(name="deliver-outbox", every=timedelta(seconds=10), job=deliver, next_at=next_delivery_at),
        Entry(name="carry-out-imports", every=timedelta(seconds=20), job=carry_out_imports, next_at=next_import_at),
        Entry(name="seal-audit", every=timedelta(minutes=1), job=seal_all),
        Entry(name="clear-aged", every=timedelta(hours=1), job=upkeep.clear_aged),
    )
