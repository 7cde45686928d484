"""Who answers feedback on a stage, by the playbook that comes with Rainmaker."""

from domain.core.people import Role
from tests.domain.playbooks import PLAYBOOK


def test_feedback_goes_to_the_owner_of_the_stage() -> None:
    feedback = PLAYBOOK.care.feedback
    assert feedback.owner_of("contract") is Role.LEGAL
    assert feedback.owner_of("lead") is Role.MANAGEMENT
