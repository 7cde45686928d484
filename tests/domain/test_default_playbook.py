"""The default playbook holds what the firm asked for: every requirement, with who, by when and with what."""

import pytest

from domain.core.people import Role
from domain.playbook.stages import Step
from tests.domain.playbooks import PLAYBOOK

ROWS = {
    1: "client information: one record, kept current",
    2: "development and screening: channels, explicit criteria, high potential first",
    3: "first talk: needs, pain points, goals, recorded as the needs brief",
    4: "needs analysis: a preliminary solution with its materials",
    5: "proposal: objective, content, method, outcome, budget",
    6: "internal review by several departments",
    7: "client confirmation: present, adjust, make formal",
    8: "price, approved by finance and management",
    9: "contract from the template, every term understood",
    10: "archive: contract, quote and what belongs to them",
    11: "start: team, duties, plan with milestones",
    12: "progress table, regular meetings, deviations corrected",
    13: "risks answered in advance, feedback and incidents at once",
    14: "staged acceptance, with the client's opinion",
    15: "changes approved and recorded",
    16: "summary, lessons",
    17: "satisfaction survey at intervals",
    18: "relationship: client file, contact, value",
    19: "fast channel for problems",
    20: "flow chart and manual",
    21: "feedback collected, bottlenecks found, process adjusted",
    22: "regular review meetings",
    23: "data collected by the system: sales cycle, success rate",
    24: "a channel for problems of the process",
    25: "training and sharing",
}
"""What the firm asked for, by the numbers that `rows` in the playbook refer to."""


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row}: {ROWS[row]}")
def test_every_requirement_has_steps_with_who_by_when_and_with_what(row: int) -> None:
    steps = [step for step in PLAYBOOK.steps() if row in step.rows]
    assert steps
    for step in steps:
        assert isinstance(step.role, Role)
        assert step.limit.is_working
        assert step.limit.count > 0
        assert step.materials
        assert all(step.materials)


def test_every_step_answers_a_requirement() -> None:
    assert {row for step in PLAYBOOK.steps() for row in step.rows} == set(ROWS)
    assert [step.id for step in PLAYBOOK.steps() if not step.rows] == []


def test_a_step_is_said_in_a_few_plain_words() -> None:
    def is_plain(step: Step) -> bool:
        return len(step.title) <= 30 and 5 <= len(step.does.split()) <= 30 and step.does.endswith(".")

    assert [step.id for step in PLAYBOOK.steps() if not is_plain(step)] == []


def test_every_tier_that_is_cared_for_is_named_once() -> None:
    assert [cadence.tier for cadence in PLAYBOOK.care.cadences] == ["key", "standard", "occasional"]
