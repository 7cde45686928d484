"""The process itself: which playbook is in force, and what it says of a stage."""

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, Role
from domain.core.refusals import NotFound
from domain.core.spelling import search_words
from domain.core.tasks import NewTask, TaskKind
from domain.playbook.sections import SEE_PROCESS, Hit, Section, search, section_called
from domain.playbook.stages import Stage
from domain.playbook.versions import PlaybookChanged, PlaybookVersion, on_older
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact
from usecases.desk import Desk, check_permission, reads, record, writes

PROCESS_CHART = TaskKind("process.chart")
"""Draws the chart of all stages for somebody; `stage` is the one to be lit, or None."""


class ProcessDesk(Desk):
    """The use cases of the process. `whole` is the playbook that was loaded."""

    @reads
    def check(self, work: UnitOfWork, actor: Actor) -> None:
        """Refuse who may not see the process.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_PROCESS)

    @reads
    def show(self, work: UnitOfWork, actor: Actor, section: str) -> Section:
        """The section with this id.

        Raises NotAllowed, NotFound for one that the playbook in force does not have.
        """
        check_permission(work, actor, SEE_PROCESS)
        return self._section(section)

    def _section(self, section: str) -> Section:
        found = section_called(self.playbook, section)
        if found is None:
            raise NotFound(_("this part of the process"))
        return found[1]

    @writes
    def ask_chart(self, work: UnitOfWork, actor: Actor, section: str) -> None:
        """Have the chart drawn and brought to the actor; from the page of a stage, with that stage lit.

        Raises NotAllowed, NotFound for a section that the playbook in force does not have.
        """
        check_permission(work, actor, SEE_PROCESS)
        page = self._section(section) if section else None
        lit = page.id if isinstance(page, Stage) else None
        asker = actor.member_id
        work.tasks.put(
            NewTask(kind=PROCESS_CHART, subject="member", subject_id=asker, member_id=asker, details={"stage": lit})
        )

    @reads
    def search(self, work: UnitOfWork, actor: Actor, words: str) -> tuple[Hit, ...]:
        """The sections that have to do with some words.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_PROCESS)
        return search(self.playbook, search_words(words))

    async def keep(self, workspace_id: str) -> bool:
        """Keep the playbook that was loaded, and tell the admins where another one was in force. Returns whether it is news.

        Any number of processes may do so at the same time: one of them tells.
        """
        is_news = await self.store.write(workspace_id, self._keep)
        self.nudge()
        return is_news

    def _keep(self, work: UnitOfWork) -> bool:
        before = work.playbooks.current()
        if before and before.digest == self.playbook.digest:
            return False
        if not work.playbooks.put_in_force(self.playbook, before):
            return False
        was = {"version": before.digest} if before else None
        record(work, None, "playbook.put_in_force", 0, before=was, after={"version": self.playbook.digest})
        if before:
            self._tell(work, before, work.playbooks.get(self.playbook.digest))
        return True

    def _tell(self, work: UnitOfWork, before: PlaybookVersion, now: PlaybookVersion) -> None:
        running = on_older(work.deals.running_by_playbook(), self.playbook.digest)
        message = PlaybookChanged(old_version=before.digest, new_version=now.digest, running=running)
        for admin in work.members.with_roles({Role.ADMIN}):
            once = f"playbook.changed:{now.digest[:16]}:{now.current_since.isoformat()}:{admin.id}"
            work.outbox.put(message, Destination(member_id=admin.id), once=once)


@fact("old_version", "new_version")
def _version(work: UnitOfWork, digest: str) -> PlaybookVersion:
    return work.playbooks.get(digest)
