"""What waits to be told or delivered, for the metrics."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Messages not yet delivered, reminders due and not yet told, and since when the oldest of each."""

    open_messages: int
    oldest_message_at: datetime | None
    late_reminders: int
    oldest_reminder_at: datetime | None
