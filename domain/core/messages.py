"""Everything Rainmaker tells people of its own accord, named as what happened or is wanted.

A message holds ids only. It is put in the outbox in the transaction of what it tells of, and written from the facts of the moment when
it is delivered: field `lead_id` gives its template a `lead`, `reminder_id` a `reminder`, and so on. To add one: a class here, a template
of the same name in `templates/messages/`, and its buttons, if it has any, in `views/messages.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from domain.core.reminders import ReminderKind


@dataclass(frozen=True, kw_only=True)
class Message:
    """Base of all messages."""

    card_of: ClassVar[str | None] = None
    """The noun whose live card this message is: it is edited in place whenever that record changes."""
    is_pinned: ClassVar[bool] = False
    """Whether it is the card that is pinned in a deal's own channel."""
    is_answer: ClassVar[bool] = False
    """Whether it answers what its reader just did: then it does not wait for the end of their quiet hours."""

    def payload(self) -> dict[str, Any]:
        """The fields as JSON values."""
        return {name: list(value) if isinstance(value, tuple) else value for name, value in vars(self).items()}


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
class FirstAnswerDue(Message):
    """Nobody has been in touch with a prospect yet, and the limit for the first answer is near."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class AccountRefreshDue(Message):
    """Nobody has looked at an account's record for long: is it still right?"""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class DealOpened(Message):
    """A new deal, shown where its lead was."""

    card_of: ClassVar[str | None] = "deal"
    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealStepDue(Message):
    """The day of a deal's next step has come."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class DealChannelOpened(Message):
    """The card of a deal in the channel it has of its own."""

    card_of: ClassVar[str | None] = "deal"
    is_pinned: ClassVar[bool] = True
    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealChannelEnds(Message):
    """Tells a deal's channel that the deal is over."""

    deal_id: int
    archives: bool
    """Whether the channel is archived by and by."""


@dataclass(frozen=True, kw_only=True)
class DealChannelGoesOn(Message):
    """Tells a deal's channel that the deal goes on after all."""

    deal_id: int


@dataclass(frozen=True, kw_only=True)
class DealChannelStaysArchived(Message):
    """Asks the owner of a deal that goes on to bring its channel (Slack's id) back, which Slack lets no bot do."""

    deal_id: int
    channel: str


@dataclass(frozen=True, kw_only=True)
class DealChannelRefused(Message):
    """Tells an admin, once, what Slack does not let us do for channels of deals; `why` is its own word."""

    deal_id: int
    refused: str
    """A kind of step."""
    why: str


@dataclass(frozen=True, kw_only=True)
class MeetingAhead(Message):
    """A meeting is near."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class DealStageOver(Message):
    """A deal stands in its stage for longer than the playbook gives it."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class MeetingOver(Message):
    """A meeting is over, and nobody has logged what was said."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class SignatureLate(Message):
    """The day has passed on which we expected the client's signature to a deal."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class PromiseDue(Message):
    """The day has come by which something was promised to a client."""

    card_of: ClassVar[str | None] = "reminder"
    reminder_id: int


@dataclass(frozen=True, kw_only=True)
class PromiseGiven(Message):
    """Tells somebody that they are to keep a promise, because somebody named them."""

    promise_id: int
    by_id: int


@dataclass(frozen=True, kw_only=True)
class DealGiven(Message):
    """Tells somebody that a deal is theirs, because somebody gave it to them."""

    deal_id: int
    by_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadAssigned(Message):
    """Tells somebody that a lead is theirs, because it was their turn by a rule."""

    lead_id: int
    rule: str
    """The rule's title, as it read then."""


@dataclass(frozen=True, kw_only=True)
class LeadGiven(Message):
    """Tells somebody that a lead is theirs, because somebody gave it to them."""

    lead_id: int
    by_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class LeadTaken(Message):
    """Tells who owned a lead that somebody gave it to another."""

    lead_id: int
    by_id: int
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class ExceptionsDigest(Message):
    """Tells management, each morning that there is something, what needs attention; whom it is for decides its working days."""

    exceptions_for: int


