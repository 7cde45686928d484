"""Undoing: what one did within the last minutes, and what admins take back later."""

from domain.operations import Operation, Undone, check_undo
from domain.people import Actor
from domain.ports import Work
from domain.usecases.care import redraw_account
from domain.usecases.desk import Desk, reads, record, writes

MOST_STEPS = 200
"""Steps taken back in one transaction; only imports have more."""
CARD_OF = {"leads": "lead", "accounts": "account", "reminders": "reminder"}
"""Nouns by table whose cards may have to be redrawn."""


class OperationDesk(Desk):
    """The use cases of operations that can be undone."""

    async def undo(self, actor: Actor, operation_id: int) -> Undone:
        """Take back everything an operation did that nobody has worked on since.

        A long one is taken back in several transactions; one that is broken off is gone on with when it is asked for again.

        Raises NotFound, NotAllowed, AlreadyDone.
        """
        restored = kept = 0
        while True:
            piece = await self._undo_piece(actor, operation_id)
            restored, kept = restored + piece.restored, kept + piece.kept
            if piece.operation.undone_at is not None:
                return Undone(operation=piece.operation, restored=restored, kept=kept)
            actor = actor.within(actor.source, None)  # the request's key stands for its first transaction

    @writes
    def _undo_piece(self, work: Work, actor: Actor, operation_id: int) -> Undone:
        operation = work.operations.hold(operation_id)
        check_undo(operation, actor, work.now)
        piece = work.operations.undo_piece(operation.id, MOST_STEPS)
        if operation.subject == "account":
            redraw_account(work, operation.subject_id)
        for table, row_id in piece.met:
            if table in CARD_OF:
                work.outbox.refresh_cards(CARD_OF[table], row_id)
        if piece.count < MOST_STEPS:
            work.operations.undone(operation.id, actor)
        after = {"restored": piece.restored, "kept": [list(row) for row in piece.kept]}
        record(work, actor, "operation.undone", operation.id, before={"kind": operation.kind}, after=after)
        return Undone(operation=work.operations.get(operation.id), restored=piece.restored, kept=len(piece.kept))

    @reads
    def show(self, work: Work, actor: Actor, operation_id: int) -> Operation:
        """One operation.

        Raises NotFound.
        """
        return work.operations.get(operation_id)
