"""Undoing: what one did within the last minutes, and what admins take back later."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime

from domain.core.language import _
from domain.core.messages import Destination, ImportUndone
from domain.core.operations import Operation, Piece, Undone, check_undo
from domain.core.people import Actor
from domain.core.refusals import NotFound, NotYet, RuleBroken
from domain.files.imports import ImportState, carrying_out, check_idle, is_on_terminal
from domain.sales.gates import GateClosed, check_stands
from storage.unit_of_work import UnitOfWork
from usecases.core.tasks import LEASE, ClaimedTask, get_on
from usecases.desk import Desk, reads, record, writes
from usecases.sales import deal_reminders
from usecases.sales.account_upkeep import redraw_account
from usecases.sales.channels import follow_undone
from usecases.sales.deal_pages import deal_page, sales_called

MOST_STEPS = 150
"""Steps taken back in one transaction; only imports have more."""
PAUSE_SECONDS = 0.03
"""How long others have the database to themselves between two pieces."""
BEAR_ON_GATES = frozenset({"deal", "lead"})
"""Nouns whose operations may change what gates look at; what an import or a merge of accounts changes they do not see."""
CARD_OF = {"leads": "lead", "accounts": "account", "deals": "deal", "reminders": "reminder"}
"""Nouns by table whose cards may have to be redrawn."""


class OperationDesk(Desk):
    """The use cases of operations that can be undone."""

    async def undo(
        self, actor: Actor, operation_id: int, progress: Callable[[int], None] = lambda _count: None
    ) -> Undone:
        """Take back everything an operation did that nobody has worked on since.

        A long one is taken back in several transactions; one that is broken off is gone on with when it is asked for again.
        `progress` is told how many steps each took.

        Raises NotFound, NotAllowed, AlreadyDone, NotYet while it is still being carried out, or where a deal would stand behind
        a shut gate.
        """
        undone = await self._begin_undo(actor, operation_id, is_left=False)
        return await self._undo_rest(actor, undone, progress)

    async def begin_undo(self, actor: Actor, operation_id: int) -> Undone:
        """Take back the first piece of an operation, and leave what may remain of it to a task.

        Raises NotFound, NotAllowed, AlreadyDone, NotYet while it is still being carried out, or where a deal would stand behind
        a shut gate.
        """
        return await self._begin_undo(actor, operation_id, is_left=True)

    async def go_on_undoing(self, actor: Actor, operation_id: int, claimed: ClaimedTask) -> Undone:
        """Take back the rest of an operation whose undoing somebody has begun, and tell them when it is done.

        Raises TakenOver.
        """
        undone = await self._undo_piece(actor, operation_id, claimed)
        return await self._undo_rest(actor, undone, lambda _count: None, claimed)

    async def _undo_rest(
        self, actor: Actor, undone: Undone, progress: Callable[[int], None], claimed: ClaimedTask | None = None
    ) -> Undone:
        actor = actor.within(actor.source, None)  # the request's key stands for its first transaction
        while not undone.is_over:
            progress(MOST_STEPS)
            await asyncio.sleep(PAUSE_SECONDS)
            piece = await self._undo_piece(actor, undone.operation.id, claimed)
            undone = Undone(
                operation=piece.operation,
                restored=undone.restored + piece.restored,
                kept=undone.kept + piece.kept,
                rows=undone.rows + piece.rows,
            )
        return undone

    @writes
    def _begin_undo(self, work: UnitOfWork, actor: Actor, operation_id: int, *, is_left: bool) -> Undone:
        operation = work.operations.get(operation_id)
        check_undo(operation, actor, work.now)
        whole = work.imports.of_operation(operation.id)
        if whole:
            is_claimed = work.tasks.is_under_way(carrying_out(whole.id))
            check_idle(whole, is_held=is_claimed or is_on_terminal(whole, work.now))
            work.imports.change(whole.id, undo_by=actor.member_id)
        return self._piece(work, actor, operation, lease_until=None if is_left else work.now + LEASE)

    @writes
    def _undo_piece(self, work: UnitOfWork, actor: Actor, operation_id: int, claimed: ClaimedTask | None) -> Undone:
        if claimed:
            get_on(work, claimed)
        operation = work.operations.get(operation_id)
        if operation.undone_at is not None:
            return Undone(operation=operation, restored=0, kept=0)
        undone = self._piece(work, actor, operation, lease_until=None if claimed else work.now + LEASE)
        if claimed and undone.is_over:
            told = ImportUndone(import_id=operation.subject_id)
            work.outbox.put(told, Destination(member_id=actor.member_id), once=f"import.undone:{operation.id}")
        return undone

    def _piece(self, work: UnitOfWork, actor: Actor, operation: Operation, lease_until: datetime | None) -> Undone:
        of_deal = operation.subject_id if operation.subject == "deal" else None
        watched = deal_reminders.watch(work, of_deal) if of_deal else {}
        piece = work.operations.undo_piece(operation.id, MOST_STEPS)
        if operation.subject in BEAR_ON_GATES:
            _check_deals(work, piece)
        if operation.subject == "account":
            redraw_account(work, operation.subject_id)
        elif of_deal:
            deal_reminders.settle(work, actor, of_deal, watched)
            work.outbox.refresh_cards("deal", of_deal)  # it may have changed but a part, such as a promise
        for table, row_id in piece.met:
            if table in CARD_OF:
                work.outbox.refresh_cards(CARD_OF[table], row_id)
        if operation.subject != "import":  # what is imported has no channel
            follow_undone(work, [row_id for table, row_id in piece.met if table == "deals"])
        is_over = piece.count < MOST_STEPS
        if is_over:
            work.operations.undone(operation.id, actor)
        self._keep_track(work, operation, len(piece.kept), None if is_over else lease_until, is_over=is_over)
        after = {"restored": piece.restored, "kept": [list(row) for row in piece.kept]}
        record(work, actor, "operation.undone", operation.id, before={"kind": operation.kind}, after=after)
        now = work.operations.get(operation.id)
        return Undone(operation=now, restored=piece.restored, kept=len(piece.kept), rows=piece.kept)

    def _keep_track(
        self, work: UnitOfWork, operation: Operation, kept: int, lease_until: datetime | None, *, is_over: bool
    ) -> None:
        """Where the operation is an import: how far its undoing is."""
        whole = work.imports.of_operation(operation.id)
        if whole:
            state = ImportState.DONE if is_over else ImportState.UNDOING
            work.imports.change(whole.id, state=state, kept=whole.kept + kept, lease_until=lease_until)
            if not is_over:
                work.tasks.put(carrying_out(whole.id), lease_until)
            work.outbox.refresh_cards("import", whole.id)

    @reads
    def show(self, work: UnitOfWork, actor: Actor, operation_id: int) -> Operation:
        """One operation.

        Raises NotFound.
        """
        return work.operations.get(operation_id)

    @reads
    def count_steps(self, work: UnitOfWork, actor: Actor, operation_id: int) -> int:
        """How many steps of an operation are left to be undone.

        Raises NotFound.
        """
        return work.operations.count_steps(work.operations.get(operation_id).id)


def _check_deals(work: UnitOfWork, piece: Piece) -> None:
    """Refuse what would leave a deal off its road, or behind a gate that is shut by now.

    Raises NotYet.
    """
    for deal_id in sorted(set(_deals_met(work, piece))):
        page = deal_page(work, deal_id)
        rules = sales_called(work, page.deal.progress.playbook) if page.deal.progress else None
        if rules and page.deal.is_running:
            try:
                check_stands(page.deal, rules, page.exhibits)
            except (GateClosed, RuleBroken) as refused:
                raise NotYet(_("This cannot be undone now. {why}").format(why=refused.sentence)) from refused


def _deals_met(work: UnitOfWork, piece: Piece) -> Iterator[int]:
    """The deals that undoing has met and that are still there, and those of the leads it has met."""
    for table, row_id in piece.met:
        with suppress(NotFound):
            if table == "deals":
                yield work.deals.get(row_id).id
            elif table == "leads" and (deal_id := work.leads.get(row_id).deal_id):
                yield deal_id
