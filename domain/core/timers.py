"""Timers: at a moment a use case is run, unless its record is done with it before; in somebody's working time or around the clock."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.core.working_time import WorkingHours


class TimerKind(str):
    """What falls due, as `noun.what`. Values are stored: never renamed."""


@dataclass(frozen=True, kw_only=True)
class NewTimer:
    """Something that falls due about a record, whose noun is `subject`.

    `member_id` is in whose working time it runs; without one it runs around the clock. This matters only when it is paused.
    """

    kind: TimerKind
    subject: str
    subject_id: int
    due_at: datetime
    member_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Timer:
    """A timer that is open: it runs until `due_at`, or it is paused and has `remaining` left, of working time where it runs in that."""

    id: int
    kind: TimerKind
    subject: str
    subject_id: int
    member_id: int | None = None
    due_at: datetime | None = None
    remaining: timedelta | None = None
    tries: int = 0
    """How often it fell due without its use case going well."""


def paused(timer: Timer, now: datetime, hours: WorkingHours | None) -> Timer:
    """The timer standing still; what is left of it counts in these hours, or around the clock. One that stands still stays so."""
    if timer.due_at is None:
        return timer
    left = hours.working_time_between(now, timer.due_at) if hours else timer.due_at - now
    return replace(timer, due_at=None, remaining=max(left, timedelta(0)))


def resumed(timer: Timer, now: datetime, hours: WorkingHours | None) -> Timer:
    """The timer running again, with as much ahead of it as was left. One that runs stays as it is."""
    if timer.remaining is None:
        return timer
    due_at = hours.add_working_time(now, timer.remaining) if hours else now + timer.remaining
    return replace(timer, due_at=due_at, remaining=None)
