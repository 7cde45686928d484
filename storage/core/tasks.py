"""Tasks of this workspace: put in with the change they follow from, and what became of those that a process has claimed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Update

from domain.core.language import _
from domain.core.refusals import NotFound
from domain.core.tasks import NewTask, Task, TaskKind
from storage.engine.scope import Scope, select_here, update_here
from storage.schema import tasks


class TaskRepository:
    """What is to be done outside, at most one open task for each key."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def put(self, new: NewTask, due_at: datetime | None = None) -> None:
        """Have something done, at once or at `due_at`; one that waits is done at the sooner time, one that is under way once more."""
        at = due_at or self.now
        known = self.scope.row(select_here(tasks).where(tasks.c.once == new.once, tasks.c.closed_at.is_(None)))
        if known is None:
            self._add(new, at)
        elif known.due_at is None or at < known.due_at:
            self.scope.change(update_here(tasks).where(tasks.c.id == known.id).values(due_at=at))

    def _add(self, new: NewTask, due_at: datetime) -> None:
        self.scope.add(
            tasks,
            kind=str(new.kind),
            subject=new.subject,
            subject_id=new.subject_id,
            member_id=new.member_id,
            details=dict(new.details),
            once=new.once,
            created_at=self.now,
            due_at=due_at,
            claims=0,
            tries=0,
            noted={},
        )

    def is_under_way(self, like: NewTask) -> bool:
        """Whether a process has the open task that is the same."""
        held = select_here(tasks, tasks.c.id).where(tasks.c.once == like.once, tasks.c.closed_at.is_(None))
        return self.scope.row(held.where(tasks.c.lease_until > self.now)) is not None

    def tries(self, task: Task) -> int | None:
        """How often a claimed task was tried by now; None when it is another's."""
        row = self.scope.row(select_here(tasks, tasks.c.tries).where(*_as_claimed(task)))
        return row.tries if row else None

    def extend(self, task: Task, lease_until: datetime) -> bool:
        """Keep a claimed task for longer; False when it is another's by now."""
        return self.scope.change(_held(task).values(lease_until=lease_until)) > 0

    def get_on(self, task: Task, lease_until: datetime) -> bool:
        """The same, and count tries from here: a part of it is done."""
        return self.scope.change(_held(task).values(lease_until=lease_until, tries=0, trouble=None)) > 0

    def note(self, task: Task, noted: dict[str, Any]) -> bool:
        """Keep what this try leaves outside; False when the task is another's by now."""
        return self.scope.change(_held(task).values(noted=noted)) > 0

    def done(self, task: Task) -> None:
        """It is carried out; where it was wanted again meanwhile, it waits for that."""
        let_go = {"lease_until": None, "trouble": None}
        nothing_more = _held(task).where(tasks.c.due_at.is_(None))
        if not self.scope.change(nothing_more.values(closed_at=self.now, **let_go)):
            self.scope.change(_held(task).values(tries=0, noted={}, **let_go))

    def try_later(self, task: Task, at: datetime, why: str) -> None:
        """Let go of it until `at`."""
        self.scope.change(_held(task).values(due_at=at, lease_until=None, trouble=why))

    def give_up(self, task: Task, why: str) -> bool:
        """Never try it again; False when it is another's by now."""
        return self.scope.change(_held(task).values(closed_at=self.now, lease_until=None, trouble=why)) > 0

    def failure(self, task_id: int) -> str:
        """Why a task was given up, in Slack's word and ours."""
        row = self.scope.row(select_here(tasks).where(tasks.c.id == task_id))
        if row is None:
            raise NotFound(_("this task"))
        return f"{row.trouble} ({row.kind}, {row.subject} {row.subject_id})"


def _held(task: Task) -> Update:
    """Changes a task unless it is another's by now."""
    return update_here(tasks).where(*_as_claimed(task))


def _as_claimed(task: Task) -> tuple[ColumnElement[bool], ...]:
    """It is open, and nobody has let go of it or claimed it since."""
    table = tasks.c
    return table.id == task.id, table.claims == task.claims, table.lease_until.is_not(None), table.closed_at.is_(None)


def task_from(row: Any) -> Task:
    """The task in a row."""
    return Task(
        id=row.id,
        workspace_id=row.workspace_id,
        kind=TaskKind(row.kind),
        subject=row.subject,
        subject_id=row.subject_id,
        member_id=row.member_id,
        details=row.details,
        claims=row.claims,
        tries=row.tries,
        noted=row.noted,
    )
