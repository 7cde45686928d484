"""What is shown of a deal: where it stands, what its gate asks for, what was written and said; read in one place for card and page."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from domain.deal_channels import ChannelState
from domain.deal_papers import Document, NeedsBrief
from domain.deals import Deal
from domain.gates import Exhibits
from domain.leads import Lead, Touch
from domain.operations import Operation
from domain.playbook import SalesPlaybook
from domain.ports import Work
from domain.process_versions import PlaybookVersion
from domain.refusals import NotFound

MOST_TOUCHES = 50
"""Touches in which a talk is looked for; far more than a deal ever has."""
MOST_DOCUMENTS = 50


@dataclass(frozen=True, kw_only=True)
class DealPage:
    """A deal with the leads it came from and everything written and said about it, the newest first."""

    now: datetime = field(compare=False)
    deal: Deal
    leads: tuple[Lead, ...] = ()
    touches: tuple[Touch, ...] = ()
    brief: NeedsBrief | None = None
    documents: tuple[Document, ...] = ()
    operation: Operation | None = None
    channel: str | None = None
    """Slack's id of its own channel, while that can be looked into."""
    sales: SalesPlaybook | None = field(default=None, compare=False)
    """The playbook it began with, where that is kept: it is judged by that one until its end."""

    @property
    def exhibits(self) -> Exhibits:
        """Where its gates look for evidence."""
        return Exhibits(leads=self.leads, touches=self.touches, brief=self.brief, documents=self.documents)


def sales_of(work: Work, deal: Deal) -> SalesPlaybook | None:
    """The playbook a deal began with, or None where it is not kept."""
    if deal.progress is None or deal.progress.playbook is None:
        return None
    try:
        return _read(work.playbooks.get(deal.progress.playbook))
    except NotFound:
        return None


@lru_cache(maxsize=16)
def _read(version: PlaybookVersion) -> SalesPlaybook:
    return version.playbook.sales


def deal_page(work: Work, deal_id: int) -> DealPage:
    """The page of a deal.

    Raises NotFound.
    """
    deal = work.deals.get(deal_id)
    return DealPage(
        now=work.now,
        deal=deal,
        leads=tuple(work.leads.of_deal(deal.id)),
        touches=tuple(work.touches.last_of_deal(deal.id, MOST_TOUCHES)),
        brief=work.papers.brief(deal.id),
        documents=tuple(work.papers.documents(deal.id, MOST_DOCUMENTS)),
        operation=work.operations.last_about("deal", deal.id),
        channel=_channel_of(work, deal),
        sales=sales_of(work, deal),
    )


def _channel_of(work: Work, deal: Deal) -> str | None:
    known = work.deal_channels.of_deal(deal.id) if deal.progress else None
    return known.channel if known and known.state is not ChannelState.CLOSED else None
