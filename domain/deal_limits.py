"""Time limits of a deal: until when it may stand in its stage, and when the signature we expected is overdue."""

from datetime import datetime, timedelta

from domain.deals import Deal
from domain.gates import road_of
from domain.playbook import SalesPlaybook
from domain.stages import Stage
from domain.working_time import WorkingHours


def standing_in(deal: Deal, playbook: SalesPlaybook) -> Stage | None:
    """The stage in which a running deal stands, as it is on its road; None where it is over, or its road has no such stage."""
    if deal.progress is None or not deal.is_running:
        return None
    return next((stage for stage in road_of(deal, playbook) if stage.id == deal.progress.stage), None)


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
