"""Who answers feedback on the process, as the playbook says it."""

from collections.abc import Iterable, Mapping

from pydantic import Field

from domain.core.people import Role
from domain.core.time_limits import WorkingLimit
from domain.playbook.files import Id, Strict


class FeedbackRules(Strict):
    """Who answers "this step is wrong or slow", and by when; `owners` maps stages to roles."""

    answered_within: WorkingLimit
    owner: Role
    owners: dict[Id, Role] = Field(default_factory=dict)

    def owner_of(self, stage_id: str) -> Role:
        """The role that answers feedback on a stage."""
        return self.owners.get(stage_id, self.owner)

    def stages_named(self) -> Mapping[str, Iterable[str]]:
        """The stages that somebody else answers for."""
        return {"owners": self.owners}