@dataclass(frozen=True, kw_only=True)
class PlaybookChanged(Message):
    """Tells an admin that another playbook is in force; both are named by their digests."""

    old_version: str
    new_version: str
    running: int = 0
    """How many deals keep a playbook that they began with."""


@dataclass(frozen=True, kw_only=True)
class FeedbackGiven(Message):
    """Somebody says that a step of the process is wrong or slow; for those who answer for the step."""

    card_of: ClassVar[str | None] = "feedback"
    feedback_id: int


@dataclass(frozen=True, kw_only=True)
class FeedbackAnswered(Message):
    """Tells who gave feedback what the answer is."""

    feedback_id: int


@dataclass(frozen=True, kw_only=True)
class AccountShown(Message):
    """An account that somebody showed to everybody in a channel."""

    card_of: ClassVar[str | None] = "account"
    account_id: int


@dataclass(frozen=True, kw_only=True)
class OverdueDigest(Message):
    """Several reminders of one person in place of one message each: many at once, or long overdue after a downtime."""

    reminder_ids: tuple[int, ...]
    unlisted: int = 0
    """How many more there are than it names."""


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

    is_answer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class Hint(Message):
    """Tells somebody who wrote to Rainmaker as to a person what it understands."""

    is_answer: ClassVar[bool] = True


@dataclass(frozen=True, kw_only=True)
class DeputyNamed(Message):
    """Tells somebody that they stand in for a colleague who will be away."""

    card_of: ClassVar[str | None] = "absence"
    absence_id: int


@dataclass(frozen=True, kw_only=True)
class MessageUndeliverable(Message):
    """Tells an admin, once, that something could not be delivered and will not be tried again."""

    outbox_id: int


@dataclass(frozen=True, kw_only=True)
class TaskGivenUp(Message):
    """Tells an admin, once for each kind and reason, that something could not be done in Slack and will not be tried again."""

    task_id: int


@dataclass(frozen=True, kw_only=True)
class CardChanged(Message):
    """Has a card redrawn from the facts of the moment."""

    card_id: int


MESSAGES: dict[str, type[Message]] = {
    cls.__name__: cls
    for cls in (
        LeadCaptured,
        FollowUpDue,
        FirstAnswerDue,
        DealOpened,
        DealStepDue,
        MeetingAhead,
        MeetingOver,
        DealStageOver,
        SignatureLate,
        PromiseDue,
        DealChannelOpened,
        DealChannelEnds,
        DealChannelGoesOn,
        DealChannelStaysArchived,
        DealChannelRefused,
        PromiseGiven,
        DealGiven,
        LeadAssigned,
        LeadGiven,
        LeadTaken,
        ExceptionsDigest,
        PlaybookChanged,
        FeedbackGiven,
        FeedbackAnswered,
        AccountRefreshDue,
        AccountShown,
        OverdueDigest,
        ImportAsked,
        ImportUndone,
        Welcome,
        Hint,
        DeputyNamed,
        MessageUndeliverable,
        TaskGivenUp,
        CardChanged,
    )
}

REMINDS: Mapping[ReminderKind, type[Message]] = {
    ReminderKind.LEAD_FOLLOW_UP: FollowUpDue,
    ReminderKind.LEAD_FIRST_ANSWER: FirstAnswerDue,
    ReminderKind.ACCOUNT_REFRESH: AccountRefreshDue,
    ReminderKind.DEAL_NEXT_STEP: DealStepDue,
    ReminderKind.MEETING_AHEAD: MeetingAhead,
    ReminderKind.MEETING_OVER: MeetingOver,
    ReminderKind.DEAL_STAGE_LIMIT: DealStageOver,
    ReminderKind.DEAL_EXPECTED_CLOSE: SignatureLate,
    ReminderKind.PROMISE_DUE: PromiseDue,
}
"""The message by which each kind of reminder is told."""


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

    def lane_of(self, message: Message) -> str:
        """The lane of a message there: an answer does not queue behind what waits for the end of quiet hours."""
        return f"{self.lane}:answers" if message.is_answer and self.member_id is not None else self.lane


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
