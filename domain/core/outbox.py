"""A message on its way: claimed from the outbox, with everything needed to write and send it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.core.messages import Card, OutboxRow
from domain.core.people import Actor, Member
from domain.core.workspaces import Workspace


@dataclass(frozen=True, kw_only=True)
class PreparedMessage:
    """A claimed message with everything needed to write and send it.

    `facts` are the records its ids name; for a changed card, `card` is where it stands and `facts` its record. `reader` is who reads it
    where that is one person, also of a card that is redrawn; None in a channel.
    """

    row: OutboxRow
    workspace: Workspace
    recipient: Member | None
    facts: Mapping[str, Any]
    card: Card | None = None
    reader: Actor | None = None

    def quiet_until(self, now: datetime) -> datetime | None:
        """Until when its recipient wants quiet; None for what may be sent now, such as an answer to what they just did."""
        quiet = self.recipient and self.recipient.quiet_hours
        return quiet.end_at(now) if quiet and not self.row.message.is_answer else None
