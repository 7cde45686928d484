"""The whole playbook: three files that go with each other, what they say of a record, and the digest they are known by."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from domain.playbook.approval_rules import ApprovalRule, ApprovalSubject, Asked, steps_for
from domain.playbook.care import CarePlaybook
from domain.playbook.conditions import Case
from domain.playbook.delivery import DeliveryPlaybook
from domain.playbook.evidence import RecordKind
from domain.playbook.files import Strict
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import Stage, Step, Variant, route


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A stage a record has been through, and the working days it stood there."""

    stage_id: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Position:
    """Where a record stands on its route: who holds it, for how many working days so far, and what lies behind it."""

    code: str
    stage_id: str
    variant_id: str
    holder: str
    days: int
    passed: tuple[Passed, ...] = ()


class Playbook(Strict):
    """The process of a firm. Two playbooks that say the same have the same digest, however their files are written."""

    sales: SalesPlaybook
    delivery: DeliveryPlaybook
    care: CarePlaybook

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order of the process."""
        return (*self.sales.stages, *self.delivery.stages, *self.care.stages)

    @property
    def approvals(self) -> tuple[ApprovalRule, ...]:
        """All approval rules."""
        return (*self.sales.approvals, *self.delivery.approvals)

    def steps(self) -> Iterator[Step]:
        """Every step of every stage and routine."""
        for stage in self.stages:
            yield from stage.steps
        for routine in self.care.routines:
            yield from routine.steps

    def stage(self, stage_id: str) -> Stage | None:
        """The stage with this id, or None."""
        return next((stage for stage in self.stages if stage.id == stage_id), None)

    def kind_in(self, stage_id: str) -> RecordKind:
        """The kind of record that stands in a stage; the first stage of all is a lead's."""
        if any(stage.id == stage_id for stage in self.care.stages):
            return RecordKind.ACCOUNT
        if any(stage.id == stage_id for stage in self.delivery.stages):
            return RecordKind.PROJECT
        return RecordKind.LEAD if stage_id == self.sales.stages[0].id else RecordKind.DEAL

    def variant(self, variant_id: str) -> Variant:
        """The variant with this id; the last one, which has no conditions, for an id no longer listed."""
        found = (variant for variant in self.sales.variants if variant.id == variant_id)
        return next(found, self.sales.variants[-1])

    def route(self, variant_id: str) -> tuple[Stage, ...]:
        """The stages as they are on the route of a variant."""
        return route(self.stages, self.variant(variant_id))

    def asked(self, subject: ApprovalSubject, case: Case) -> tuple[Asked, ...]:
        """Who must approve, in order, and why."""
        return steps_for(subject, case, self.approvals)

    @cached_property
    def content(self) -> str:
        """All it says, in one canonical form; `Playbook.of` reads it again."""
        return json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True, ensure_ascii=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the content, in hex: the name of this version."""
        return hashlib.sha256(self.content.encode()).hexdigest()

    @classmethod
    def of(cls, content: str) -> Self:
        """The playbook that was kept as `content`."""
        return cls.model_validate_json(content)
