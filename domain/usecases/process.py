"""The process itself: which playbook is in force."""

from collections.abc import Callable

from domain.messages import Destination, PlaybookChanged
from domain.people import Role
from domain.ports import Store, Work
from domain.process import Playbook
from domain.process_versions import PlaybookVersion
from domain.usecases.desk import Desk


class ProcessDesk(Desk):
    """The use cases of the process. `process` is the whole playbook that was loaded."""

    def __init__(self, store: Store, process: Playbook, nudge: Callable[[], None] = lambda: None) -> None:
        super().__init__(store, nudge)
        self.process = process

    async def keep(self, workspace_id: str) -> bool:
        """Keep the playbook that was loaded, and tell the admins where another one was in force. Returns whether it is news.

        Any number of processes may do so at the same time: one of them tells.
        """
        is_news = await self.store.write(workspace_id, self._keep)
        self.nudge()
        return is_news

    def _keep(self, work: Work) -> bool:
        before = work.playbooks.current()
        if before and before.digest == self.process.digest:
            return False
        if not work.playbooks.put_in_force(self.process, before):
            return False
        if before:
            self._tell(work, before, work.playbooks.get(self.process.digest))
        return True

    def _tell(self, work: Work, before: PlaybookVersion, now: PlaybookVersion) -> None:
        message = PlaybookChanged(old_version=before.digest, new_version=now.digest)
        for admin in work.members.with_roles({Role.ADMIN}):
            once = f"playbook.changed:{now.digest[:16]}:{now.current_since.isoformat()}:{admin.id}"
            work.outbox.put(message, Destination(member_id=admin.id), once=once)
