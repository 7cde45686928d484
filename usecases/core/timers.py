"""Timers that fall due: each runs the function that its noun has declared, in one transaction with the note that it did.

    @due(OFFER_EXPIRES)
    def let_expire(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None: ...

So it happens once, however many processes look; and what happens in the transaction happens in the workspace's turn.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property, partial

import structlog

from domain.core.gathering import Registry
from domain.core.refusals import Refusal
from domain.core.tasks import MOST_TRIES, wait_after
from domain.core.timers import Timer, TimerKind, paused, resumed
from domain.core.working_time import WorkingHours
from domain.playbook.playbook import Playbook
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk

Fire = Callable[[UnitOfWork, Timer, Playbook], None]
"""What happens when a timer is due; a refusal says that there is nothing to be done any more."""

due = Registry[Fire]("usecases")
"""What happens when a timer of each kind is due; a noun declares it in its own file."""
MOST_IN_A_ROW = 50
"""Timers fired before the job lets others go first."""

log = structlog.get_logger()


def pause(work: UnitOfWork, kind: TimerKind, subject_id: int) -> None:
    """Let the timer of a record stand still, if it has one."""
    timer = work.timers.open_for(kind, subject_id)
    if timer:
        work.timers.update(paused(timer, work.now, _hours(work, timer)))


def resume(work: UnitOfWork, kind: TimerKind, subject_id: int) -> None:
    """Let the timer of a record run on, if it has one."""
    timer = work.timers.open_for(kind, subject_id)
    if timer:
        work.timers.update(resumed(timer, work.now, _hours(work, timer)))


def _hours(work: UnitOfWork, timer: Timer) -> WorkingHours | None:
    return work.members.hours(timer.member_id) if timer.member_id else None


class TimerDesk(Desk):
    """The use cases of timers; the job calls them, people do not. `fires` has what happens when a timer of each kind is due."""

    @cached_property
    def fires(self) -> Mapping[str, Fire]:
        return due.all

    async def fire(self) -> int:
        """Fire the timers that have been due the longest, each in a transaction of its own. Returns how many were still due then."""
        found = await self.store.read_jobs(lambda jobs: jobs.due_timers(self.fires, MOST_IN_A_ROW))
        fired = [await self._fire_one(workspace_id, timer_id) for workspace_id, timer_id in found]
        if found:
            self.nudge()
        return sum(fired)

    async def _fire_one(self, workspace_id: str, timer_id: int) -> bool:
        try:
            return await self.store.write(workspace_id, partial(self._run, timer_id))
        except Refusal as refused:
            log.info("nothing is due any more", workspace=workspace_id, timer=timer_id, why=refused.sentence)
            await self.store.write(workspace_id, partial(_let_be, timer_id))
        except Exception:
            log.exception("a bug in a timer", workspace=workspace_id, timer=timer_id)
            await self.store.write(workspace_id, partial(_put_off, timer_id))
        return True

    def _run(self, timer_id: int, work: UnitOfWork) -> bool:
        timer = work.timers.due(timer_id)
        if timer is None:
            return False  # another process was quicker, or it was paused or cancelled meanwhile
        work.timers.end(timer, "fired")  # first, so that the function may set the next one of its kind
        self.fires[timer.kind](work, timer, self.playbook)
        return True

    async def next_at(self) -> datetime | None:
        """When the next timer falls due, or None."""
        return await self.store.read_jobs(lambda jobs: jobs.next_timer_at(self.fires))


def _let_be(timer_id: int, work: UnitOfWork) -> None:
    timer = work.timers.due(timer_id)
    if timer:
        work.timers.end(timer, "let be")


def _put_off(timer_id: int, work: UnitOfWork) -> None:
    """Try again after a wait that grows: a bug may be mended by the next version, and then nothing is lost."""
    timer = work.timers.due(timer_id)
    wait = wait_after(min(timer.tries + 1, MOST_TRIES - 1)) if timer else None
    if timer and wait:
        work.timers.put_off(timer, work.now + wait, "bug")
