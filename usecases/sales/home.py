"""What sales says of somebody's day: leads, deals, and what has fallen out of the process."""

from datetime import timedelta

from domain.core.people import Actor, may
from domain.sales.exceptions import SEE_EXCEPTIONS, Attention
from domain.sales.leads import CLAIM_LEAD
from domain.sales.pages import DealsAtHome, LeadsAtHome
from storage.unit_of_work import UnitOfWork
from usecases.core.home import at_home
from usecases.sales.exceptions import count_exceptions

MOST_WAITING = 8
MOST_DEALS = 5


@at_home("leads")
def _leads(work: UnitOfWork, actor: Actor) -> LeadsAtHome:
    hours = work.members.hours(actor.member_id)
    tonight = hours.start_of(hours.local(work.now).date()) + timedelta(hours=15)
    may_claim = may(actor.roles, CLAIM_LEAD)
    return LeadsAtHome(
        due=tuple(work.leads.due_before(actor.member_id, tonight, MOST_WAITING)),
        unclaimed=tuple(work.leads.unclaimed(MOST_WAITING)) if may_claim else (),
        due_count=work.leads.count_due_before(actor.member_id, tonight),
        unclaimed_count=work.leads.count_unclaimed() if may_claim else 0,
        mine=work.leads.count_open_of(actor.member_id),
        team=work.leads.count_open(),
    )


@at_home("deals")
def _deals(work: UnitOfWork, actor: Actor) -> DealsAtHome:
    deals = tuple(work.deals.open_of(actor.member_id, MOST_DEALS))
    return DealsAtHome(deals=deals, count=work.deals.count_open_of(actor.member_id))


@at_home("exceptions")
def _exceptions(work: UnitOfWork, actor: Actor) -> Attention:
    return count_exceptions(work, actor.hours) if may(actor.roles, SEE_EXCEPTIONS) else Attention()
