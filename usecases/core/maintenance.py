"""What goes on without anybody asking: telling due reminders, sealing the audit log, clearing what has aged."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial

from domain.core.audit import SEAL_AFTER, AuditCheck, AuditEvent, Head, Seal, find_loss, find_swap, find_tampering, seal
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
BEFORE_ALL = -(2**62)
"""Below the id of every event, also of one that was inserted by hand with an id no event has."""
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

    async def workspace_ids(self) -> list[str]:
        """All workspaces that have ever installed Rainmaker."""
        return await self.store.read_jobs(lambda jobs: jobs.workspace_ids())

    async def seal_audit(self, workspace_id: str) -> int:
        """Seal the next batch of a workspace's events. Returns how many."""

        def body(work: UnitOfWork) -> int:
            events = work.audit.unsealed(work.now - SEAL_AFTER, BATCH)
            if events:
                work.audit.add_seal(seal(work.audit.last_seal(), workspace_id, events))
            return len(events)

        return await self.store.write(workspace_id, body)

    async def verify_audit(self, workspace_id: str, kept: Collection[Head] = ()) -> AuditCheck:
        """Check a workspace's chain from its first seal, and that it contains the seals of which `kept` tells."""
        own = [head for head in kept if head.workspace_id == workspace_id]
        previous: Seal | None = None
        covered = 0
        while True:
            head = previous.head if previous else None
            try:
                links = await self.store.read(workspace_id, partial(_next_links, previous))
            except ValueError:  # no longer JSON, or no longer a time
                after = previous.last_event_id if previous else 0
                return AuditCheck(
                    covered=covered, head=head, wrong=f"an event or seal after event {after} is unreadable"
                )
            if not links:
                return AuditCheck(covered=covered, head=head, wrong=find_loss(head, own))
            for link, events in links:
                wrong = find_tampering(previous, link, events) or find_swap(link, own)
                if wrong:
                    return AuditCheck(covered=covered, head=previous.head if previous else None, wrong=wrong)
                previous, covered = link, covered + len(link.entries)

    async def find_dangling(self, workspace_id: str) -> list[Dangling]:
        """What in a workspace refers to records that are not there."""
        return await self.store.read_slow(workspace_id, lambda work: work.references.dangling())

    async def backlog(self) -> Backlog:
        """How much waits to be delivered and told."""
        return await self.store.read_jobs(lambda jobs: jobs.backlog())

    async def clear_aged(self) -> int:
        """Delete one batch of request keys, closed messages and reminders that nobody will ask for again. Returns how many."""
        return await self.store.jobs(lambda jobs: jobs.clear_before(jobs.now - KEPT_FOR, BATCH))


def _next_links(previous: Seal | None, work: UnitOfWork) -> list[tuple[Seal, list[AuditEvent]]]:
    """The seals after `previous`, each with the events found in its range."""
    number, after_id = (previous.number, previous.last_event_id) if previous else (0, BEFORE_ALL)
    found = []
    for link in work.audit.seals_after(number, SEALS_AT_ONCE):
        found.append((link, work.audit.between(after_id, link.last_event_id)))
        after_id = link.last_event_id
    return found
