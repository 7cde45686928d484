"""What waits for somebody: the question behind the Home tab and bare `/rain`."""

from collections.abc import Callable
from typing import Any

from domain.core.absences import SET_ABSENCE_OF_OTHERS
from domain.core.gathering import Registry
from domain.core.home import FrontPage
from domain.core.people import SET_ROLES, Actor, may
from domain.sales.leads import SEE_LEADS
from storage.unit_of_work import UnitOfWork
from usecases.core.absences import absences_of, away_today
from usecases.desk import Desk, reads

at_home = Registry[Callable[[UnitOfWork, Actor], Any]]("usecases")
"""What nouns say of somebody's day, by the name under which their views draw it."""


class HomeDesk(Desk):
    """The use cases of the Home tab."""

    @reads
    def front_page(self, work: UnitOfWork, actor: Actor) -> FrontPage:
        """What waits for the actor now."""
        if not may(actor.roles, SEE_LEADS):
            return FrontPage(now=work.now)
        sees_people = may(actor.roles, SET_ABSENCE_OF_OTHERS)
        return FrontPage(
            now=work.now,
            parts={name: look(work, actor) for name, look in at_home.all.items()},
            is_admin=may(actor.roles, SET_ROLES),
            quiet=work.members.get(actor.member_id).quiet_hours,
            absences=absences_of(work, actor),
            sees_people=sees_people,
            away=away_today(work, actor),
            gone=tuple(work.members.gone_in_charge()) if sees_people else (),
        )
