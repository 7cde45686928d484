"""The database as the use cases see it: transactions that hold the repositories of one workspace."""

from collections.abc import Callable
from datetime import datetime
from typing import NoReturn, TypeVar

from sqlalchemy import Connection
from sqlalchemy.util import memoized_property

from domain.core.clock import Clock
from domain.core.language import _
from domain.core.records import NamedRecord
from domain.core.refusals import NotFound
from storage.core.absences import AbsenceRepository
from storage.core.audit import AuditRepository
from storage.core.jobs import JobWork
from storage.core.operations import OperationRepository
from storage.core.outbox import CardRepository, OutboxRepository
from storage.core.people import MemberRepository, WorkspaceRepository
from storage.core.references import ReferenceRepository
from storage.core.reminders import ReminderRepository
from storage.core.requests import RequestRepository
from storage.core.tasks import TaskRepository
from storage.core.timers import TimerRepository
from storage.core.tokens import Tokens
from storage.engine.away import reached
from storage.engine.database import Database
from storage.engine.scope import Scope
from storage.files.imports import ImportRepository
from storage.playbook.versions import PlaybookVersionRepository
from storage.process.feedback import FeedbackRepository
from storage.sales.accounts import AccountRepository
from storage.sales.channels import DealChannelRepository
from storage.sales.deals import DealRepository
from storage.sales.directory import AccountDirectory
from storage.sales.documents import PaperRepository
from storage.sales.leads import LeadRepository
from storage.sales.meetings import MeetingRepository
from storage.sales.promises import PromiseRepository
from storage.sales.touches import TouchRepository

T = TypeVar("T")


class UnitOfWork:
    """One transaction in one workspace.

    Its repositories are made when they are asked for, without the lock that `functools.cached_property` takes in Python 3.11.
    """

    def __init__(
        self, connection: Connection, workspace_id: str, dialect: str, now: datetime, tokens: Tokens | None = None
    ) -> None:
        self.now, self._tokens = now, tokens or Tokens()
        self._scope = Scope(connection, workspace_id, dialect)
        self.audit = AuditRepository(self._scope, now)

    def named(self, noun: str, record_id: int) -> NamedRecord:
        """A record of any noun whose facts say how they are `named`. Raises NotFound."""
        record = getattr(getattr(self, f"{noun}s", None), "get", _nothing)(record_id)
        return record.named  # type: ignore[no-any-return]

    def finish(self) -> None:
        """Write what was gathered for the end of the transaction."""
        self.audit.write()
        self.outbox.write()
        self._scope.write_changes()

    @memoized_property
    def requests(self) -> RequestRepository:
        """Request keys and their results."""
        return RequestRepository(self._scope, self.now)

    @memoized_property
    def workspaces(self) -> WorkspaceRepository:
        """The installation."""
        return WorkspaceRepository(self._scope, self.now, self._tokens)

    @memoized_property
    def members(self) -> MemberRepository:
        """People and roles."""
        return MemberRepository(self._scope, self.now)

    @memoized_property
    def accounts(self) -> AccountRepository:
        """Client companies."""
        return AccountRepository(self._scope, self.now)

    @memoized_property
    def directory(self) -> AccountDirectory:
        """Where accounts are looked up."""
        return AccountDirectory(self._scope)

    @memoized_property
    def leads(self) -> LeadRepository:
        """Leads and touches."""
        return LeadRepository(self._scope, self.now)

    @memoized_property
    def touches(self) -> TouchRepository:
        """Touches."""
        return TouchRepository(self._scope, self.now)

    @memoized_property
    def papers(self) -> PaperRepository:
        """What is written for deals."""
        return PaperRepository(self._scope, self.now)

    @memoized_property
    def promises(self) -> PromiseRepository:
        """What clients were promised."""
        return PromiseRepository(self._scope, self.now, self.named)

    @memoized_property
    def deals(self) -> DealRepository:
        """Deals."""
        return DealRepository(self._scope, self.now)

    @memoized_property
    def meetings(self) -> MeetingRepository:
        """Meetings about deals."""
        return MeetingRepository(self._scope, self.named)

    @memoized_property
    def deal_channels(self) -> DealChannelRepository:
        """Channels of deals."""
        return DealChannelRepository(self._scope, self.now)

    @memoized_property
    def absences(self) -> AbsenceRepository:
        """Who is away."""
        return AbsenceRepository(self._scope, self.now)

    @memoized_property
    def operations(self) -> OperationRepository:
        """What can be undone."""
        return OperationRepository(self._scope, self.now)

    @memoized_property
    def imports(self) -> ImportRepository:
        """Imports and how far they are."""
        return ImportRepository(self._scope, self.now)

    @memoized_property
    def playbooks(self) -> PlaybookVersionRepository:
        """Versions of the playbook."""
        return PlaybookVersionRepository(self._scope, self.now)

    @memoized_property
    def feedback(self) -> FeedbackRepository:
        """What people say of the process."""
        return FeedbackRepository(self._scope, self.now)

    @memoized_property
    def references(self) -> ReferenceRepository:
        """What rows refer to."""
        return ReferenceRepository(self._scope)

    @memoized_property
    def reminders(self) -> ReminderRepository:
        """Reminders."""
        return ReminderRepository(self._scope, self.now)

    @memoized_property
    def tasks(self) -> TaskRepository:
        """What is to be done outside."""
        return TaskRepository(self._scope, self.now)

    @memoized_property
    def timers(self) -> TimerRepository:
        """What falls due."""
        return TimerRepository(self._scope, self.now)

    @memoized_property
    def cards(self) -> CardRepository:
        """Live messages."""
        return CardRepository(self._scope)

    @memoized_property
    def outbox(self) -> OutboxRepository:
        """Messages to deliver."""
        return OutboxRepository(self._scope, self.now)


