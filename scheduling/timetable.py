"""The timetable: every job there is, how often it looks, and what it does. Jobs carry no data: each asks what is due now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from usecases.desk import CARRY_OUT_TASKS, DELIVER_OUTBOX
from usecases.desks import Desks

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
    needs_clock: bool = True
    """Whether it waits while this machine's clock is wrong."""


def timetable(
    desks: Desks,
    *,
    deliver: Job,
    next_delivery_at: NextAt,
    reconcile: Job,
    carry_out_tasks: Job,
    next_task_at: NextAt,
    check_clock: Job,
) -> tuple[Entry, ...]:
    """All jobs. Delivering, listing people and tasks need Slack, to which only the bot itself can talk."""
    upkeep = desks.upkeep

    async def seal_all() -> int:
        return sum([await upkeep.seal_audit(workspace_id) for workspace_id in await upkeep.workspace_ids()])

    async def list_exceptions() -> int:
        for workspace_id in await upkeep.workspace_ids():
            await desks.exceptions.tell(workspace_id)
        return 0

    async def ask_all() -> int:
        return sum([await desks.accounts.ask_refresh(workspace_id) for workspace_id in await upkeep.workspace_ids()])

    often, minute, hour = timedelta(seconds=20), timedelta(minutes=1), timedelta(hours=1)
    return (
        Entry(name="sweep-reminders", every=often, job=upkeep.sweep_reminders, next_at=upkeep.next_reminder_at),
        Entry(name=DELIVER_OUTBOX, every=often / 2, job=deliver, next_at=next_delivery_at, is_nudged=True),
        Entry(name=CARRY_OUT_TASKS, every=often, job=carry_out_tasks, next_at=next_task_at, is_nudged=True),
        Entry(name="fire-timers", every=often, job=desks.timers.fire, next_at=desks.timers.next_at),
        Entry(name="list-exceptions", every=10 * minute, job=list_exceptions),
        Entry(name="seal-audit", every=minute, job=seal_all),
        Entry(name="reconcile-people", every=5 * minute, job=reconcile),
        Entry(name="ask-refresh", every=hour, job=ask_all),
        Entry(name="check-clock", every=minute, job=check_clock, needs_clock=False),
        Entry(name="clear-aged", every=hour, job=upkeep.clear_aged),
    )
