"""Imports from a file: rehearsed, carried out in small transactions as one operation, gone on with, and looked up again."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.operations import Piece
from domain.core.operations import Row as RecordRow
from domain.core.people import Actor, Role
from domain.core.refusals import AlreadyDone, NotFound, RuleBroken
from domain.files.columns import Reading, Records, Row, Table
from domain.files.imports import (
    IMPORT_RECORDS,
    Fate,
    Import,
    ImportState,
    ImportUndone,
    NewImport,
    RefusedRow,
    Verdict,
    called,
    carrying_out,
    check_idle,
    is_on_terminal,
    tally_of,
)
from domain.sales.accounts import Account
from domain.sales.deals import Deal
from domain.sales.leads import Lead
from storage.unit_of_work import UnitOfWork
from usecases.core.operations import Undoing, undoing
from usecases.core.tasks import LEASE, ClaimedTask, get_on
from usecases.desk import Desk, check_permission, reads, record
from usecases.files.import_lookup import ImportCache
from usecases.files.import_rows import Taking, first_with_key, take
from usecases.files.import_writer import ImportWriter, RehearsalWriter

BATCH: Mapping[Records, int] = {Records.ACCOUNTS: 20, Records.CONTACTS: 40, Records.LEADS: 20, Records.DEALS: 80}
"""Rows in one transaction: few, because on SQLite everybody else waits until it is over. A deal takes less than a lead."""
PAUSE_SECONDS = 0.03
"""How long others have the database to themselves between two batches: longer than a process that waits for SQLite takes to look
again. Without it the import would have the lock again before the bot looked."""
BETWEEN_TELLINGS = timedelta(seconds=1)
"""How often a card says how far an import is; Slack takes about one edit a second."""
MOST_LISTED = 20

Progress = Callable[[int], None]


@dataclass
class Run:
    """One import in this process: what came of the rows so far. `kept` is None until there is something to be undone."""

    new: NewImport
    taking: Taking
    kept: Import | None = None
    claimed: ClaimedTask | None = None
    """The task of which it is part; on the terminal it is none's."""
    done: int = 0
    tally: Mapping[Fate, int] = field(default_factory=dict)
    refused: tuple[RefusedRow, ...] = ()
    verdicts: list[Verdict] = field(default_factory=list)
    cache: ImportCache = field(default_factory=ImportCache)
    told_at: datetime | None = None
    """When people were last told how far it is."""

    @property
    def next_rows(self) -> Sequence[Row]:
        """The rows of the next transaction."""
        return self.taking.table.rows[self.done : self.done + BATCH[self.taking.table.kind]]

    def told(self, verdicts: Sequence[Verdict]) -> None:
        """Keep what became of the next rows."""
        self.done += len(verdicts)
        self.tally = tally_of(verdicts, self.tally)
        refused = (RefusedRow(number=v.row.number, remarks=v.remarks) for v in verdicts if v.fate is Fate.REFUSED)
        self.refused += tuple(refused)
        self.verdicts += verdicts


