"""Everything Rainmaker tells people of its own accord, named as what happened or is wanted.

A message holds ids only. It is put in the outbox in the transaction of what it tells of, and written from the facts of the moment when
it is delivered: field `lead_id` gives its template a `lead`, `reminder_id` a `reminder`, and so on. To add one: a class in its noun's
file, a template of the same name in `templates/messages/`, and its buttons, if it has any, in its noun's view with `@shows`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from domain.core.gathering import declared, import_all


@dataclass(frozen=True, kw_only=True)
class Message:
    """Base of all messages."""

    card_of: ClassVar[str | None] = None
    """The noun whose live card this message is: it is edited in place whenever that record changes."""
    is_answer: ClassVar[bool] = False
    """Whether it answers what its reader just did: then it does not wait for the end of their quiet hours."""

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}


@dataclass(frozen=True, kw_only=True)
class Welcome(Message):
    """Greets whoever installed Rainmaker, as its first admin."""

    is_answer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Hint(Message):
    """Tells somebody who greets Rainmaker or asks for help what it understands."""

    is_answer: ClassVar[bool] = True
    words: tuple[str, ...] = ()
    """The words after `/rain` that it explains."""


@dataclass(frozen=True, kw_only=True)
class NothingFound(Message):
    """Tells somebody who wrote to Rainmaker that no record is called so."""

    is_answer: ClassVar[bool] = True
    sought: str


@dataclass(frozen=True, kw_only=True)
class ColleaguesOnly(Message):
    """Tells a guest, or somebody of another firm, that Rainmaker is for colleagues."""

    is_answer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class MessageUndeliverable(Message):
    """Tells an admin, once, that something could not be delivered and will not be tried again."""

    outbox_id: int


@dataclass(frozen=True, kw_only=True)
class TaskGivenUp(Message):
    """Tells an admin, once for each kind and reason, that something could not be done in Slack and will not be tried again."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class KeptInside(Message):
    """Tells a member that what follows was meant for a channel (Slack's id) that people of another firm read."""

    channel: str


@dataclass(frozen=True, kw_only=True)
class CardChanged(Message):
    """Has a card redrawn from the facts of the moment."""

    card_id: int


@dataclass(frozen=True, kw_only=True)
class CardWithdrawn(Message):
    """Has a card say that its record was taken back; it is no card any more then."""

    channel: str
    ts: str
    what: str
    """The record, as people knew it."""
    by_id: int


@cache
def message_types() -> Mapping[str, type[Message]]:
    """Every message there is, by the name it is stored under: those that the nouns of all areas declare."""
    import_all("domain")
    return {cls.__name__: cls for cls in declared(Message)}


@cache
def nouns_on_cards() -> frozenset[str]:
    """The nouns whose records are shown on live cards."""
    return frozenset(message.card_of for message in message_types().values() if message.card_of)


def read_message(kind: str, payload: dict[str, Any]) -> Message:
    """The message that was stored as `kind` with `payload`."""
    cls = message_types()[kind]
    return cls(**{name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()})


@dataclass(frozen=True, kw_only=True)
class Destination:
    """Where a message goes: to a channel and perhaps a thread in it, or to a member's direct messages.

    With both it goes to the channel, unless people of another firm read there: then to the member, who is told why.
    """

    member_id: int | None = None
    channel: str | None = None
    thread_ts: str | None = None

    @property
    def lane(self) -> str:
        """What is delivered in order among itself."""
        return f"channel:{self.channel}" if self.channel is not None else f"member:{self.member_id}"

    def lane_of(self, message: Message) -> str:
        """The lane of a message there: an answer does not queue behind what waits for the end of quiet hours."""
        return f"{self.lane}:answers" if message.is_answer and self.channel is None else self.lane


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
