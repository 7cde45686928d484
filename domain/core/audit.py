"""The audit log: what happened, by whom and why, and the hash chain that shows afterwards whether anybody touched it.

Events are appended with the change they tell of. A job seals them in batches: each seal's hash covers the seal before it and every
event of its batch, so that a changed, deleted or inserted event breaks the chain at its batch. Each event also keeps its own hash
within the seal, which is how the first touched event can be named.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

SEAL_AFTER = timedelta(minutes=1)
"""Age from which events are sealed: longer than any transaction lives, so that none with a lower id can still be on its way."""
FIRST_HASH = "0" * 64
"""What the first seal of a workspace takes for its predecessor's hash."""
BEFORE_ALL = -(2**62)
"""Below the id of every event, also of one that was inserted by hand with an id no event has."""


@dataclass(frozen=True, kw_only=True)
class NewAuditEvent:
    """One thing that happened to one record. `before` and `after` hold only what changed, as JSON values."""

    event: str
    """Noun and verb in the past, such as `lead.claimed`. Public: never renamed."""
    subject: str
    subject_id: int
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class AuditEvent(NewAuditEvent):
    """An event as it stands in the log."""

    id: int
    workspace_id: str
    at: datetime
    actor_id: int | None
    """The member who did it, or None for Rainmaker itself."""
    source: str


@dataclass(frozen=True, kw_only=True)
class Seal:
    """One link of a workspace's chain: `entries` are the id and hash of every event it covers, in order of their ids."""

    workspace_id: str
    number: int
    previous_hash: str
    hash: str
    entries: tuple[tuple[int, str], ...]

    @property
    def last_event_id(self) -> int:
        """The highest event id the chain covers so far; 0 for a seal that somebody has emptied."""
        return self.entries[-1][0] if self.entries else 0

    @property
    def head(self) -> "Head":
        """What to keep elsewhere while this is the newest seal."""
        return Head(workspace_id=self.workspace_id, number=self.number, hash=self.hash)


@dataclass(frozen=True, kw_only=True)
class ChainEnd:
    """Where a chain is to go on: number and hash of its newest seal, and the highest event id that any of its seals covers."""

    number: int = 0
    hash: str = FIRST_HASH
    covered_to: int = BEFORE_ALL


@dataclass(frozen=True, kw_only=True)
class Head:
    """A seal by number and hash, as it is kept outside the database: who holds one can tell whether the chain still contains it."""

    workspace_id: str
    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.workspace_id}:{self.number}:{self.hash}"

    @classmethod
    def read(cls, text: str) -> "Head":
        """A head as it was written.

        Raises ValueError.
        """
        workspace_id, number, digest = text.strip().split(":")
        return cls(workspace_id=workspace_id, number=int(number), hash=digest)


@dataclass(frozen=True, kw_only=True)
class AuditCheck:
    """What came of checking a chain: how many events it covers, its newest seal as far as it holds, and what is wrong, if anything."""

    covered: int = 0
    head: Head | None = None
    wrong: str | None = None


def event_hash(event: AuditEvent) -> str:
    """SHA-256 over everything the event says."""
    said = {
        "id": event.id,
        "workspace_id": event.workspace_id,
        "at": event.at.astimezone(UTC).isoformat(),
        "actor_id": event.actor_id,
        "source": event.source,
        "event": event.event,
        "subject": event.subject,
        "subject_id": event.subject_id,
        "before": event.before,
        "after": event.after,
        "reason": event.reason,
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def seal(end: ChainEnd, workspace_id: str, events: Sequence[AuditEvent]) -> Seal:
    """The next link of the chain over `events`, which are in order of their ids and not empty."""
    entries = tuple((event.id, event_hash(event)) for event in events)
    return Seal(
        workspace_id=workspace_id,
        number=end.number + 1,
        previous_hash=end.hash,
        hash=_chain_hash(end.hash, end.number + 1, entries),
        entries=entries,
    )


def find_tampering(previous: Seal | None, link: Seal, events: Sequence[AuditEvent]) -> str | None:
    """What is wrong with this link and the events found in its range, naming the first touched event; None if nothing is."""
    if link.previous_hash != (previous.hash if previous else FIRST_HASH) or link.number != (
        previous.number + 1 if previous else 1
    ):
        return f"seal {link.number} does not follow the seal before it"
    if link.hash != _chain_hash(link.previous_hash, link.number, link.entries):
        return f"seal {link.number} was changed itself"
    sealed = dict(link.entries)
    found = {event.id: event_hash(event) for event in events}
    for event_id in sorted(sealed.keys() | found.keys()):
        if event_id not in found:
            return f"event {event_id} was deleted"
        if event_id not in sealed:
            return f"event {event_id} was inserted"
        if found[event_id] != sealed[event_id]:
            return f"event {event_id} was changed"
    return None


def find_swap(link: Seal, kept: Collection[Head]) -> str | None:
    """Whether a seal of which somebody has kept the hash is another one now, as after a chain was made anew."""
    if any(head.number == link.number and head.hash != link.hash for head in kept):
        return f"seal {link.number} is not the one that was kept"
    return None


def find_loss(head: Head | None, kept: Collection[Head]) -> str | None:
    """Whether the chain is too short to contain what somebody has kept, as after its newest seals were deleted."""
    last = head.number if head else 0
    newest = max((one.number for one in kept), default=0)
    if newest > last:
        return f"the chain ends with seal {last}, and seal {newest} was kept"
    return None


def _chain_hash(previous_hash: str, number: int, entries: Sequence[tuple[int, str]]) -> str:
    lines = [previous_hash, str(number), *(f"{event_id} {digest}" for event_id, digest in entries)]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
