"""Everything Rainmaker tells people of its own accord, named as what happened or is wanted.

A message holds ids only. It is put in the outbox in the transaction of what it tells of, and written from the facts of the moment when
it is delivered: field `lead_id` gives its template a `lead`, `reminder_id` a `reminder`, and so on. To add one: a class here, a template
of the same name in `templates/messages/`, and its buttons, if it has any, in `views/messages.py`.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar


@dataclass(frozen=True, kw_only=True)
class Message:
    """Base of all messages."""

    card_of: ClassVar[str | None] = None
    """The noun whose live card this message is: it is edited in place whenever that record changes."""

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {
            name: list(value) if isinstance(value, tuple) else value for name, value in dataclasses.asdict(self).items()
        }


@dataclass(frozen=True, kw_only=True)
class LeadCaptured(Message):
    """A new lead, shown to those who may claim it."""

    card_of: ClassVar[str | None] = "lead"
    lead_id: int


@dataclass(frozen=True, kw_only=True)
class FollowUpDue(Message):
    """The next date of a lead has come."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class OverdueDigest(Message):
    """Several reminders of one person that are long overdue, after a downtime."""

    reminder_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class ImportAsked(Message):
    """An import that somebody asked for: what would come of it, how far it is, what came of it."""

    card_of: ClassVar[str | None] = "import"
    import_id: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(Message):
    """An import that was taken back while nobody waited for it."""

    import_id: int


@dataclass(frozen=True, kw_only=True)
class Welcome(Message):
    """Greets whoever installed Rainmaker, as its first admin."""


@dataclass(frozen=True, kw_only=True)
class Hint(Message):
    """Tells somebody who wrote to Rainmaker as to a person what it understands."""


@dataclass(frozen=True, kw_only=True)
class MessageUndeliverable(Message):
    """Tells an admin, once, that something could not be delivered and will not be tried again."""

    outbox_id: int


@dataclass(frozen=True, kw_only=True)
class CardChanged(Message):
    """Has a card redrawn from the facts of the moment."""

    card_id: int


MESSAGES: dict[str, type[Message]] = {
    cls.__name__: cls
    for cls in (
        LeadCaptured,
        FollowUpDue,
        OverdueDigest,
        ImportAsked,
        ImportUndone,
        Welcome,
        Hint,
        MessageUndeliverable,
        CardChanged,
    )
}


def read_message(kind: str, payload: dict[str, Any]) -> Message:
    """The message that was stored as `kind` with `payload`."""
    cls = MESSAGES[kind]
    return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()})


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a message goes: to a member's direct messages, or to a channel and perhaps a thread in it."""

    member_id: int | None = None
    channel: str | None = None
    thread_ts: str | None = None

    @property
    def lane(self) -> str:
        """What is delivered in order among itself."""
        return f"member:{self.member_id}" if self.member_id is not None else f"channel:{self.channel}"


@dataclass(frozen=True, kw_only=True)
class Card:
    """A message in Slack that shows a record and is edited in place when the record changes."""

    id: int
    subject: str
    subject_id: int
    channel: str
    ts: str
    kind: str
    """The message class it was posted as."""


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """A message as claimed for delivery. `attempts` counts the tries before this one.

    `first_tried_at` is when somebody may have sent it without living to note so; None when it was certainly never sent.
    """

    id: int
    workspace_id: str
    once: str
    destination: Destination
    message: Message
    attempts: int
    created_at: datetime
    first_tried_at: datetime | None
