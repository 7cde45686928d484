"""What people do with promises: note one for a deal, and say that it was kept or settled with the client."""

from domain.core.language import _
from domain.core.messages import Destination
from domain.core.people import Actor, may
from domain.core.refusals import AlreadyDone, RuleBroken
from domain.sales.deals import SEE_DEALS, WORK_ON_DEAL, Deal, DealOutcome, progress_of
from domain.sales.leads import Origin
from domain.sales.promises import (
    NewPromise,
    Promise,
    PromiseGiven,
    PromiseState,
    PromiseStep,
    checked_promise,
    checked_settlement,
)
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes
from usecases.sales.promise_keeping import begin_reminding, close_promise

MOST_REPEATED = 200
"""Characters of a promise that a sentence repeats."""


class PromiseDesk(Desk):
    """The use cases of promises; whoever keeps one may say that it ended, as long as they are a colleague."""

    @writes
    def note(self, work: UnitOfWork, actor: Actor, deal_id: int, new: NewPromise) -> PromiseStep:
        """Keep a promise with a deal that is not lost; who is named as its keeper is told, and with a day they are reminded.
        It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when the deal is lost or has a promise from the same message, FormRefused, RuleBroken
        (field `keeper` or `due_on`).
        """
        check_permission(work, actor, WORK_ON_DEAL)
        deal = work.deals.get(deal_id)
        self._check_deal(work, deal, new.origin)
        new, keeper_id = checked_promise(new), self._keeper_id(work, new.keeper)
        summary = _("Noted a promise for {code}.").format(code=deal.code)
        operation = work.operations.begin(actor, "deal.promise_noted", deal.id, summary)
        promise = work.promises.add(deal.named, new, keeper_id, actor.member_id)
        begin_reminding(work, promise)
        after = {
            "promise_id": promise.id,
            "due_on": new.due_on.isoformat() if new.due_on else None,
            "keeper_id": keeper_id,
        }
        record(work, actor, "deal.promise_noted", deal.id, after=after)
        work.outbox.refresh_cards("deal", deal.id)
        if keeper_id not in (None, actor.member_id):
            given = PromiseGiven(promise_id=promise.id, by_id=actor.member_id)
            work.outbox.put(given, Destination(member_id=keeper_id), once=f"promise.given:{operation.id}")
        return PromiseStep(promise=promise, operation=operation)

    def _check_deal(self, work: UnitOfWork, deal: Deal, origin: Origin | None) -> None:
        """Refuse a deal that was taken over or is lost, and a message that was noted for it before."""
        progress_of(deal)
        if deal.outcome is DealOutcome.LOST:
            raise AlreadyDone(_("{code} is over: {outcome}.").format(code=deal.code, outcome=deal.outcome.title))
        known = work.promises.from_message(deal.named, origin) if origin else None
        if known:
            said = known.said if len(known.said) <= MOST_REPEATED else f"{known.said[:MOST_REPEATED]}…"
            sentence = _("{code} has this message as a promise already ({state}), noted by {name}: “{said}”")
            raise AlreadyDone(
                sentence.format(code=deal.code, state=known.state.title, name=known.noted_by.name, said=said)
            )

    def _keeper_id(self, work: UnitOfWork, slack_id: str | None) -> int | None:
        """The member who is to keep a promise, or None for whoever owns its deal."""
        if slack_id is None:
            return None
        keeper = work.members.actor(slack_id)
        if keeper is None or not may(keeper.roles, SEE_DEALS):
            raise RuleBroken(_("Only colleagues can keep a promise."), field="keeper")
        return keeper.member_id

    @writes
    def keep(self, work: UnitOfWork, actor: Actor, promise_id: int) -> PromiseStep:
        """Say that a promise was kept. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        self._check_may_end(work, actor, promise_id)
        promise, operation = close_promise(work, actor, promise_id, PromiseState.KEPT)
        return PromiseStep(promise=promise, operation=operation)

    @writes
    def settle(self, work: UnitOfWork, actor: Actor, promise_id: int, how: str) -> PromiseStep:
        """Say what was agreed with the client in place of a promise. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone, RuleBroken (field `how`).
        """
        self._check_may_end(work, actor, promise_id)
        promise, operation = close_promise(work, actor, promise_id, PromiseState.SETTLED, checked_settlement(how))
        return PromiseStep(promise=promise, operation=operation)

    def _check_may_end(self, work: UnitOfWork, actor: Actor, promise_id: int) -> None:
        is_own = work.promises.get(promise_id).kept_by.id == actor.member_id
        check_permission(work, actor, SEE_DEALS if is_own else WORK_ON_DEAL)

    @reads
    def show(self, work: UnitOfWork, actor: Actor, promise_id: int) -> Promise:
        """One promise.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_DEALS)
        return work.promises.get(promise_id)
