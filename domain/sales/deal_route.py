"""Where a deal stands on its route, by its playbook."""

from domain.playbook.conditions import Case
from domain.playbook.gates import OnRoute
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import Stage, Variant, route, variant_for
from domain.sales.deals import Deal, progress_of


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


def route_of(deal: Deal, playbook: SalesPlaybook) -> tuple[Stage, ...]:
    """The stages of a deal's route, in order."""
    return route(playbook.stages, variant_of(deal, playbook))


def stage_of(deal: Deal, playbook: SalesPlaybook) -> Stage | None:
    """The stage in which a deal of our own stands, as it is on its route; None where its route does not pass it."""
    standing = deal.progress.stage if deal.progress else None
    return next((stage for stage in route_of(deal, playbook) if stage.id == standing), None)


def standing_of(deal: Deal, playbook: SalesPlaybook) -> OnRoute:
    """Where a deal of our own stands.

    Raises AlreadyDone for one that was taken over.
    """
    return OnRoute(deal.code, progress_of(deal).stage, variant_of(deal, playbook), playbook.stages)
