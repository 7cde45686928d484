"""The language of stages: steps with who, what, by when and with what; gates; and variants for small and large work."""

from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import Self

from pydantic import Field

from domain.core.language import N_, Titled
from domain.core.people import Role
from domain.core.time_limits import TimeLimit, WorkingLimit
from domain.playbook.conditions import Case, SizeConditions
from domain.playbook.evidence import Evidence
from domain.playbook.files import Id, Sentence, Strict, Title


class Rhythm(Titled):
    """How often something that comes again is done."""

    DAY = "day", N_("every working day")
    WEEK = "week", N_("every week")
    FORTNIGHT = "fortnight", N_("every two weeks")
    MONTH = "month", N_("every month")
    QUARTER = "quarter", N_("every quarter")
    HALF_YEAR = "half-year", N_("every half-year")
    YEAR = "year", N_("every year")


class Outcome(StrEnum):
    """What standing in a stage means for the whole."""

    WON = "won"
    LOST = "lost"
    DONE = "done"


class Step(Strict):
    """One thing to do: who (`role`, and `who` where it is one person), what, by when, with what.

    `limit` counts from the beginning of the stage, or from what `after` names; with `every` it comes again.
    `rows` are the numbers of the requirements the step answers.
    """

    id: Id
    title: Title
    does: Sentence
    role: Role
    who: Title | None = None
    limit: WorkingLimit
    after: Title | None = None
    every: Rhythm | None = None
    materials: tuple[Title, ...] = Field(min_length=1, max_length=10)
    rows: tuple[int, ...] = ()

    @property
    def counts_from_start(self) -> bool:
        """Whether its limit counts from the beginning of the stage, and so must fit into the stage's."""
        return self.after is None and self.every is None

    def within(self, limit: TimeLimit) -> Self:
        """The step in a stage that has only so long."""
        is_too_long = self.counts_from_start and self.limit.minutes > limit.minutes
        return self.model_copy(update={"limit": limit}) if is_too_long else self


class Stage(Strict):
    """Where a record stands: why, who is responsible, for how long, what is done, and the evidence needed to leave.

    `next` are the stages after it, `back` those it may return to with a reason; `decision` is the question at a fork. From every
    stage before the one that is won a deal may be lost. `begins` is the stage in which something new starts from here.
    """

    id: Id
    title: Title
    purpose: Sentence
    role: Role
    who: Title | None = None
    limit: WorkingLimit
    probability: int | None = Field(default=None, ge=0, le=100)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)
    gate: tuple[Evidence, ...] = ()
    decision: Title | None = None
    next: tuple[Id, ...] = ()
    back: tuple[Id, ...] = ()
    begins: Id | None = None
    outcome: Outcome | None = None

    def missing(self, met: Collection[Evidence]) -> tuple[Evidence, ...]:
        """The evidence that is still needed to leave, in the gate's order."""
        return tuple(evidence for evidence in self.gate if evidence not in met)


class Routine(Strict):
    """Something the firm does at regular intervals or whenever it is needed, outside any one deal or project."""

    id: Id
    title: Title
    purpose: Sentence
    role: Role
    steps: tuple[Step, ...] = Field(min_length=1, max_length=20)


class Variant(Strict):
    """The route for work of a size or client: what it leaves out, and what it does otherwise.

    `limits` maps stages to other time limits; `adds` maps stages to more evidence.
    """

    id: Id
    title: Title
    when: SizeConditions = SizeConditions()
    skips_stages: tuple[Id, ...] = ()
    skips_steps: tuple[Id, ...] = ()
    skips_evidence: tuple[Evidence, ...] = ()
    limits: dict[Id, WorkingLimit] = Field(default_factory=dict)
    adds: dict[Id, tuple[Evidence, ...]] = Field(default_factory=dict)


def variant_for(case: Case, variants: Iterable[Variant]) -> Variant:
    """The first variant whose conditions hold; one whose figures are not known yet does not count."""
    return next(variant for variant in variants if variant.when.hold(case, unknown=False))


def route(stages: Iterable[Stage], variant: Variant) -> tuple[Stage, ...]:
    """The stages as they are on the route of the variant: some left out, some with other limits, steps and gates."""
    found = {stage.id: stage for stage in stages}
    return tuple(_on(variant, stage, found) for stage in found.values() if stage.id not in variant.skips_stages)


def _on(variant: Variant, stage: Stage, stages: dict[str, Stage]) -> Stage:
    added = variant.adds.get(stage.id, ())
    gate = tuple(dict.fromkeys((*stage.gate, *added)))
    limit = variant.limits.get(stage.id, stage.limit)
    return stage.model_copy(
        update={
            "limit": limit,
            "steps": tuple(step.within(limit) for step in stage.steps if step.id not in variant.skips_steps),
            "gate": tuple(evidence for evidence in gate if evidence not in variant.skips_evidence),
            "next": _past(stage.next, variant, stages),
            "back": tuple(back for back in stage.back if back not in variant.skips_stages),
        }
    )


def _past(following: Iterable[str], variant: Variant, stages: dict[str, Stage]) -> tuple[str, ...]:
    """The stages that follow when those the variant leaves out are passed over."""
    reached: dict[str, None] = {}
    for stage_id in following:
        if stage_id in variant.skips_stages and stage_id in stages:
            reached |= dict.fromkeys(_past(stages[stage_id].next, variant, stages))
        else:
            reached[stage_id] = None
    return tuple(reached)
