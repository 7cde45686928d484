"""Evidence as a question: the noun that can show it answers, and only what a gate at hand asks for is looked at.

@evidence(Evidence.QUOTE_APPROVED)
def is_approved(work: UnitOfWork, noun: str, record_id: int) -> bool: ...
"""

from collections.abc import Callable, Iterable

from domain.core.gathering import Registry
from domain.playbook.evidence import Evidence
from storage.unit_of_work import UnitOfWork

evidence = Registry[Callable[[UnitOfWork, str, int], bool]]("usecases")
"""Whether a record (its noun and id) has a piece of evidence."""


def met(work: UnitOfWork, noun: str, record_id: int, asked: Iterable[Evidence]) -> frozenset[Evidence]:
    """Which of these pieces of evidence a record has; what no noun can show yet is never there."""
    return frozenset(one for one in asked if (is_there := evidence.get(one)) and is_there(work, noun, record_id))