def _nothing(_record_id: int) -> NoReturn:
    raise NotFound(_("this record"))


class Store:
    """The database as the use cases see it, with *now* from a clock; `tokens` encrypts those of bots.

    Everything raises RecordsAway where the database cannot be reached.
    """

    def __init__(self, database: Database, clock: Clock, tokens: Tokens | None = None) -> None:
        self.database, self.clock, self.tokens = database, clock, tokens or Tokens()

    async def write(self, workspace_id: str, body: Callable[[UnitOfWork], T]) -> T:
        """Run `body` in one transaction that is committed when this returns; whatever it raises undoes all of it.

        In a workspace one transaction follows the other. `body` keeps nothing in memory from one time to the next: it may be run again.
        """

        def carry_out(connection: Connection) -> T:
            work = UnitOfWork(connection, workspace_id, self.database.dialect, self.clock.now(), self.tokens)
            result = body(work)
            work.finish()
            return result

        return await reached(self.database.write(carry_out, workspace_id))

    async def read(self, workspace_id: str, body: Callable[[UnitOfWork], T]) -> T:
        """Run `body`, which must not write and reads a page at the most, on one snapshot."""
        return await reached(self.database.read(self._asking(workspace_id, body)))

    async def read_slow(self, workspace_id: str, body: Callable[[UnitOfWork], T]) -> T:
        """Run `body`, which must not write and may look through many rows, where nobody else waits for it."""
        return await reached(self.database.read_slow(self._asking(workspace_id, body)))

    def _asking(self, workspace_id: str, body: Callable[[UnitOfWork], T]) -> Callable[[Connection], T]:
        return lambda connection: body(
            UnitOfWork(connection, workspace_id, self.database.dialect, self.clock.now(), self.tokens)
        )

    async def jobs(self, body: Callable[[JobWork], T]) -> T:
        """Run a job's `body` in one transaction over all workspaces; like a use case, it may be run again."""
        return await reached(self.database.write(self._job(body)))

    async def read_jobs(self, body: Callable[[JobWork], T]) -> T:
        """Run a job's `body`, which must not write, over all workspaces."""
        return await reached(self.database.read_slow(self._job(body)))

    def _job(self, body: Callable[[JobWork], T]) -> Callable[[Connection], T]:
        return lambda connection: body(JobWork(connection, self.database.dialect, self.clock.now()))
