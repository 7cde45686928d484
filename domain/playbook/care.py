"""`playbook/care.toml`: how the firm looks after its clients, and after its own process."""

from typing import Literal, Self

from pydantic import Field, model_validator

from domain.core.language import N_, Titled
from domain.core.people import Role
from domain.core.time_limits import Limit, WorkingLimit
from domain.playbook.feedback_rules import FeedbackRules
from domain.playbook.files import Id, Sentence, Strict, Title
from domain.playbook.stages import Routine, Stage

OWNER = "owner"


class Rung(Strict):
    """Who is told when so many percent of the time to an issue's solution are gone: its owner, or a role."""

    at: int = Field(ge=1, le=300)
    tells: Role | Literal["owner"]


class Severity(Strict):
    """How fast an issue is answered and solved, and who hears of it meanwhile.

    Times are working time, unless the issue is cared for around the clock: then they are plain hours and minutes.
    """

    id: Id
    title: Title
    means: Sentence
    around_the_clock: bool = False
    first_answer: Limit
    solved: Limit
    update_every: Limit
    ladder: tuple[Rung, ...] = Field(min_length=1, max_length=10)
    needs_review: bool = False

    @model_validator(mode="after")
    def _clock_is_the_one_it_says(self) -> Self:
        for name, limit in (
            ("first_answer", self.first_answer),
            ("solved", self.solved),
            ("update_every", self.update_every),
        ):
            if limit.is_working == self.around_the_clock:
                wanted = (
                    "around the clock, such as `4 hours`"
                    if self.around_the_clock
                    else "working time, such as `4 working hours`"
                )
                raise ValueError(f"{name} is {str(limit)!r}, but severity {self.id!r} counts {wanted}")
        if self.first_answer.minutes > self.solved.minutes:
            raise ValueError(f"severity {self.id!r} is to be solved before it is answered")
        return self

    @model_validator(mode="after")
    def _ladder_rises(self) -> Self:
        rungs = [rung.at for rung in self.ladder]
        if rungs != sorted(set(rungs)):
            raise ValueError(f"the ladder of severity {self.id!r} must rise: each rung later than the one before")
        return self


class Cadence(Strict):
    """How often the firm keeps in touch with accounts of a tier."""

    tier: Id
    title: Title
    contact_every: WorkingLimit
    survey_every: WorkingLimit | None = None
    brings: Sentence
    """What the client gets from it."""


class SurveyMoment(Titled):
    """When a survey is sent."""

    MILESTONE_ACCEPTED = "milestone_accepted", N_("when a milestone is accepted")
    PROJECT_CLOSED = "project_closed", N_("when a project is closed")
    CADENCE = "cadence", N_("by the cadence of the account's tier")


class SurveyQuestion(Titled):
    """What a survey may ask."""

    NPS = "nps", N_("would you recommend us (0 to 10)")
    CSAT = "csat", N_("how satisfied are you (1 to 5)")
    COMMENT = "comment", N_("what should we do better")


class Survey(Strict):
    """One survey: when it is sent and what it asks."""

    id: Id
    title: Title
    sent: SurveyMoment
    asks: tuple[SurveyQuestion, ...] = Field(min_length=1)


class SurveyRules(Strict):
    """What holds for every survey; a score below `low_nps` or `low_csat` opens an issue of severity `low_opens`."""

    expires_after: WorkingLimit
    remind_after: WorkingLimit
    reminders: int = Field(ge=0, le=5)
    least_distance: WorkingLimit
    low_nps: int = Field(ge=0, le=10)
    low_csat: int = Field(ge=1, le=5)
    low_opens: Id


class CarePlaybook(Strict):
    """`playbook/care.toml`."""

    stages: tuple[Stage, ...] = Field(min_length=1, max_length=30)
    severities: tuple[Severity, ...] = Field(min_length=1, max_length=10)
    cadences: tuple[Cadence, ...] = Field(min_length=1, max_length=10)
    surveys: tuple[Survey, ...] = Field(min_length=1, max_length=10)
    survey_rules: SurveyRules
    feedback: FeedbackRules
    routines: tuple[Routine, ...] = Field(min_length=1, max_length=20)
