"""Imports asked for in Slack: asked, rehearsed and offered, confirmed or cancelled, and carried out by a job."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, may
from domain.core.refusals import AlreadyDone, NotFound
from domain.core.workspaces import Workspace
from domain.files.imports import (
    IMPORT_RECORDS,
    Change,
    Fate,
    Import,
    ImportAsked,
    ImportState,
    NewImport,
    RefusedRow,
    Verdict,
    tally_of,
)
from storage.unit_of_work import UnitOfWork
from usecases.core.home import at_home
from usecases.desk import CARRY_OUT_IMPORTS, DELIVER_OUTBOX, Desk, check_permission, reads, record, writes
from usecases.files.imports import LEASE

MOST_EXAMPLES = 8
"""Changes that an offer shows."""


@dataclass(frozen=True, kw_only=True)
class Errand:
    """An import to go on with, in whose name, and where."""

    work: Import
    actor: Actor
    workspace: Workspace


class AskedImportDesk(Desk):
    """The use cases of imports in Slack. What people ask for is kept at once; the job does the rest, in any process."""

    wakes = (DELIVER_OUTBOX, CARRY_OUT_IMPORTS)

    @reads
    def check(self, work: UnitOfWork, actor: Actor) -> None:
        """Refuse who may not import before they are asked anything.

        Raises NotAllowed.
        """
        check_permission(work, actor, IMPORT_RECORDS)

    @writes
    def ask(self, work: UnitOfWork, actor: Actor, new: NewImport) -> Import:
        """Keep what somebody wants to import; they are told what would come of it.

        Raises NotAllowed.
        """
        check_permission(work, actor, IMPORT_RECORDS)
        asked = work.imports.add(actor, new, ImportState.ASKED)
        record(work, actor, "import.asked", asked.id, after={"file": asked.file, "kind": asked.kind.value})
        once = f"import.asked:{asked.id}"
        work.outbox.put(ImportAsked(import_id=asked.id), Destination(member_id=actor.member_id), once=once)
        return asked

    @writes
    def confirm(self, work: UnitOfWork, actor: Actor, import_id: int) -> Import:
        """Have an import carried out that was offered.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        offered = self._offered(work, actor, import_id)
        record(work, actor, "import.confirmed", offered.id)
        values = {"done": 0, "tally": {}, "refused": [], "lease_until": None}
        return self._keep(work, offered, state=ImportState.UNDER_WAY, **values)

    @writes
    def cancel(self, work: UnitOfWork, actor: Actor, import_id: int) -> Import:
        """Let an import be that was offered.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        offered = self._offered(work, actor, import_id)
        record(work, actor, "import.cancelled", offered.id)
        return self._keep(work, offered, state=ImportState.CANCELLED)

    def _offered(self, work: UnitOfWork, actor: Actor, import_id: int) -> Import:
        check_permission(work, actor, IMPORT_RECORDS)
        offered = work.imports.get(import_id)
        if offered.state is not ImportState.OFFERED:
            raise AlreadyDone(_("{code} has been decided already.").format(code=offered.code))
        return offered

    def _keep(self, work: UnitOfWork, kept: Import, **values: object) -> Import:
        work.imports.change(kept.id, **values)
        work.outbox.refresh_cards("import", kept.id)
        return work.imports.get(kept.id)

    # The job

    async def claim(self) -> Errand | None:
        """The next import to rehearse, carry out or undo, for a minute this process's alone; None where none waits."""
        claimed = await self.store.jobs(lambda jobs: jobs.claim_import(jobs.now + LEASE))
        if claimed is None:
            return None
        workspace_id, import_id = claimed
        return await self.store.read(workspace_id, lambda work: self._errand(work, import_id))

    def _errand(self, work: UnitOfWork, import_id: int) -> Errand:
        kept = work.imports.get(import_id)
        is_undoing = kept.state is ImportState.UNDOING and kept.undo_by is not None
        person = kept.undo_by if is_undoing and kept.undo_by else kept.by
        actor = work.members.actor(person.slack_id)
        if actor is None:
            raise NotFound(person.name)
        source = f"undo {kept.code}" if is_undoing else f"import {kept.file}"
        return Errand(work=kept, actor=actor.within(source, None), workspace=work.workspaces.get())

    async def next_at(self) -> datetime | None:
        """When an import waits to be taken up, or None."""
        return await self.store.read_jobs(lambda jobs: jobs.next_import_at())

    async def offer(self, errand: Errand, digest: str, verdicts: Sequence[Verdict]) -> None:
        """Say what would become of the rows, and ask whether to go on; where nothing would, say so."""
        tally = tally_of(verdicts)
        refused = [RefusedRow(number=v.row.number, remarks=v.remarks) for v in verdicts if v.fate is Fate.REFUSED]
        examples = [
            f"{v.record}: {_in_words(change)}" for v in verdicts if v.fate is Fate.CHANGED for change in v.changes
        ]
        is_news = bool(tally[Fate.MADE] + tally[Fate.CHANGED])

        def body(work: UnitOfWork) -> None:
            state = ImportState.OFFERED if is_news else ImportState.DONE
            work.imports.advance(errand.work.id, 0 if is_news else len(verdicts), tally, refused, total=len(verdicts))
            values = {"digest": digest, "examples": examples[:MOST_EXAMPLES], "lease_until": None}
            self._keep(work, errand.work, state=state, **values)

        await self.store.write(errand.actor.workspace_id, body)
        self.nudge()

    async def refuse(self, errand: Errand, why: str) -> None:
        """Give an import up, saying why; what it has changed already can be undone."""

        def body(work: UnitOfWork) -> None:
            record(work, errand.actor, "import.refused", errand.work.id, reason=why)
            self._keep(work, errand.work, state=ImportState.REFUSED, why=why, lease_until=None)

        await self.store.write(errand.actor.workspace_id, body)
        self.nudge()


def _in_words(change: Change) -> str:
    return f"{change.field}: {change.old} → {change.new}" if change.old else f"{change.field}: {change.new}"


@at_home("imports")
def _may_import(_work: UnitOfWork, actor: Actor) -> bool:
    return may(actor.roles, IMPORT_RECORDS)
