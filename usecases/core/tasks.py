"""Carrying tasks out: each is claimed, noted as done, tried again later or given up, in a transaction of its own each."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from domain.core.messages import Destination, TaskGivenUp
from domain.core.people import Actor, Role
from domain.core.tasks import Task, wait_after
from domain.core.workspaces import Workspace
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk

LEASE = timedelta(seconds=60)
"""How long a task is one process's alone after its last step; then another may go on with it."""


@dataclass(frozen=True, kw_only=True)
class ClaimedTask:
    """A task that is ours, where it is to be done, and in whose name, if in anybody's."""

    task: Task
    workspace: Workspace
    actor: Actor | None = None


class TakenOver(Exception):
    """A task is another process's by now, and nothing may be changed in its name."""


def get_on(work: UnitOfWork, claimed: ClaimedTask) -> None:
    """Keep a task for longer within the transaction of another use case, one part of which that is.

    Raises TakenOver.
    """
    if not work.tasks.get_on(claimed.task, work.now + LEASE):
        raise TakenOver


class TaskDesk(Desk):
    """The use cases of tasks; the job that carries them out calls them, people do not."""

    async def claim(self, kinds: Collection[str], most: int, besides: Collection[int] = ()) -> list[ClaimedTask]:
        """The tasks of these kinds that have been due the longest, for a minute this process's alone; `besides` some (ids)."""
        at = await self.next_at(kinds, besides)
        if at is None or at > self.store.clock.now():
            return []  # looking costs nobody anything, while claiming has all others wait
        claimed = await self.store.jobs(lambda jobs: jobs.claim_tasks(kinds, most, jobs.now + LEASE, besides))
        return [await self.store.read(task.workspace_id, partial(_opened, task)) for task in claimed]

    async def next_at(self, kinds: Collection[str], besides: Collection[int] = ()) -> datetime | None:
        """When a task of these kinds may be claimed, `besides` some (ids); None where none waits."""
        return await self.store.read_jobs(lambda jobs: jobs.next_task_at(kinds, besides))

    async def note(self, claimed: ClaimedTask, **noted: Any) -> None:
        """Keep what this try leaves outside (JSON values), for the next one to look up.

        Raises TakenOver.
        """

        def body(work: UnitOfWork) -> None:
            if not work.tasks.note(claimed.task, noted):
                raise TakenOver

        await self.store.write(claimed.workspace.workspace_id, body)

    async def done(self, claimed: ClaimedTask) -> None:
        """Note that it is carried out."""
        await self.store.write(claimed.workspace.workspace_id, lambda work: work.tasks.done(claimed.task))
        self.nudge()

    async def later(self, claimed: ClaimedTask, why: str, least: float = 0) -> None:
        """Try it again after a wait that grows, of `least` seconds at least; after too many tries, give it up."""
        await self.store.write(claimed.workspace.workspace_id, lambda work: _try_later(work, claimed.task, why, least))
        self.nudge()

    async def give_up(self, claimed: ClaimedTask, why: str) -> None:
        """Never try it again, and tell one admin, once for each kind and reason."""
        await self.store.write(claimed.workspace.workspace_id, lambda work: _give_up(work, claimed.task, why))
        self.nudge()

    async def let_be(self, claimed: ClaimedTask, why: str) -> None:
        """Never try it again: there is nothing to be done any more."""
        await self.store.write(claimed.workspace.workspace_id, lambda work: work.tasks.give_up(claimed.task, why))


def _try_later(work: UnitOfWork, task: Task, why: str, least: float) -> None:
    tries = work.tasks.tries(task)
    wait = wait_after(tries, least) if tries is not None else None
    if wait is not None:
        work.tasks.try_later(task, work.now + wait, why)
    elif tries is not None:
        _give_up(work, task, why)


def _give_up(work: UnitOfWork, task: Task, why: str) -> None:
    admins = [admin for admin in work.members.with_roles({Role.ADMIN}) if admin.is_reachable]
    if work.tasks.give_up(task, why) and admins:
        once = f"task.given_up:{task.kind}:{why}"
        work.outbox.put(TaskGivenUp(task_id=task.id), Destination(member_id=admins[0].id), once=once)


def _opened(task: Task, work: UnitOfWork) -> ClaimedTask:
    member = work.members.get(task.member_id) if task.member_id else None
    actor = work.members.actor(member.slack_id) if member else None
    source = f"task {task.kind}"
    return ClaimedTask(task=task, workspace=work.workspaces.get(), actor=actor and actor.within(source, None))
