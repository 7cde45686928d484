"""Gates: a record leaves a stage only once the evidence its gate asks for is there, and what is missing is said.

Evidence is seen in the records, never ticked off. What nobody can show yet is never seen, so its gates stay shut.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from domain.core.language import _
from domain.core.refusals import NotYet, RuleBroken
from domain.playbook.evidence import GUARDS_WON, Evidence
from domain.playbook.stages import Outcome, Stage, Variant, route


class GateClosed(NotYet):
    """A record cannot leave its stage yet. `missing` is what its gate asks for and nobody has shown."""

    def __init__(self, code: str, stage: Stage, missing: Sequence[Evidence]) -> None:
        sentence = _("{code} cannot leave “{stage}” yet. Missing: {missing}.")
        asked = "; ".join(evidence.title for evidence in missing)
        super().__init__(sentence.format(code=code, stage=_(stage.title), missing=asked))
        self.code, self.stage, self.missing = code, stage, tuple(missing)


@dataclass(frozen=True)
class OnRoute:
    """Where a record of any kind stands, among the stages of its process and on the route of its variant."""

    code: str
    stage_id: str
    variant: Variant
    stages: tuple[Stage, ...]

    @cached_property
    def route(self) -> tuple[Stage, ...]:
        """The stages as they are on its route, in order."""
        return route(self.stages, self.variant)

    @property
    def stage(self) -> Stage | None:
        """The stage it stands in, as it is on its route; None where its route does not pass it."""
        return next((stage for stage in self.route if stage.id == self.stage_id), None)

    @property
    def behind(self) -> tuple[Stage, ...]:
        """The stages of its route before the one it stands in; all where its route does not pass that."""
        places = [place for place, stage in enumerate(self.route) if stage.id == self.stage_id]
        return self.route[: places[0]] if places else self.route

    @property
    def asked(self) -> tuple[Evidence, ...]:
        """The evidence without which it may not stand there: what the gates behind it ask for.

        To be won, an approved quote and a signed contract once more, whatever the playbook says.
        """
        gates = [evidence for stage in self.behind for evidence in stage.gate]
        guards = GUARDS_WON if self.stage and self.stage.outcome is Outcome.WON else ()
        return tuple(dict.fromkeys((*gates, *guards)))


def check_gate(code: str, stage: Stage, met: Collection[Evidence]) -> None:
    """Refuse unless everything is there that the gate of a stage asks for.

    Raises GateClosed.
    """
    missing = stage.missing(met)
    if missing:
        raise GateClosed(code, stage, missing)


def check_stands(standing: OnRoute, met: Collection[Evidence]) -> None:
    """Refuse a record that stands off its route, or behind one of its gates that is shut.

    Raises RuleBroken, GateClosed for the first of the gates.
    """
    if standing.stage is None:
        raise RuleBroken(_("The process of {code} skips the stage it is in.").format(code=standing.code))
    for stage in standing.behind:
        check_gate(standing.code, stage, met)
    guards = [evidence for evidence in standing.asked if evidence not in met]
    if guards:
        raise GateClosed(standing.code, standing.stage, guards)
