"""Timers of this workspace: at most one open for each kind and record."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement

from domain.core.timers import NewTimer, Timer, TimerKind
from storage.engine.scope import Scope, select_here, update_here
from storage.schema import timers

_IS_OPEN = timers.c.closed_at.is_(None)


class TimerRepository:
    """What falls due in this workspace, and when."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def set(self, new: NewTimer) -> None:
        """Let something fall due; the open timer of this kind and record, if there is one, from now on does so at this moment."""
        values = {"due_at": new.due_at, "member_id": new.member_id, "remaining": None, "tries": 0, "trouble": None}
        if self.scope.change(update_here(timers).where(*_of(new.kind, new.subject_id)).values(**values)) == 0:
            about = {"kind": str(new.kind), "subject": new.subject, "subject_id": new.subject_id}
            self.scope.add_all(timers, [{**about, **values}])

    def open_for(self, kind: TimerKind, subject_id: int) -> Timer | None:
        """The open timer of this kind about this record, or None."""
        row = self.scope.row(select_here(timers).where(*_of(kind, subject_id)))
        return _timer(row) if row else None

    def due(self, timer_id: int) -> Timer | None:
        """The timer, if it is due at this moment."""
        is_due = (timers.c.id == timer_id, _IS_OPEN, timers.c.due_at <= self.now)
        row = self.scope.row(select_here(timers).where(*is_due))
        return _timer(row) if row else None

    def update(self, timer: Timer) -> None:
        """Keep a timer that was paused or resumed."""
        remaining = int(timer.remaining.total_seconds()) if timer.remaining is not None else None
        self._change(timer, due_at=timer.due_at, remaining=remaining)

    def end(self, timer: Timer, outcome: str) -> None:
        """It does not fall due again."""
        self._change(timer, closed_at=self.now, outcome=outcome)

    def put_off(self, timer: Timer, at: datetime, why: str) -> None:
        """Its use case did not go well: try again at `at`."""
        self._change(timer, due_at=at, tries=timer.tries + 1, trouble=why)

    def cancel(self, subject: str, subject_id: int, kind: TimerKind | None = None) -> None:
        """Let nothing fall due about a record any more, or nothing of this kind."""
        ended = update_here(timers).where(timers.c.subject == subject, timers.c.subject_id == subject_id, _IS_OPEN)
        if kind is not None:
            ended = ended.where(timers.c.kind == str(kind))
        self.scope.change(ended.values(closed_at=self.now, outcome="cancelled"))

    def _change(self, timer: Timer, **values: Any) -> None:
        self.scope.change(update_here(timers).where(timers.c.id == timer.id, _IS_OPEN).values(**values))


def _of(kind: TimerKind, subject_id: int) -> tuple[ColumnElement[bool], ...]:
    return timers.c.kind == str(kind), timers.c.subject_id == subject_id, _IS_OPEN


def _timer(row: Any) -> Timer:
    return Timer(
        id=row.id,
        kind=TimerKind(row.kind),
        subject=row.subject,
        subject_id=row.subject_id,
        member_id=row.member_id,
        due_at=row.due_at,
        remaining=timedelta(seconds=row.remaining) if row.remaining is not None else None,
        tries=row.tries,
    )
