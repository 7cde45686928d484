"""What waits for somebody: the question behind the Home tab and bare `/rain`."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.leads import Lead
from domain.people import Actor, Deed, may
from domain.ports import Work
from domain.usecases.desk import Desk, reads

MOST_WAITING = 8


@dataclass(frozen=True, kw_only=True)
class FrontPage:
    """The reader's day: leads due by tonight, leads nobody has claimed (if they may), and how much there is in all."""

    now: datetime
    due: tuple[Lead, ...]
    unclaimed: tuple[Lead, ...]
    mine: int
    team: int
    is_admin: bool
    may_import: bool = False


class HomeDesk(Desk):
    """The use cases of the Home tab."""

    @reads
    def front_page(self, work: Work, actor: Actor) -> FrontPage:
        """What waits for the actor now."""
        if not may(actor.roles, Deed.SEE_LEADS):
            return FrontPage(now=work.now, due=(), unclaimed=(), mine=0, team=0, is_admin=False)
        hours = work.members.hours(actor.member_id)
        tonight = hours.start_of(hours.local(work.now).date()) + timedelta(hours=15)
        return FrontPage(
            now=work.now,
            due=tuple(work.leads.due_before(actor.member_id, tonight, MOST_WAITING)),
            unclaimed=tuple(work.leads.unclaimed(MOST_WAITING)) if may(actor.roles, Deed.CLAIM_LEAD) else (),
            mine=work.leads.count_open_of(actor.member_id),
            team=work.leads.count_open(),
            is_admin=may(actor.roles, Deed.SET_ROLES),
            may_import=may(actor.roles, Deed.IMPORT_RECORDS),
        )
