"""What waits to be told, delivered or carried out, for the metrics."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Messages not yet delivered, reminders due and not yet told, since when the oldest of each, and tasks and timers that are due."""

    open_messages: int
    oldest_message_at: datetime | None
    late_reminders: int
    oldest_reminder_at: datetime | None
    late_tasks: int
    late_timers: int
