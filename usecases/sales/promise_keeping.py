"""How a promise ends, and the reminder that goes with it: it follows whoever keeps the promise, and ends with it."""

from domain.core.language import _
from domain.core.operations import Operation
from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.core.refusals import AlreadyDone
from domain.core.reminders import Reminder, ReminderState
from domain.sales.deals import Deal, DealOutcome
from domain.sales.promises import Promise, PromiseDue, PromiseState, promise_reminder_at
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import on_page
from usecases.core.reminders import done
from usecases.desk import Desk, record
from usecases.sales.deal_changes import deal_changed

MOST_CLOSED = 5
"""Promises on a page that were kept or settled; those still open are all there."""


def begin_reminding(work: UnitOfWork, promise: Promise) -> None:
    """Have whoever keeps a new promise reminded of it on its day, if it has one.

    Raises RuleBroken (field `due_on`).
    """
    if promise.due_on:
        keeper_id = promise.kept_by.id
        at = promise_reminder_at(promise.due_on, work.now, work.members.hours(keeper_id))
        work.reminders.add(PromiseDue.kind, promise.id, keeper_id, at)


@on_page("deal.promises")
def _ledger(work: UnitOfWork, record: NamedRecord) -> tuple[Promise, ...]:
    """Those still to be kept, then the latest of those that were kept or settled."""
    return (*work.promises.open_of(record), *work.promises.closed_of(record, MOST_CLOSED))


@deal_changed("promises")
def _follow_deal(work: UnitOfWork, _actor: Actor, deal: Deal) -> None:
    """Keep reminders true to a deal that has changed: of a lost one nobody is reminded, otherwise whoever keeps the promise now."""
    for promise in work.promises.open_of(deal.named):
        known = work.reminders.open_for(PromiseDue.kind, promise.id)
        if known is None:
            continue
        if deal.outcome is DealOutcome.LOST:
            work.reminders.close(known.id, ReminderState.CANCELLED, "lost", None)
        elif known.member.id != promise.kept_by.id:
            work.reminders.move(known.id, promise.kept_by.id, known.due_at)
        work.outbox.refresh_cards("reminder", known.id)


def close_promise(
    work: UnitOfWork, actor: Actor, promise_id: int, state: PromiseState, how: str | None = None
) -> tuple[Promise, Operation]:
    """End a promise and its reminder, as an operation on its deal that can be undone.

    Raises NotFound, AlreadyDone.
    """
    promise = work.promises.get(promise_id)
    deal = work.deals.get(promise.of.id)
    if not promise.is_open:
        name = promise.closed_by.name if promise.closed_by else "?"
        raise AlreadyDone(
            _("{name} has noted this promise as {state} already.").format(name=name, state=promise.state.title)
        )
    event = f"deal.promise_{state.value}"
    summary = _("Noted a promise for {code} as {state}.").format(code=deal.code, state=state.title)
    operation = work.operations.begin(actor, event, deal.id, summary)
    work.promises.close(promise.id, state, how, actor.member_id)
    before, after = ({"promise_id": promise.id, "state": one.value} for one in (promise.state, state))
    record(work, actor, event, deal.id, before=before, after=after, reason=how)
    reminder = work.reminders.open_for(PromiseDue.kind, promise.id)
    if reminder:
        work.reminders.close(reminder.id, ReminderState.DONE, state.value, actor.member_id)
        work.outbox.refresh_cards("reminder", reminder.id)
    work.outbox.refresh_cards("deal", deal.id)
    return work.promises.get(promise.id), operation


@done(PromiseDue.kind)
def _kept(_desk: Desk, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
    close_promise(work, actor, reminder.subject_id, PromiseState.KEPT)
