"""Touches logged from anywhere: which deal or lead is meant, where one is, or as somebody types."""

from domain.core.people import Actor
from domain.core.spelling import search_words
from domain.sales.deals import SEE_DEALS, Deal
from domain.sales.leads import Lead
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads

MOST_OFFERED = 20
"""Deals, and as many leads, offered to choose from; whoever misses theirs types more of its name."""


class TouchDesk(Desk):
    """The use cases of touches that are not logged on a card."""

    @reads
    def record_at(
        self, work: UnitOfWork, actor: Actor, channel: str, ts: str | None = None, thread_ts: str | None = None
    ) -> Deal | Lead | None:
        """The running deal or open lead that a place in Slack is about, or None.

        That is what the message or the thread it stands in is a card of, or else the deal whose own channel it is.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        for moment in filter(None, (ts, thread_ts)):
            card = work.cards.at(channel, moment)
            shown = _on_its_way(work, card.subject, card.subject_id) if card else None
            if shown:
                return shown
        own = work.deal_channels.in_slack(channel)
        return _on_its_way(work, own.subject, own.subject_id) if own and own.subject_id else None

    @reads
    def choices(self, work: UnitOfWork, actor: Actor, words: str) -> tuple[Deal | Lead, ...]:
        """Running deals and open leads that words may mean, by code, company or title; without words the actor's own deals come first.

        Raises NotAllowed.
        """
        check_permission(work, actor, SEE_DEALS)
        words = search_words(words)
        own = [] if words else work.deals.open_of(actor.member_id, MOST_OFFERED)
        running = work.deals.running_like(words, actor.member_id, MOST_OFFERED)
        deals = tuple({deal.id: deal for deal in (*own, *running)}.values())[:MOST_OFFERED]
        return (*deals, *work.leads.search(words, None, MOST_OFFERED))


def _on_its_way(work: UnitOfWork, noun: str, record_id: int) -> Deal | Lead | None:
    if noun == "lead":
        lead = work.leads.get(record_id)
        return lead if lead.is_open else None
    deal = work.deals.get(record_id) if noun == "deal" else None
    return deal if deal and deal.is_running else None
