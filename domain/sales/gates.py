"""Gates: a deal leaves a stage only once the evidence its gate asks for is there, and what is missing is said.

Evidence is seen in the records, never ticked off. What this version has no form for yet is never seen, so its gates stay shut.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from domain.core.language import _
from domain.core.refusals import NotYet, RuleBroken
from domain.playbook.conditions import Case
from domain.playbook.evidence import Evidence
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import Stage, Variant, road, variant_for
from domain.sales.deals import Deal
from domain.sales.documents import Document, DocumentKind, NeedsBrief
from domain.sales.leads import Lead, Touch, TouchKind

TALKS = frozenset({TouchKind.CALL, TouchKind.MEETING})


@dataclass(frozen=True, kw_only=True)
class Exhibits:
    """The records in which a gate looks for evidence."""

    leads: Sequence[Lead] = ()
    touches: Sequence[Touch] = ()
    """Those of the deal and of its leads."""
    brief: NeedsBrief | None = None
    documents: Sequence[Document] = ()


SEEN: Mapping[Evidence, Callable[[Exhibits], bool]] = {
    Evidence.LEAD_OWNED: lambda found: bool(found.leads) and all(lead.owner for lead in found.leads),
    Evidence.LEAD_SCREENED: lambda found: bool(found.leads) and all(lead.score is not None for lead in found.leads),
    Evidence.FIRST_TALK_LOGGED: lambda found: any(touch.kind in TALKS for touch in found.touches),
    Evidence.NEEDS_BRIEF_COMPLETE: lambda found: found.brief is not None and not found.brief.unanswered,
    Evidence.SOLUTION_ATTACHED: lambda found: any(one.kind is DocumentKind.SOLUTION for one in found.documents),
}
"""How each piece of evidence is seen."""


class GateClosed(NotYet):
    """A deal cannot leave its stage yet. `missing` is what its gate asks for and nobody has shown."""

    def __init__(self, code: str, stage: Stage, missing: Sequence[Evidence]) -> None:
        sentence = _("{code} cannot leave “{stage}” yet. Missing: {missing}.")
        asked = "; ".join(evidence.title for evidence in missing)
        super().__init__(sentence.format(code=code, stage=_(stage.title), missing=asked))
        self.code, self.stage, self.missing = code, stage, tuple(missing)


def seen(exhibits: Exhibits) -> frozenset[Evidence]:
    """Everything that the records show."""
    return frozenset(evidence for evidence, is_there in SEEN.items() if is_there(exhibits))


def variant_of(deal: Deal, playbook: SalesPlaybook) -> Variant:
    """The variant a deal is on; one that the playbook no longer has gives way to what its rules say."""
    chosen = deal.progress.variant if deal.progress else None
    found = next((variant for variant in playbook.variants if variant.id == chosen), None)
    return found or variant_by_rule(deal, playbook)


def variant_by_rule(deal: Deal, playbook: SalesPlaybook) -> Variant:
    """The variant that the playbook's rules say for a deal of this size and client."""
    return variant_for(case_of(deal, playbook), playbook.variants)


def case_of(deal: Deal, playbook: SalesPlaybook) -> Case:
    """The figures that rules ask of a deal."""
    amount = playbook.money.in_own(deal.value.amount, deal.value.currency) if deal.value else None
    return Case(amount=amount, client_type=deal.progress.client_type if deal.progress else None)


def road_of(deal: Deal, playbook: SalesPlaybook) -> tuple[Stage, ...]:
    """The stages of a deal's road, in order."""
    return road(playbook.stages, variant_of(deal, playbook))


def stage_of(deal: Deal, playbook: SalesPlaybook) -> Stage | None:
    """The stage in which a deal of our own stands, as it is on its road; None where its road does not pass it."""
    standing = deal.progress.stage if deal.progress else None
    return next((stage for stage in road_of(deal, playbook) if stage.id == standing), None)


def stages_before(stage_id: str, stages: Sequence[Stage]) -> tuple[Stage, ...]:
    """The stages of a road before one of them, in order."""
    return tuple(stages[: next(place for place, stage in enumerate(stages) if stage.id == stage_id)])


def check_gate(code: str, stage: Stage, exhibits: Exhibits) -> None:
    """Refuse unless everything is there that the gate of a stage asks for.

    Raises GateClosed.
    """
    missing = stage.missing(seen(exhibits))
    if missing:
        raise GateClosed(code, stage, missing)


def check_stands(deal: Deal, playbook: SalesPlaybook, exhibits: Exhibits) -> None:
    """Refuse a deal that stands off its road, or behind one of its gates that is shut.

    Raises RuleBroken, GateClosed for the first of the gates.
    """
    assert deal.progress is not None
    if stage_of(deal, playbook) is None:
        raise RuleBroken(_("Its road does not pass the stage in which {code} stands.").format(code=deal.code))
    for stage in stages_before(deal.progress.stage, road_of(deal, playbook)):
        check_gate(deal.code, stage, exhibits)
