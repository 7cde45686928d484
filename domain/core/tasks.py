"""Tasks: what is done outside after the commit, at least once: what each is about, how long a failed try waits, and when it is given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

LONGEST_WAIT = timedelta(minutes=10)
"""Between two tries, at the most."""
MOST_TRIES = 170
"""Tries before a trouble counts as a lasting one: with the waits between them, more than a day."""


class TaskKind(str):
    """What a task does, as `noun.verb`. Values are stored: never renamed."""


@dataclass(frozen=True, kw_only=True)
class NewTask:
    """Something to be done about a record, whose noun is `subject`; `member_id` is in whose name or for whom, if for anybody."""

    kind: TaskKind
    subject: str
    subject_id: int
    member_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    """What else must be known, as JSON values; the facts of the record are read when the task is carried out."""

    @property
    def once(self) -> str:
        """The key that tasks share of which one is enough while it is open."""
        parts = [self.kind, self.subject_id, self.member_id or "", *self.details.values()]
        return ":".join(str(part) for part in parts)


@dataclass(frozen=True, kw_only=True)
class Task(NewTask):
    """A task as a process has claimed it: `claims` counts how often that was done, and so tells whether it is still that process's.

    `tries` counts the claims since it was put in or last got on, this one among them.
    """

    id: int
    workspace_id: str
    claims: int
    tries: int
    noted: Mapping[str, Any] = field(default_factory=dict)
    """What earlier tries have left outside, such as the id of a file: it is looked up before a thing is done twice."""


def wait_after(tries: int, least: float = 0) -> timedelta | None:
    """How long to wait after so many tries, but `least` seconds at least; None when it is time to give up."""
    if tries >= MOST_TRIES:
        return None
    growing = min(timedelta(seconds=2 ** min(max(tries - 1, 0), 16)), LONGEST_WAIT)
    return max(growing, timedelta(seconds=least))
