"""Seals as two processes made them on PostgreSQL while sealing read the end of the chain twice, and over what they were taken then."""

from dataclasses import replace
from datetime import timedelta

from domain.core.audit import BEFORE_ALL, ChainEnd, Scheme, Seal, StoredEvent, event_hash, seal
from storage.unit_of_work import UnitOfWork


def seal_by_value(end: ChainEnd, workspace_id: str, events: list[StoredEvent]) -> Seal:
    """The next seal, taken over values and saying nothing of it."""
    entries = tuple((event.id, event_hash(event, Scheme.VALUES)) for event in events)
    link = replace(seal(end, workspace_id, events), scheme=Scheme.VALUES, entries=entries)
    return replace(link, hash=link.true_hash)


def seal_late(after_id: int, most: int, work: UnitOfWork) -> None:
    """Seal the first events above `after_id` behind the newest seal, as a process that had read them before another sealed them."""
    events = work.audit.unsealed(after_id, work.now + timedelta(days=1), most)
    work.audit.add_seal(seal_by_value(work.audit.end(), events[0].workspace_id, events))


def ends_of_seals(work: UnitOfWork) -> list[int]:
    """Below all, then the last event id of each seal."""
    return [BEFORE_ALL, *(link.last_event_id for link in work.audit.seals_after(0, 1000))]
