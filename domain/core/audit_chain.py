"""Checking a chain of seals: what is wrong with it, which seals only repeat others, and whether it contains what somebody has kept.

Until sealing read the end of the chain once, two processes on PostgreSQL could seal the same events one after the other. The second seal
follows the first and covers events again, with the hashes they have; where it ends earlier than another, so do the seals after it. Such
a chain proves as well as any that no event was touched. It is mended by an event in the log about each such seal: nothing is written
over, so that heads which somebody has kept stay true.
"""

from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from domain.core.audit import BEFORE_ALL, FIRST_HASH, AuditEvent, Head, NewAuditEvent, Seal, StoredEvent, event_hash

SEALED_WITHIN = timedelta(minutes=5)
"""Age above which an event must have a seal: the job looks once a minute for those that are a minute old."""
SUBJECT = "seal"
"""What an event of mending is about; its `subject_id` is the number of the seal."""
MENDED = "audit.mended"


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A seal, by number and hash, that covers the events from `first_id` to `last_id` again, each with the hash it has."""

    number: int
    hash: str
    first_id: int
    last_id: int

    @property
    def events(self) -> str:
        """The events in words."""
        if self.first_id == self.last_id:
            return f"event {self.first_id}"
        return f"events {self.first_id} to {self.last_id}"

    @property
    def mending(self) -> NewAuditEvent:
        """The event by which it is mended."""
        return NewAuditEvent(
            event=MENDED,
            subject=SUBJECT,
            subject_id=self.number,
            after={"hash": self.hash, "repeats_from": self.first_id, "repeats_to": self.last_id},
            reason="Two processes sealed the same events at once.",
        )


@dataclass(frozen=True, kw_only=True)
class AuditCheck:
    """What came of checking a chain: how many events it covers, its newest seal as far as it holds, and what is wrong, if anything.

    `repeats` are the seals to be mended; there are none where anything else is wrong. `unsealed` counts the events that ought to have
    a seal by now; they are counted where the chain could be followed to its end.
    """

    covered: int = 0
    head: Head | None = None
    wrong: str | None = None
    repeats: tuple[Repeat, ...] = ()
    unsealed: int = 0


@dataclass(kw_only=True)
class Walk:
    """A chain as far as it was checked, from its first seal on; `kept` are the heads it must contain."""

    workspace_id: str
    kept: Collection[Head] = ()
    number: int = 0
    hash: str = FIRST_HASH
    covered: int = 0
    unsealed: int = 0
    wrong: str | None = None
    repeats: list[Repeat] = field(default_factory=list)
    _ends: list[int] = field(default_factory=lambda: [BEFORE_ALL])
    """The last event ids of all seals, ascending."""

    @property
    def covered_to(self) -> int:
        """The highest event id that is covered so far."""
        return self._ends[-1]

    def starts_after(self, link: Seal) -> int:
        """Where the range of the next seal begins: at the end of a seal before it, of the furthest one unless it repeats events."""
        return self._ends[bisect_left(self._ends, link.first_event_id) - 1]

    def repeat_by(self, link: Seal) -> Repeat | None:
        """What the next seal would repeat, if anything."""
        again = [event_id for event_id, _hash in link.entries if event_id <= self.covered_to]
        if not again:
            return None
        return Repeat(number=link.number, hash=link.hash, first_id=again[0], last_id=again[-1])

    def take(self, link: Seal, events: Sequence[StoredEvent], told: Iterable[AuditEvent]) -> None:
        """Check the next seal against the events found in its range; `told` is what the log says about it.

        Raises ValueError where an event cannot be read.
        """
        self.wrong = self._find_tampering(link, events) or find_swap(link, self.kept)
        if self.wrong:
            return
        repeat = self.repeat_by(link)
        if repeat and not is_mended(repeat, told):
            self.repeats.append(repeat)
        self.covered += sum(event_id > self.covered_to for event_id, _hash in link.entries)
        self.number, self.hash = link.number, link.hash
        insort(self._ends, link.last_event_id)

    def _find_tampering(self, link: Seal, events: Sequence[StoredEvent]) -> str | None:
        """What is wrong with this seal and the events found in its range, naming the first touched event; None if nothing is."""
        if (link.previous_hash, link.number) != (self.hash, self.number + 1):
            return f"seal {link.number} does not follow the seal before it"
        if not link.entries or link.hash != link.true_hash:
            return f"seal {link.number} was changed itself"
        sealed = dict(link.entries)
        found = {event.id: event_hash(event, link.scheme) for event in events}
        for event_id in sorted(sealed.keys() | found.keys()):
            if sealed.get(event_id) == found.get(event_id):
                continue
            if event_id <= self.covered_to:  # which an earlier seal has shown to be untouched
                return f"seal {link.number} repeats earlier events, but not as they were sealed"
            how = "deleted" if event_id not in found else "inserted" if event_id not in sealed else "changed"
            return f"event {event_id} was {how}"
        return None

    def break_off(self) -> None:
        """Say that what follows is no longer JSON, or no longer a time."""
        self.wrong = f"an event or seal after event {max(self.covered_to, 0)} is unreadable"

    def result(self) -> AuditCheck:
        """What came of it."""
        head = Head(workspace_id=self.workspace_id, number=self.number, hash=self.hash) if self.number else None
        wrong = self.wrong or find_loss(head, self.kept)
        repeats = () if wrong else tuple(self.repeats)
        if repeats:
            wrong = (
                f"seal {repeats[0].number} repeats {repeats[0].events}, as two processes sealed them at once: "
                "run `rainmaker audit mend`"
            )
        return AuditCheck(covered=self.covered, head=head, wrong=wrong, repeats=repeats, unsealed=self.unsealed)


def is_mended(repeat: Repeat, told: Iterable[AuditEvent]) -> bool:
    """Whether the log says of this very seal that it is known to repeat others; `told` is what the log says about its number."""
    return any(
        event.event == MENDED and isinstance(event.after, Mapping) and event.after.get("hash") == repeat.hash
        for event in told
    )


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
