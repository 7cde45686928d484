"""The evidence that leads, touches, needs briefs and documents show at a deal's gates, or at the gate of a lead itself."""

from collections.abc import Sequence

from domain.playbook.evidence import Evidence
from domain.sales.documents import DocumentKind
from domain.sales.leads import Lead, TouchKind
from storage.unit_of_work import UnitOfWork
from usecases.playbook.evidence import evidence

TALKS = frozenset({TouchKind.CALL, TouchKind.MEETING})
MOST_TOUCHES, MOST_DOCUMENTS = 50, 50
"""Touches and documents that are looked through; far more than a deal ever has."""


def _leads(work: UnitOfWork, noun: str, record_id: int) -> Sequence[Lead]:
    return work.leads.of_deal(record_id) if noun == "deal" else [work.leads.get(record_id)]


@evidence(Evidence.LEAD_OWNED)
def _is_owned(work: UnitOfWork, noun: str, record_id: int) -> bool:
    leads = _leads(work, noun, record_id)
    return bool(leads) and all(lead.owner for lead in leads)


@evidence(Evidence.LEAD_SCREENED)
def _is_screened(work: UnitOfWork, noun: str, record_id: int) -> bool:
    leads = _leads(work, noun, record_id)
    return bool(leads) and all(lead.score is not None for lead in leads)


@evidence(Evidence.FIRST_TALK_LOGGED)
def _is_talked_to(work: UnitOfWork, _noun: str, deal_id: int) -> bool:
    return any(touch.kind in TALKS for touch in work.touches.last_of_deal(deal_id, MOST_TOUCHES))


@evidence(Evidence.NEEDS_BRIEF_COMPLETE)
def _is_brief_complete(work: UnitOfWork, noun: str, record_id: int) -> bool:
    brief = work.papers.brief(noun, record_id)
    return brief is not None and not brief.unanswered


@evidence(Evidence.SOLUTION_ATTACHED)
def _is_solution_attached(work: UnitOfWork, noun: str, record_id: int) -> bool:
    return any(one.kind is DocumentKind.SOLUTION for one in work.papers.documents(noun, record_id, MOST_DOCUMENTS))