class ImportDesk(Desk):
    """The use cases of files that come in. Every row is decided by itself, so that one bad row holds up no other."""

    async def acting(self, workspace_id: str, slack_id: str | None, source: str) -> Actor:
        """The person in whose name files are imported and exported: the one named, or else the first admin.

        Raises NotFound, RuleBroken when nobody is admin.
        """

        def body(work: UnitOfWork) -> Actor:
            wanted = slack_id or _first_admin(work)
            actor = work.members.actor(wanted)
            if actor is None:
                raise NotFound(wanted)
            check_permission(work, actor, IMPORT_RECORDS)
            return actor.within(source, None)

        return await self.store.read(workspace_id, body)

    async def rehearse(self, actor: Actor, table: Table, progress: Progress = lambda _count: None) -> Run:
        """Say what would become of each row; nothing is written.

        Raises NotAllowed.
        """
        run = await self._begin_run(actor, NewImport(kind=table.kind, file="", reading=Reading()), table)

        def body(work: UnitOfWork) -> list[Verdict]:
            writer = RehearsalWriter(work, actor, self.sales, run.cache)
            writer.expect(table.kind, run.next_rows)
            return [take(run.taking, writer, row) for row in run.next_rows]

        while run.next_rows:
            verdicts = await self.store.read(actor.workspace_id, body)
            run.told(verdicts)
            progress(len(verdicts))
            await asyncio.sleep(0)
        return run

    async def carry_out(
        self, actor: Actor, new: NewImport, table: Table, progress: Progress = lambda _count: None
    ) -> Run:
        """Make, change or refuse what stands in each row. All of it is one operation, which can be undone as a whole.

        An import of the very same file that was broken off is gone on with. One that changes nothing leaves no trace.

        Raises NotAllowed, AlreadyDone where another process is at it.
        """
        run = await self._begin_run(actor, new, table)
        run.kept = await self.store.write(actor.workspace_id, lambda work: self._broken_off(work, new))
        await self._go_through(actor, run, progress)
        return await self._end(actor, run)

    async def go_on(
        self,
        actor: Actor,
        kept: Import,
        table: Table,
        claimed: ClaimedTask,
        before_end: Callable[[Run], Awaitable[None]],
    ) -> Run:
        """Carry out an import that is kept already, from where it stands; `before_end` is awaited before it counts as done.

        Raises NotAllowed, TakenOver.
        """
        run = await self._begin_run(actor, kept, table)
        run.kept, run.claimed = kept, claimed
        await self._go_through(actor, run)
        await before_end(run)
        return await self._end(actor, run)

    async def _begin_run(self, actor: Actor, new: NewImport, table: Table) -> Run:
        def body(work: UnitOfWork) -> str:
            check_permission(work, actor, IMPORT_RECORDS)
            return table.country or work.workspaces.get().country

        home = await self.store.read(actor.workspace_id, body)
        return Run(new=new, taking=Taking(table=table, home=home, first_with=first_with_key(table.rows)))

    def _broken_off(self, work: UnitOfWork, new: NewImport) -> Import | None:
        found = work.imports.broken_off(new.digest)
        if found is None:
            return None
        if found.slack_file or (found.lease_until and found.lease_until > work.now):
            raise AlreadyDone(_("This file is being imported already, as {code}.").format(code=found.code))
        work.imports.change(found.id, lease_until=work.now + LEASE)
        return found

    async def _go_through(self, actor: Actor, run: Run, progress: Progress = lambda _count: None) -> None:
        if run.kept:
            run.done, run.tally, run.refused = run.kept.done, run.kept.tally, run.kept.refused
            progress(run.done)
        while run.next_rows:
            before = run.done
            verdicts, run.kept = await self.store.write(actor.workspace_id, lambda work: self._batch(work, actor, run))
            run.told(verdicts)
            progress(run.done - before)
            if run.next_rows:
                await asyncio.sleep(PAUSE_SECONDS)

    async def _end(self, actor: Actor, run: Run) -> Run:
        if run.kept:
            run.kept = await self.store.write(actor.workspace_id, lambda work: self._finish(work, actor, run))
        self.nudge()
        return run

    def _batch(self, work: UnitOfWork, actor: Actor, run: Run) -> tuple[list[Verdict], Import | None]:
        check_permission(work, actor, IMPORT_RECORDS)
        if run.claimed:
            get_on(work, run.claimed)
        kept: Import | None = run.kept
        is_noted = False

        def begin() -> None:
            nonlocal kept, is_noted
            if not is_noted:
                is_noted = True
                kept = self._note(work, actor, run.new, kept)

        writer = ImportWriter(work, actor, self.sales, ImportCache(deals=run.cache.deals), begin)
        writer.expect(run.taking.table.kind, run.next_rows)
        verdicts = [take(run.taking, writer, row) for row in run.next_rows]
        if kept:
            so_far = Run(new=run.new, taking=run.taking, done=run.done, tally=run.tally, refused=run.refused)
            so_far.told(verdicts)
            work.imports.advance(
                kept.id,
                so_far.done,
                so_far.tally,
                so_far.refused,
                total=len(run.taking.table.rows),
                lease_until=None if run.claimed else work.now + LEASE,
            )
            self._tell(work, run, kept)
        return verdicts, kept

    def _tell(self, work: UnitOfWork, run: Run, kept: Import) -> None:
        """Have the import's card redrawn, now and then."""
        if run.told_at is None or work.now - run.told_at >= BETWEEN_TELLINGS:
            run.told_at = work.now
            work.outbox.refresh_cards("import", kept.id)
            self.nudge()

    def _note(self, work: UnitOfWork, actor: Actor, new: NewImport, kept: Import | None) -> Import:
        """Let all changes from now on be steps of the import's one operation."""
        if kept is None:
            kept = work.imports.add(actor, new, ImportState.UNDER_WAY, work.now + LEASE)
        if kept.operation:
            work.operations.go_on(kept.operation.id)
            return kept
        summary = _("Imported {file}.").format(file=kept.file)
        operation = work.operations.begin(actor, f"import.{kept.kind.value}", kept.id, summary)
        work.imports.change(kept.id, operation_id=operation.id)
        record(work, actor, "import.began", kept.id, after={"file": kept.file, "kind": kept.kind.value})
        return work.imports.get(kept.id)

    def _finish(self, work: UnitOfWork, actor: Actor, run: Run) -> Import:
        assert run.kept is not None
        if run.claimed:
            get_on(work, run.claimed)
        work.imports.advance(run.kept.id, run.done, run.tally, run.refused, state=ImportState.DONE, lease_until=None)
        after = {fate.value: count for fate, count in run.tally.items()}
        record(work, actor, "import.ended", run.kept.id, after=after)
        work.outbox.refresh_cards("import", run.kept.id)
        return work.imports.get(run.kept.id)

    @reads
    def latest(self, work: UnitOfWork, actor: Actor) -> list[Import]:
        """The latest imports, newest first.

        Raises NotAllowed.
        """
        check_permission(work, actor, IMPORT_RECORDS)
        return work.imports.latest(MOST_LISTED)

    @reads
    def find(self, work: UnitOfWork, actor: Actor, number: int) -> Import:
        """The import with this number, as in `I-3`.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, IMPORT_RECORDS)
        return work.imports.by_number(number)

    @reads
    def names_of(self, work: UnitOfWork, actor: Actor, rows: Sequence[RecordRow]) -> list[str]:
        """What people call these records, such as those that undoing an import has kept."""
        check_permission(work, actor, IMPORT_RECORDS)
        return [name for table, row_id in rows if (name := _name_of(work, table, row_id))]


def _name_of(work: UnitOfWork, table: str, row_id: int) -> str | None:
    known: dict[str, Callable[[int], Account | Lead | Deal]] = {
        "accounts": work.accounts.get,
        "leads": work.leads.get,
        "deals": work.deals.get,
    }
    read = known.get(table)
    try:
        return called(read(row_id)) if read else None
    except NotFound:
        return None


def _first_admin(work: UnitOfWork) -> str:
    """The Slack id of the admin who installed the app, or else of the first by name."""
    admins = [member.slack_id for member in work.members.with_roles({Role.ADMIN})]
    if not admins:
        raise RuleBroken(_("Nobody is admin of this workspace: say who acts with --as and their Slack id."))
    installer = work.workspaces.get().installed_by
    return installer if installer in admins else admins[0]


@undoing("import")
class UndoneImport(Undoing):
    """A whole import, piece by piece."""

    def begin(self) -> None:
        """Refuse while it is still being carried out; note who takes it back."""
        whole = self._import()
        is_claimed = self.work.tasks.is_under_way(carrying_out(whole.id))
        check_idle(whole, is_held=is_claimed or is_on_terminal(whole, self.work.now))
        self.work.imports.change(whole.id, undo_by=self.actor.member_id)

    def keep_track(self, piece: Piece, lease_until: datetime | None, *, is_over: bool) -> None:
        """Note how far its undoing is."""
        whole, state = self._import(), ImportState.DONE if is_over else ImportState.UNDOING
        self.work.imports.change(whole.id, state=state, kept=whole.kept + len(piece.kept), lease_until=lease_until)
        if not is_over:
            self.work.tasks.put(carrying_out(whole.id), lease_until)
        self.work.outbox.refresh_cards("import", whole.id)

    def tell(self) -> None:
        """Tell who asked for it."""
        told, once = ImportUndone(import_id=self.operation.subject_id), f"import.undone:{self.operation.id}"
        self.work.outbox.put(told, Destination(member_id=self.actor.member_id), once=once)

    def _import(self) -> Import:
        return self.work.imports.get(self.operation.subject_id)
