"""`playbook/delivery.toml`: how a project is run, from the hand-over to its closing."""

import re
from datetime import time
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer

from domain.core.language import N_, Titled
from domain.core.time_limits import WorkingLimit
from domain.playbook.approval_rules import ApprovalRule
from domain.playbook.files import Id, Sentence, Strict
from domain.playbook.stages import Stage


class Weekday(Titled):
    """A day on which people work; nobody is asked on a week-end."""

    MONDAY = "monday", N_("Monday")
    TUESDAY = "tuesday", N_("Tuesday")
    WEDNESDAY = "wednesday", N_("Wednesday")
    THURSDAY = "thursday", N_("Thursday")
    FRIDAY = "friday", N_("Friday")


def _read_time(written: object) -> object:
    if isinstance(written, str) and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", written):
        raise ValueError(f"{written!r} is no time of day; write it like `09:30`")
    return written


def _bare(at: time) -> time:
    return at.replace(second=0, microsecond=0, tzinfo=None)


LocalTime = Annotated[
    time,
    BeforeValidator(_read_time),
    AfterValidator(_bare),
    PlainSerializer(lambda at: at.strftime("%H:%M"), return_type=str),
]


class StandupQuestion(Strict):
    """One question of the standup; an answer to one that `finds_blockers` opens a blocker."""

    id: Id
    question: Sentence
    finds_blockers: bool = False


class Standups(Strict):
    """When people are asked, on their own clock, what, and how a blocker is chased."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    at: LocalTime
    remind_after: WorkingLimit
    blocker_chased_every: WorkingLimit
    blocker_to_lead_after: WorkingLimit
    questions: tuple[StandupQuestion, ...] = Field(min_length=1, max_length=10)


class ChangeRules(Strict):
    """What a change request needs besides its approval (the rules with subject `change_request`)."""

    needs_client_yes: bool = True
    decided_within: WorkingLimit
    client_answers_within: WorkingLimit


class RiskRules(Strict):
    """How risks are judged: probability and impact are 1 to 5, and their product makes a risk high."""

    high_from: int = Field(ge=2, le=25)
    high_reviewed_every: WorkingLimit
    others_reviewed_every: WorkingLimit


class AcceptanceRules(Strict):
    """How the client's acceptance of a milestone is asked for.

    `silence_after` counts only where the contract has the clause on acceptance by silence.
    """

    remind_after: WorkingLimit
    silence_after: WorkingLimit
    notices: int = Field(ge=1, le=5)


class DeliveryPlaybook(Strict):
    """`playbook/delivery.toml`."""

    stages: tuple[Stage, ...] = Field(min_length=1, max_length=30)
    approvals: tuple[ApprovalRule, ...] = Field(min_length=1, max_length=50)
    standups: Standups
    changes: ChangeRules
    risks: RiskRules
    acceptance: AcceptanceRules
