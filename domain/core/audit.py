"""The audit log: what happened, by whom and why, and the hash chain that shows afterwards whether anybody touched it.

Events are appended with the change they tell of. A job seals them in batches: each seal's hash covers the seal before it and every
event of its batch, so that a changed, deleted or inserted event breaks the chain at its batch. Each event also keeps its own hash
within the seal, which is how the first touched event can be named.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any

SEAL_AFTER = timedelta(minutes=1)
"""Age from which events are sealed: longer than any transaction lives, so that none with a lower id can still be on its way."""
FIRST_HASH = "0" * 64
"""What the first seal of a workspace takes for its predecessor's hash."""
BEFORE_ALL = -(2**62)
"""Below the id of every event, also of one that was inserted by hand with an id no event has."""


class Scheme(IntEnum):
    """What the hashes of a seal are taken over; kept with the seal, so that each is checked as it was made."""

    VALUES = 1
    """What `before` and `after` say when they are read as JSON. Seals that name no scheme are of this one; no more are made."""
    TEXT = 2
    """The stored text, so that a change of it which reads the same is seen, too."""


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
class StoredEvent:
    """An event as the database holds it, to be hashed: `at`, `before` and `after` are text that nobody has read yet.

    On SQLite it is the very text of the row. PostgreSQL keeps a moment and JSONB as values of its own and forgets the text they came as;
    here stands the text that it writes of them, which differs whenever the stored value does (`1.0` is not `1`).
    """

    id: int
    workspace_id: str
    at: str
    actor_id: int | None
    source: str
    event: str
    subject: str
    subject_id: int
    before: str | None
    after: str | None
    reason: str | None

    @property
    def moment(self) -> datetime:
        """When it happened, in UTC.

        Raises ValueError.
        """
        at = datetime.fromisoformat(self.at)
        return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Seal:
    """One link of a workspace's chain: `entries` are the id and hash of every event it covers, in order of their ids."""

    workspace_id: str
    number: int
    scheme: Scheme
    previous_hash: str
    hash: str
    entries: tuple[tuple[int, str], ...]

    @property
    def first_event_id(self) -> int:
        """The lowest event id it covers; 0 for a seal that somebody has emptied."""
        return self.entries[0][0] if self.entries else 0

    @property
    def last_event_id(self) -> int:
        """The highest event id it covers; 0 for a seal that somebody has emptied."""
        return self.entries[-1][0] if self.entries else 0

    @property
    def true_hash(self) -> str:
        """The hash it must have, by all that it says."""
        scheme = [] if self.scheme is Scheme.VALUES else [f"scheme {self.scheme.value}"]
        entries = (f"{event_id} {digest}" for event_id, digest in self.entries)
        return hashlib.sha256("\n".join([self.previous_hash, str(self.number), *scheme, *entries]).encode()).hexdigest()


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


def event_hash(event: StoredEvent, scheme: Scheme) -> str:
    """SHA-256 over everything the event says.

    Raises ValueError where the scheme is that of values, and the text says none.
    """
    said = vars(event)
    if scheme is Scheme.VALUES:
        read = {name: None if said[name] is None else json.loads(said[name]) for name in ("before", "after")}
        said = {**said, **read, "at": event.moment.isoformat()}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, default=repr)  # SQLite may hold bytes for a text
    return hashlib.sha256(text.encode()).hexdigest()


def seal(end: ChainEnd, workspace_id: str, events: Sequence[StoredEvent]) -> Seal:
    """The next link of the chain over `events`, which are in order of their ids and not empty."""
    link = Seal(
        workspace_id=workspace_id,
        number=end.number + 1,
        scheme=Scheme.TEXT,
        previous_hash=end.hash,
        hash="",
        entries=tuple((event.id, event_hash(event, Scheme.TEXT)) for event in events),
    )
    return replace(link, hash=link.true_hash)
