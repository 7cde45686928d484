"""Time limits of a deal: until when it may stand in its stage, and when the signature we expected is overdue."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.core.working_time import WorkingHours
from domain.playbook.sales_rules import SalesPlaybook
from domain.playbook.stages import Stage, route
from domain.sales.deal_route import stage_of
from domain.sales.deals import Deal


@dataclass(frozen=True)
class Place:
    """Where deals stand that have one time limit: the stage, on the route of a variant, by a playbook (its digest)."""

    playbook: str | None
    variant: str
    stage: str


StageLimits = Mapping[Place, datetime]
"""For each place, the moment before which a deal must have entered it to be an exception."""


def standing_in(deal: Deal, playbook: SalesPlaybook) -> Stage | None:
    """The stage in which a running deal stands, as it is on its route; None where it is over, or its route has no such stage."""
    return stage_of(deal, playbook) if deal.is_running else None


def stage_at(place: Place, playbook: SalesPlaybook | None) -> Stage | None:
    """The stage at a place, as it is on the route there; None where the playbook has no such route or stage."""
    variant = next((one for one in playbook.variants if one.id == place.variant), None) if playbook else None
    if playbook is None or variant is None:
        return None
    return next((stage for stage in route(playbook.stages, variant) if stage.id == place.stage), None)


def stage_over_at(deal: Deal, playbook: SalesPlaybook, hours: WorkingHours) -> datetime | None:
    """The moment (UTC) at which the time limit of a deal's stage is over, in these working hours; None where it has none."""
    stage = standing_in(deal, playbook)
    if stage is None or deal.progress is None:
        return None
    return stage.limit.is_over_at(deal.progress.since, hours)


def signature_late_at(deal: Deal, hours: WorkingHours) -> datetime | None:
    """The working morning (UTC) after the day on which we expected the client's signature; None where nobody expects it."""
    if deal.progress is None or deal.progress.expected_on is None or not deal.is_running:
        return None
    return hours.start_of(hours.next_working_day(deal.progress.expected_on + timedelta(days=1)))
