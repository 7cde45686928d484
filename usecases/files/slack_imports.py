"""Imports asked for in Slack: asked, rehearsed and offered, confirmed or cancelled, and carried out as tasks."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, may
from domain.core.refusals import AlreadyDone, NotFound
from domain.core.timers import NewTimer, Timer
from domain.core.workspaces import Workspace
from domain.files.imports import (
    IMPORT_RECORDS,
    MOST_DOUBTS_KEPT,
    OFFER_EXPIRES,
    OFFERED_FOR,
    Change,
    Dirt,
    Fate,
    Import,
    ImportAsked,
    ImportState,
    NewImport,
    RefusedRow,
    Verdict,
    carrying_out,
    is_on_terminal,
    tally_of,
)
from domain.playbook.playbook import Playbook
from storage.unit_of_work import UnitOfWork
from usecases.core.home import at_home
from usecases.core.tasks import ClaimedTask, get_on
from usecases.core.timers import due
from usecases.desk import Desk, check_permission, reads, record, writes

MOST_EXAMPLES = 8
"""Changes that an offer shows."""


@dataclass(frozen=True, kw_only=True)
class ClaimedImport:
    """An import to go on with, in whose name, and where; `claimed` is the task of doing so."""

    work: Import
    actor: Actor
    workspace: Workspace
    claimed: ClaimedTask


class AskedImportDesk(Desk):
    """The use cases of imports in Slack. What people ask for is kept at once; a task does the rest, in any process."""

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
        work.tasks.put(carrying_out(asked.id))
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
        values = {"done": 0, "tally": {}, "refused": []}
        work.tasks.put(carrying_out(offered.id))
        work.timers.cancel("import", offered.id, OFFER_EXPIRES)
        return self._keep(work, offered, state=ImportState.UNDER_WAY, **values)

    @writes
    def cancel(self, work: UnitOfWork, actor: Actor, import_id: int) -> Import:
        """Let an import be that was offered.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        offered = self._offered(work, actor, import_id)
        record(work, actor, "import.cancelled", offered.id)
        work.timers.cancel("import", offered.id, OFFER_EXPIRES)
        return self._keep(work, offered, state=ImportState.CANCELLED)

    def _offered(self, work: UnitOfWork, actor: Actor, import_id: int) -> Import:
        check_permission(work, actor, IMPORT_RECORDS)
        offered = work.imports.get(import_id)
        if offered.state is ImportState.EXPIRED:
            raise AlreadyDone(
                _("The offer of {code} has expired. Please import the file again.").format(code=offered.code)
            )
        if offered.state is not ImportState.OFFERED:
            raise AlreadyDone(_("{code} has been decided already.").format(code=offered.code))
        return offered

    def _keep(self, work: UnitOfWork, kept: Import, **values: object) -> Import:
        work.imports.change(kept.id, **values)
        work.outbox.refresh_cards("import", kept.id)
        return work.imports.get(kept.id)

    # While a task is carried out

    async def take_up(self, claimed: ClaimedTask) -> ClaimedImport | None:
        """The import to rehearse, carry out or undo; None while a terminal is at it."""
        return await self.store.read(claimed.workspace.workspace_id, lambda work: self._errand(work, claimed))

    def _errand(self, work: UnitOfWork, claimed: ClaimedTask) -> ClaimedImport | None:
        kept = work.imports.get(claimed.task.subject_id)
        if is_on_terminal(kept, work.now):
            return None
        is_undoing = kept.state is ImportState.UNDOING and kept.undo_by is not None
        person = kept.undo_by if is_undoing and kept.undo_by else kept.by
        actor = work.members.actor(person.slack_id)
        if actor is None:
            raise NotFound(person.name)
        source = f"undo {kept.code}" if is_undoing else f"import {kept.file}"
        return ClaimedImport(work=kept, actor=actor.within(source, None), workspace=claimed.workspace, claimed=claimed)

    async def offer(
        self,
        claimed_import: ClaimedImport,
        digest: str,
        verdicts: Sequence[Verdict],
        doubts: Sequence[Dirt] = (),
        notes: Sequence[str] = (),
    ) -> None:
        """Say how the file was read and what would become of the rows, and ask whether to go on; where nothing would, say so.

        Raises TakenOver.
        """
        tally = tally_of(verdicts)
        refused = [RefusedRow(number=v.row.number, remarks=v.remarks) for v in verdicts if v.fate is Fate.REFUSED]
        examples = [
            f"{v.record}: {_in_words(change)}" for v in verdicts if v.fate is Fate.CHANGED for change in v.changes
        ]
        is_news = bool(tally[Fate.MADE] + tally[Fate.CHANGED])

        def body(work: UnitOfWork) -> None:
            get_on(work, claimed_import.claimed)
            state = ImportState.OFFERED if is_news else ImportState.DONE
            work.imports.advance(
                claimed_import.work.id, 0 if is_news else len(verdicts), tally, refused, total=len(verdicts)
            )
            values = {
                "digest": digest,
                "examples": examples[:MOST_EXAMPLES],
                "notes": list(notes),
                "doubts": [asdict(doubt) for doubt in doubts[:MOST_DOUBTS_KEPT]],
            }
            self._keep(work, claimed_import.work, state=state, **values)
            if is_news:
                work.timers.set(_expiry(work, claimed_import))

        await self.store.write(claimed_import.actor.workspace_id, body)
        self.nudge()

    async def refuse(self, claimed_import: ClaimedImport, why: str) -> None:
        """Give an import up, saying why; what it has changed already can be undone.

        Raises TakenOver.
        """

        def body(work: UnitOfWork) -> None:
            get_on(work, claimed_import.claimed)
            record(work, claimed_import.actor, "import.refused", claimed_import.work.id, reason=why)
            self._keep(work, claimed_import.work, state=ImportState.REFUSED, why=why)

        await self.store.write(claimed_import.actor.workspace_id, body)
        self.nudge()


def _expiry(work: UnitOfWork, claimed_import: ClaimedImport) -> NewTimer:
    asker = claimed_import.work.by.id
    ends_at = work.members.hours(asker).add_working_days(work.now, OFFERED_FOR)
    return NewTimer(
        kind=OFFER_EXPIRES, subject="import", subject_id=claimed_import.work.id, due_at=ends_at, member_id=asker
    )


@due(OFFER_EXPIRES)
def let_expire(work: UnitOfWork, timer: Timer, _playbook: Playbook) -> None:
    """Let an import be that was offered and that nobody has answered."""
    offered = work.imports.get(timer.subject_id)
    if offered.state is ImportState.OFFERED:
        record(work, None, "import.expired", offered.id)
        work.imports.change(offered.id, state=ImportState.EXPIRED)
        work.outbox.refresh_cards("import", offered.id)


def _in_words(change: Change) -> str:
    return f"{change.field}: {change.old} → {change.new}" if change.old else f"{change.field}: {change.new}"


@at_home("imports")
def _may_import(_work: UnitOfWork, actor: Actor) -> bool:
    return may(actor.roles, IMPORT_RECORDS)
