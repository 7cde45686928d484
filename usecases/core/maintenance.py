"""What goes on without anybody asking: telling due reminders, sealing the audit log, clearing what has aged."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from domain.core.audit import SEAL_AFTER, Head, seal
from domain.core.audit_chain import SEALED_WITHIN, SUBJECT, AuditCheck, Repeat, Walk, is_mended
from domain.core.backlog import Backlog
from domain.core.references import Dangling
from domain.core.reminders import plan_sweep
from storage.core.jobs import JobWork
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk

BATCH = 200
"""Rows taken in one transaction: few, so that people's requests never queue behind a long one."""
TOLD_AT_ONCE = 50
"""Reminders taken in one transaction: fewer, as each stands elsewhere in the tables. Only what is due of one person is taken whole,
however much it is, because it becomes one message."""
SEALS_AT_ONCE = 20
"""Seals checked on one state of the log."""
KEPT_FOR = timedelta(days=14)
"""How long request keys, delivered messages and reminders that are over are kept; Slack repeats a request for at most a day."""


class UpkeepDesk(Desk):
    """The use cases of the timetable; all are safe to run twice, and from several processes."""

    async def sweep_reminders(self) -> int:
        """Tell what is due of the next few people, or move it into working hours. Returns how many reminders were due."""

        def body(jobs: JobWork) -> int:
            due = jobs.claim_reminders(TOLD_AT_ONCE)
            jobs.carry_out(plan_sweep(due, jobs.now, jobs.who_may_be_away(due)))
            return len(due)

        count = await self.store.jobs(body)
        if (
            not count
        ):  # the delivery begins when all are told, so that the last need not wait until the first is delivered
            self.nudge()
        return count

    async def next_reminder_at(self) -> datetime | None:
        """When the next waiting reminder falls due, or None."""
        return await self.store.read_jobs(lambda jobs: jobs.next_reminder_at())

    async def database_now(self) -> datetime | None:
        """The database's own time, or None where it is a file on this machine."""
        return await self.store.read_jobs(lambda jobs: jobs.database_now())

    async def catch_up(self) -> int:
        """Let nothing wait for a moment from before a clock was set back. Returns how many rows waited."""
        if not await self.store.read_jobs(lambda jobs: jobs.waits_for_the_future()):
            return 0  # without the lock that all writes share
        return await self.store.jobs(lambda jobs: jobs.catch_up())

    async def seal_token(self, workspace_id: str) -> None:
        """Encrypt the token of a workspace's bot as it is to be encrypted now."""
        await self.store.write(workspace_id, lambda work: work.workspaces.seal_token())

    async def workspace_ids(self) -> list[str]:
        """All workspaces that have ever installed Rainmaker."""
        return await self.store.read_jobs(lambda jobs: jobs.workspace_ids())

    async def seal_audit(self, workspace_id: str) -> int:
        """Seal the next batch of a workspace's events. Returns how many.

        The end of the chain is read once: the number, the hash and the events of the new seal all follow from it.
        """

        def body(work: UnitOfWork) -> int:
            end = work.audit.end()
            events = work.audit.unsealed(end.covered_to, work.now - SEAL_AFTER, BATCH)
            if events:
                work.audit.add_seal(seal(end, workspace_id, events))
            return len(events)

        return await self.store.write(workspace_id, body)

    async def verify_audit(self, workspace_id: str, kept: Collection[Head] = ()) -> AuditCheck:
        """Check a workspace's chain from its first seal, and that it contains the seals of which `kept` tells."""
        own = [head for head in kept if head.workspace_id == workspace_id]
        walk = Walk(workspace_id=workspace_id, kept=own)
        try:
            while await self.store.read(workspace_id, partial(_check_next, walk)):
                pass
        except ValueError:
            walk.break_off()
        return walk.result()

    async def mend_audit(self, workspace_id: str) -> AuditCheck:
        """Say in the log of each seal that only repeats others that it does. Returns what was found, whose `repeats` are mended now."""
        check = await self.verify_audit(workspace_id)
        if check.repeats:
            await self.store.write(workspace_id, partial(_mend, check.repeats))
        return check

    async def find_dangling(self, workspace_id: str) -> list[Dangling]:
        """What in a workspace refers to records that are not there."""
        return await self.store.read_slow(workspace_id, lambda work: work.references.dangling())

    async def backlog(self) -> Backlog:
        """How much waits to be delivered and told."""
        return await self.store.read_jobs(lambda jobs: jobs.backlog())

    async def clear_aged(self) -> int:
        """Delete one batch of request keys, closed messages and reminders that nobody will ask for again. Returns how many."""
        return await self.store.jobs(lambda jobs: jobs.clear_before(jobs.now - KEPT_FOR, BATCH))


def _check_next(walk: Walk, work: UnitOfWork) -> bool:
    """Check the next seals on one state of the log; whether there may be more."""
    links = work.audit.seals_after(walk.number, SEALS_AT_ONCE)
    for link in links:
        events = work.audit.stored_between(walk.starts_after(link), link.last_event_id)
        told = work.audit.about(SUBJECT, link.number) if walk.repeat_by(link) else ()
        walk.take(link, events, told)
        if walk.wrong:
            return False
    if not links:
        walk.unsealed = work.audit.count_after(walk.covered_to, work.now - SEALED_WITHIN)
    return bool(links)


def _mend(repeats: Collection[Repeat], work: UnitOfWork) -> None:
    for repeat in repeats:
        if not is_mended(repeat, work.audit.about(SUBJECT, repeat.number)):
            work.audit.append(None, repeat.mending)
