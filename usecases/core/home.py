"""What waits for somebody: the question behind the Home tab and bare `/rain`."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from domain.core.absences import SET_ABSENCE_OF_OTHERS, Absence
from domain.core.people import SET_ROLES, Actor, InCharge, may
from domain.core.working_time import QuietHours
from domain.files.imports import IMPORT_RECORDS
from domain.sales.deals import Deal
from domain.sales.exceptions import SEE_EXCEPTIONS, Attention
from domain.sales.leads import CLAIM_LEAD, SEE_LEADS, Lead
from storage.unit_of_work import UnitOfWork
from usecases.core.absences import absences_of, away_today
from usecases.desk import Desk, reads
from usecases.sales.exceptions import count_exceptions

MOST_WAITING = 8
MOST_DEALS = 5


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """The reader's day: leads due by tonight, leads nobody has claimed (if they may), their deals, and how much there is in all.

    `exceptions` says how many leads and deals need management's attention, for whoever may see them.
    Besides: the reader's quiet hours and absences, and for management who is away today and who has left with something in charge.
    """

    now: datetime
    due: tuple[Lead, ...]
    unclaimed: tuple[Lead, ...]
    mine: int
    team: int
    is_admin: bool
    exceptions: Attention = field(default_factory=Attention)
    quiet: QuietHours | None = None
    absences: tuple[Absence, ...] = ()
    sees_people: bool = False
    away: tuple[Absence, ...] = ()
    gone: tuple[InCharge, ...] = ()
    may_import: bool = False
    deals: tuple[Deal, ...] = ()
    """The few of their running deals whose next step is due first."""
    deal_count: int = 0


class HomeDesk(Desk):
    """The use cases of the Home tab."""

    @reads
    def front_page(self, work: UnitOfWork, actor: Actor) -> FrontPage:
        """What waits for the actor now."""
        if not may(actor.roles, SEE_LEADS):
            return FrontPage(now=work.now, due=(), unclaimed=(), mine=0, team=0, is_admin=False)
        hours = work.members.hours(actor.member_id)
        sees_people = may(actor.roles, SET_ABSENCE_OF_OTHERS)
        tonight = hours.start_of(hours.local(work.now).date()) + timedelta(hours=15)
        return FrontPage(
            now=work.now,
            due=tuple(work.leads.due_before(actor.member_id, tonight, MOST_WAITING)),
            unclaimed=tuple(work.leads.unclaimed(MOST_WAITING)) if may(actor.roles, CLAIM_LEAD) else (),
            mine=work.leads.count_open_of(actor.member_id),
            team=work.leads.count_open(),
            is_admin=may(actor.roles, SET_ROLES),
            exceptions=count_exceptions(work, actor.hours) if may(actor.roles, SEE_EXCEPTIONS) else Attention(),
            quiet=work.members.get(actor.member_id).quiet_hours,
            absences=absences_of(work, actor),
            sees_people=sees_people,
            away=away_today(work, actor),
            gone=tuple(work.members.gone_in_charge()) if sees_people else (),
            may_import=may(actor.roles, IMPORT_RECORDS),
            deals=tuple(work.deals.open_of(actor.member_id, MOST_DEALS)),
            deal_count=work.deals.count_open_of(actor.member_id),
        )
