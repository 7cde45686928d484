"""Seals as processes made them on PostgreSQL that read the end of the chain twice, or take no lock."""

from datetime import timedelta

from domain.core.audit import BEFORE_ALL, seal
from storage.unit_of_work import UnitOfWork


def seal_late(after_id: int, most: int, work: UnitOfWork) -> None:
    """Seal the first events above `after_id` behind the newest seal, as a process that had read them before another sealed them."""
    events = work.audit.unsealed(after_id, work.now + timedelta(days=1), most)
    work.audit.add_seal(seal(work.audit.end(), events[0].workspace_id, events))


def ends_of_seals(work: UnitOfWork) -> list[int]:
    """Below all, then the last event id of each seal."""
    return [BEFORE_ALL, *(link.last_event_id for link in work.audit.seals_after(0, 1000))]
