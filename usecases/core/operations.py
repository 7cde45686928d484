"""Undoing: what one did within the last minutes, and what admins take back later."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from domain.core.gathering import Registry
from domain.core.messages import nouns_on_cards
from domain.core.operations import UNDO, Operation, Piece, Undone, check_undo
from domain.core.people import Actor
from storage.unit_of_work import UnitOfWork
from usecases.core.tasks import LEASE, ClaimedTask, get_on
from usecases.desk import Desk, check_permission, reads, record, writes

MOST_STEPS = 150
"""Steps taken back in one transaction; only imports have more."""
PAUSE_SECONDS = 0.03
"""How long others have the database to themselves between two pieces."""


class Undoing:
    """What undoing an operation means besides putting its rows back; a noun whose operations mean more declares a class of its own.

        @undoing("deal")
        class UndoneDeal(Undoing): ...

    One is made for each piece, in its transaction.
    """

    def __init__(self, work: UnitOfWork, actor: Actor, operation: Operation) -> None:
        self.work, self.actor, self.operation = work, actor, operation

    def begin(self) -> None:
        """Before the first piece. May refuse with NotYet."""

    def before(self) -> None:
        """Before a piece is taken back."""

    def after(self, piece: Piece) -> None:
        """After a piece was taken back. May refuse with NotYet, which undoes it."""

    def keep_track(self, piece: Piece, lease_until: datetime | None, *, is_over: bool) -> None:
        """Note how far it is, and until when its next piece is this process's alone."""

    def tell(self) -> None:
        """All of it was taken back while nobody waited for it."""


undoing = Registry[type[Undoing]]("usecases")
"""What undoing means, by the noun of the operation's record."""


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
        actor = actor.within(actor.via, None)  # the request's key stands for its first transaction
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
        check_permission(work, actor, UNDO)
        operation = work.operations.get(operation_id)
        check_undo(operation, actor, work.now)
        hook = _hook(work, actor, operation)
        hook.begin()
        return self._piece(hook, lease_until=None if is_left else work.now + LEASE)

    @writes
    def _undo_piece(self, work: UnitOfWork, actor: Actor, operation_id: int, claimed: ClaimedTask | None) -> Undone:
        if claimed:
            get_on(work, claimed)
        operation = work.operations.get(operation_id)
        if operation.undone_at is not None:
            return Undone(operation=operation, restored=0, kept=0)
        hook = _hook(work, actor, operation)
        undone = self._piece(hook, lease_until=None if claimed else work.now + LEASE)
        if claimed and undone.is_over:
            hook.tell()
        return undone

    def _piece(self, hook: Undoing, lease_until: datetime | None) -> Undone:
        work, operation = hook.work, hook.operation
        hook.before()
        piece = work.operations.undo_piece(operation.id, MOST_STEPS)
        hook.after(piece)
        for table, row_id in piece.met:
            if (noun := table.removesuffix("s")) in nouns_on_cards():
                work.outbox.refresh_cards(noun, row_id)
        is_over = piece.count < MOST_STEPS
        if is_over:
            work.operations.undone(operation.id, hook.actor)
        hook.keep_track(piece, None if is_over else lease_until, is_over=is_over)
        after = {"restored": piece.restored, "kept": [list(row) for row in piece.kept]}
        record(work, hook.actor, "operation.undone", operation.id, before={"kind": operation.kind}, after=after)
        now = work.operations.get(operation.id)
        return Undone(operation=now, restored=piece.restored, kept=len(piece.kept), rows=piece.kept)

    @reads
    def show(self, work: UnitOfWork, actor: Actor, operation_id: int) -> Operation:
        """One operation.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, UNDO)
        return work.operations.get(operation_id)

    @reads
    def count_steps(self, work: UnitOfWork, actor: Actor, operation_id: int) -> int:
        """How many steps of an operation are left to be undone.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, UNDO)
        return work.operations.count_steps(work.operations.get(operation_id).id)


def _hook(work: UnitOfWork, actor: Actor, operation: Operation) -> Undoing:
    return (undoing.get(operation.subject) or Undoing)(work, actor, operation)
