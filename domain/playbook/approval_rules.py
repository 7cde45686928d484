"""Approval rules: who is asked about a proposal, a quote, a contract or a change, and for which reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from pydantic import Field, model_validator

from domain.core.language import N_, Titled
from domain.core.people import Role
from domain.core.time_limits import WorkingLimit
from domain.playbook.conditions import Case, Conditions
from domain.playbook.files import Id, Sentence, Strict, Title


class ApprovalSubject(Titled):
    """What is approved."""

    PROPOSAL = "proposal", N_("proposal")
    QUOTE = "quote", N_("quote")
    CONTRACT = "contract", N_("contract")
    CHANGE_REQUEST = "change_request", N_("change request")


class Votes(Titled):
    """How many of those asked in a step must approve."""

    ANY = "any", N_("any one")
    ALL = "all", N_("all")
    MAJORITY = "majority", N_("a majority")


class ApprovalStep(Strict):
    """One question to the people of some roles; steps with the same `order` are asked at the same time."""

    asks: Sentence
    roles: tuple[Role, ...] = Field(min_length=1)
    votes: Votes = Votes.ANY
    limit: WorkingLimit
    order: int = Field(default=1, ge=1, le=20)

    @model_validator(mode="after")
    def _somebody_in_particular_is_asked(self) -> Self:
        if Role.COLLEAGUE in self.roles:
            raise ValueError("every member is a colleague, so this step asks nobody in particular; name a role")
        return self


class ApprovalRule(Strict):
    """Adds its steps to every request it applies to; `when` left out, it always applies."""

    id: Id
    title: Title
    subject: ApprovalSubject
    when: Conditions = Conditions()
    steps: tuple[ApprovalStep, ...] = Field(min_length=1, max_length=10)

    def repeats(self, other: "ApprovalRule") -> bool:
        """Whether `other` adds nothing: this one applies wherever it does, and asks all it asks."""
        return self.subject is other.subject and self.when.cover(other.when) and set(other.steps) <= set(self.steps)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A step that a request needs, and the rules because of which it does."""

    step: ApprovalStep
    because: tuple[ApprovalRule, ...]


def steps_for(subject: ApprovalSubject, case: Case, rules: Iterable[ApprovalRule]) -> tuple[Asked, ...]:
    """The steps a request needs, in order; what is not known of the case is taken at its worst.

    Steps that several rules ask in the same words are asked once, with all the reasons.
    """
    because: dict[ApprovalStep, list[ApprovalRule]] = {}
    for rule in rules:
        if rule.subject is subject and rule.when.hold(case, unknown=True):
            for step in rule.steps:
                because.setdefault(step, []).append(rule)
    asked = (Asked(step=step, because=tuple(found)) for step, found in because.items())
    return tuple(sorted(asked, key=lambda one: one.step.order))
