"""Feedback on the process: somebody says that a step is wrong or slow, and whoever answers for the step answers them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from domain.core.language import N_, Titled
from domain.core.messages import Message
from domain.core.people import COLLEAGUES, Permission, Person, Role
from domain.core.records import NamedRecord
from domain.playbook.sections import Process

GIVE_FEEDBACK = Permission(N_("say what is wrong in the process"), COLLEAGUES)
SEE_FEEDBACK = Permission(N_("see feedback on the process"), frozenset({Role.ADMIN, Role.MANAGEMENT}))


class Fault(Titled):
    """What is the matter with a step. Values are stored: never renamed."""

    WRONG = "wrong", N_("wrong")
    SLOW = "slow", N_("slow")


class FeedbackState(StrEnum):
    """How far it is. Values are stored: never renamed."""

    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, kw_only=True)
class NewFeedback:
    """Feedback as somebody gives it. `step` is the playbook's id; `subject` and `subject_id` name the record it came up with, if any."""

    step: str
    fault: Fault
    said: str
    subject: str | None = None
    subject_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class Feedback:
    """Feedback as it is kept. Titles are those of the playbook that was in force; `role` answers for the step."""

    id: int
    number: int
    process: Process
    section: str
    section_title: str
    step: str
    step_title: str
    fault: Fault
    said: str
    role: Role
    by: Person
    at: datetime
    subject: str | None = None
    subject_id: int | None = None
    state: FeedbackState = FeedbackState.OPEN
    answer: str | None = None
    answered_by: Person | None = None
    answered_at: datetime | None = None

    @property
    def code(self) -> str:
        """What people call it."""
        return f"F-{self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state is FeedbackState.OPEN


@dataclass(frozen=True, kw_only=True)
class FeedbackList:
    """Open feedback, that on the same step together; `total` counts what is not listed, too."""

    feedback: tuple[Feedback, ...]
    total: int


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
class FeedbackTold:
    """Feedback together with the record it came up with, if any."""

    feedback: Feedback
    record: NamedRecord | None = None
