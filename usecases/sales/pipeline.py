"""Deals, many at a time: one's own, those that are searched for, the sums of all that are on their way; and where one of them stands."""

from domain.core.people import Actor
from domain.core.spelling import search_words
from domain.core.tasks import NewTask, TaskKind
from domain.playbook.versions import on_older
from domain.sales.deals import SEE_DEALS, Deal, progress_of
from domain.sales.forecast import quarter_of
from domain.sales.pages import DealList, Pipeline
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, reads_slowly, writes

DEAL_CHART = TaskKind("deal.chart")
"""Draws a deal's route for somebody."""
MOST_LISTED = 50
MOST_LATEST = 5
MOST_FOUND = 20


class PipelineDesk(Desk):
    """The questions about many deals, and which one is meant."""

    @reads
    def mine(self, work: UnitOfWork, actor: Actor) -> DealList:
        """The actor's running deals, the next step that is due first."""
        return self._mine(work, actor, MOST_LISTED)

    def _mine(self, work: UnitOfWork, actor: Actor, most: int) -> DealList:
        check_permission(work, actor, SEE_DEALS)
        found = work.deals.open_of(actor.member_id, most)
        return DealList(now=work.now, deals=tuple(found), total=work.deals.count_open_of(actor.member_id))

    @reads
    def latest(self, work: UnitOfWork, actor: Actor) -> DealList:
        """The few of the actor's running deals whose next step is due first."""
        return self._mine(work, actor, MOST_LATEST)

    @reads_slowly
    def team(self, work: UnitOfWork, actor: Actor) -> DealList:
        """Everybody's running deals, the newest first.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        found = work.deals.running_like("", actor.member_id, MOST_LISTED)
        total = sum(line.count for line in work.deals.pipeline(None))
        return DealList(now=work.now, deals=tuple(found), total=total)

    @reads_slowly
    def outdated(self, work: UnitOfWork, actor: Actor) -> DealList:
        """Running deals that follow an older playbook than the one in force, the oldest first.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        current = work.playbooks.current_digest()
        if current is None:
            return DealList(now=work.now, deals=(), total=0)
        found = work.deals.running_on_others(current, MOST_LISTED)
        total = on_older(work.deals.running_by_playbook(), current)
        return DealList(now=work.now, deals=tuple(found), total=total)

    @reads_slowly
    def search(self, work: UnitOfWork, actor: Actor, words: str) -> DealList:
        """Deals by code, by words of their title or their account.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        found = work.deals.search(search_words(words), MOST_FOUND)
        return DealList(now=work.now, deals=tuple(found), total=len(found))

    @reads_slowly
    def choices(self, work: UnitOfWork, actor: Actor, words: str) -> tuple[Deal, ...]:
        """Running deals that words may mean, by code, title or account, the actor's own first; without words, those, then others.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        words = search_words(words)
        own = [] if words else work.deals.open_of(actor.member_id, MOST_FOUND)
        found = {deal.id: deal for deal in (*own, *work.deals.running_like(words, actor.member_id, MOST_FOUND))}
        return tuple(found.values())[:MOST_FOUND]

    @reads
    def shown_in(
        self, work: UnitOfWork, actor: Actor, channel: str, ts: str, thread_ts: str | None = None
    ) -> Deal | None:
        """The running deal whose card a message is, or in the thread of whose card it stands; None of any other message.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        for moment in filter(None, (ts, thread_ts)):
            card = work.cards.at(channel, moment)
            deal = work.deals.get(card.subject_id) if card and card.subject == "deal" else None
            if deal and deal.is_running:
                return deal
        return None

    @writes
    def ask_chart(self, work: UnitOfWork, actor: Actor, deal_id: int) -> None:
        """Have the route of a deal drawn and brought to the actor.

        Raises NotAllowed, NotFound, AlreadyDone for a deal that was taken over.
        """
        check_permission(work, actor, SEE_DEALS)
        progress_of(work.deals.get(deal_id))
        work.tasks.put(NewTask(kind=DEAL_CHART, subject="deal", subject_id=deal_id, member_id=actor.member_id))

    @reads_slowly
    def pipeline(self, work: UnitOfWork, actor: Actor, *, is_own: bool) -> Pipeline:
        """The sums of running deals by stage and currency, and of what was taken over.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        running = work.deals.pipeline(actor.member_id if is_own else None)
        taken_over = () if is_own else tuple(work.deals.taken_over())
        first, last = quarter_of(actor.hours.local(work.now).date())
        expected = tuple(work.deals.expected(actor.member_id if is_own else None, first, last))
        return Pipeline(
            is_own=is_own, running=tuple(running), taken_over=taken_over, expected=expected, quarter_ends=last
        )

    @reads_slowly
    def at_stage(self, work: UnitOfWork, actor: Actor, stage: str, *, is_own: bool) -> DealList:
        """The deals that run at a stage, the actor's own or everybody's, those expected to be signed first.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        owner_id = actor.member_id if is_own else None
        found = work.deals.at_stage(stage, owner_id, MOST_LISTED)
        total = sum(line.count for line in work.deals.pipeline(owner_id) if line.stage == stage)
        return DealList(now=work.now, deals=tuple(found), total=total)
