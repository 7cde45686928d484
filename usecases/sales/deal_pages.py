"""What is shown of a deal: where it stands, what its gate asks for, what was written and said; read in one place for card and page."""

from domain.core.refusals import NotFound
from domain.playbook.evidence import Evidence
from domain.playbook.playbook import Passed, Position
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_route import standing_of
from domain.sales.deals import Deal, progress_of
from domain.sales.pages import DealPage
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact, page_of, parts_of
from usecases.playbook.evidence import met

MOST_TOUCHES = 50
"""Touches in which a talk is looked for; far more than a deal ever has."""
MOST_DOCUMENTS = 50
MOST_READ = 32
"""Playbooks that a process remembers."""
_READ: dict[str, SalesPlaybook] = {}


def sales_of(work: UnitOfWork, deal: Deal) -> SalesPlaybook | None:
    """The playbook a deal follows, or None where it is not kept."""
    return _kept(work, deal.progress.playbook if deal.progress else None)


def is_outdated(work: UnitOfWork, deal: Deal) -> bool:
    """Whether a running deal follows another playbook than the one in force."""
    follows = deal.progress.playbook if deal.progress and deal.is_running else None
    return follows is not None and follows != work.playbooks.current_digest()


def sales_called(work: UnitOfWork, digest: str | None) -> SalesPlaybook | None:
    """The playbook with this digest, or where it is not kept the one in force; None where there is none either."""
    return _kept(work, digest) or _kept(work, work.playbooks.current_digest())


def _kept(work: UnitOfWork, digest: str | None) -> SalesPlaybook | None:
    """The playbook with this digest, or None where it is not kept. What a digest says never changes: a process reads it once."""
    if digest is not None and digest not in _READ:
        try:
            version = work.playbooks.get(digest)
        except NotFound:
            return None
        if len(_READ) == MOST_READ:
            _READ.clear()
        _READ[digest] = version.playbook.sales
    return _READ.get(digest or "")


@fact("deal_id")
@page_of("deal")
def deal_page(work: UnitOfWork, deal_id: int) -> DealPage:
    """The page of a deal.

    Raises NotFound.
    """
    deal = work.deals.get(deal_id)
    sales = sales_of(work, deal)
    return DealPage(
        now=work.now,
        deal=deal,
        leads=tuple(work.leads.of_deal(deal.id)),
        touches=tuple(work.touches.last_of_deal(deal.id, MOST_TOUCHES)),
        brief=work.papers.brief("deal", deal.id),
        documents=tuple(work.papers.documents("deal", deal.id, MOST_DOCUMENTS)),
        parts=parts_of(work, deal.named),
        operation=work.operations.last_about("deal", deal.id),
        sales=sales,
        met=_met(work, deal, sales or sales_called(work, None)),
        is_outdated=is_outdated(work, deal),
    )


def _met(work: UnitOfWork, deal: Deal, rules: SalesPlaybook | None) -> frozenset[Evidence]:
    """What there is of the evidence that the gates up to a deal's stage ask for, by its rules."""
    if rules is None or deal.progress is None:
        return frozenset()
    standing = standing_of(deal, rules)
    here = standing.stage.gate if standing.stage else ()
    return met(work, "deal", deal.id, dict.fromkeys((*standing.asked, *here)))


def position_of(work: UnitOfWork, deal: Deal) -> Position:
    """Where a deal stands on its route and since how many of its owner's working days, with what lies behind it as the audit log tells.

    Raises AlreadyDone for a deal that was taken over.
    """
    progress = progress_of(deal)
    holder = deal.owner or progress.opened_by
    hours = work.members.hours(holder.id)
    passed, since = [], None
    for event in work.audit.about("deal", deal.id):
        if event.event == "deal.opened":
            since = event.at
        elif event.event == "deal.moved" and since:
            days = hours.working_days_since(since, event.at)
            passed.append(Passed(stage_id=str((event.before or {}).get("stage")), days=days))
            since = event.at
    return Position(
        code=deal.code,
        stage_id=progress.stage,
        variant_id=progress.variant,
        holder=holder.name,
        days=hours.working_days_since(progress.since, work.now),
        passed=tuple(passed),
    )
