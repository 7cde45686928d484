"""The fictional firm of the tests: one workspace, its people by what they do, and all desks on one store."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select

from domain.core.messages import OutboxRow
from domain.core.people import Actor, Profile, Role, RoleGrant
from domain.core.references import Dangling
from domain.core.workspaces import Workspace
from domain.playbook.loading import load_playbook
from domain.playbook.playbook import Playbook
from domain.sales.deal_route import route_of
from domain.sales.finding import Asked
from domain.sales.leads import Lead, NewLead
from domain.sales.pages import DealStep
from storage.engine.database import Database
from storage.schema import tasks
from storage.unit_of_work import Store, UnitOfWork
from usecases.core.maintenance import UpkeepDesk
from usecases.core.people import PeopleDesk
from usecases.desks import Desks

WHOLE = load_playbook(Path(__file__).parent.parent / "playbook")
PLAYBOOK = WHOLE.sales
TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)
SCREENED = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
"""An answer to every question of the screening."""


@dataclass
class FrozenClock:
    """A clock that moves only when told to."""

    moment: datetime = TUESDAY_MORNING

    def now(self) -> datetime:
        """The moment it stands at."""
        return self.moment

    def advance(self, **span: float) -> None:
        """Move on by a span such as `hours=2`."""
        self.moment += timedelta(**span)


@dataclass
class FirmDesks(Desks):
    """A workspace with an admin, two sales people, a consultant without a role, and a guest; all in London unless said otherwise.

    The manager, who is not among them at first, is whoever `with_manager` gives the role.
    """

    store: Store
    clock: FrozenClock
    workspace_id: str
    admin: Actor
    seller: Actor
    other_seller: Actor
    consultant: Actor
    guest: Actor
    playbook: Playbook = WHOLE

    def __post_init__(self) -> None:
        super().__init__(self.store, self.playbook)

    async def with_manager(self) -> Actor:
        """The consultant, who has become management."""
        grants = (await self.people.settings(self.admin)).grants
        role = RoleGrant(role=Role.MANAGEMENT, grantee=self.consultant.slack_id)
        await self.people.set_roles(self.admin, (*grants, role), {})
        return await _actor(self.people, self.workspace_id, self.consultant.slack_id)

    async def told(self) -> list[OutboxRow]:
        """What is told just now, the oldest first; all of it is then taken for delivered."""
        found: list[OutboxRow] = []
        while rows := await self.outbox.claim(100, self.clock.now()):
            for row in rows:
                await self.store.write(self.workspace_id, partial(_sent, row))
            found += rows
        return found

    async def tasks_done(self) -> None:
        """Take for carried out what was to be done outside so far."""
        kinds = await self.store.database.read(lambda c: c.execute(select(tasks.c.kind).distinct()).scalars().all())
        for claimed in await self.tasks.claim(kinds, 100):
            await self.tasks.done(claimed)

    async def moved_on(self, deal_id: int, by: Actor | None = None) -> DealStep:
        """A deal that was moved to the stage that follows on its route."""
        page = await self.deals.show(self.seller, deal_id)
        standing = page.deal.progress.stage if page.deal.progress else ""
        route = route_of(page.deal, page.sales or self.playbook.sales)
        following = next(stage.next[0] for stage in route if stage.id == standing)
        return await self.deals.move(by or self.seller, deal_id, following)

    async def captured(self, company: str = "Acme Ltd", by: Actor | None = None, **more: object) -> Lead:
        """A lead that was captured without doubt."""
        facts: dict[str, Any] = {"source": "referral", "said": "wants a cost review", "is_new_company": True} | more
        new = NewLead(company=company, **facts)
        lead = await self.leads.capture(by or self.seller, new)
        assert isinstance(lead, Lead)
        return lead


HELP = Asked(words="help", help_on=(), is_help=True)
"""What somebody writes to Rainmaker who wants to know what it understands."""


def _sent(row: OutboxRow, work: UnitOfWork) -> None:
    work.outbox.sent(row, "D1", "1.1")


async def found_firm(store: Store, clock: FrozenClock, workspace_id: str = "T0LONDON") -> FirmDesks:
    """Install Rainmaker in a workspace and give its people their roles."""
    people = PeopleDesk(store, WHOLE)
    prefix = f"U{workspace_id[1:]}"
    admin = Profile(slack_id=f"{prefix}ADMIN", name="Ada Admin", zone="Europe/London", locale="en-GB")
    await people.install(
        Workspace(
            workspace_id=workspace_id,
            name="Larkspur",
            bot_token=f"xoxb-{workspace_id}",
            bot_user_id=f"{prefix}BOT",
            bot_id="B1",
            installed_by=admin.slack_id,
            installed_at=clock.now(),
        ),
        admin,
    )
    for slack_id, name, is_guest in (
        ("SELL", "Sam Seller", False),
        ("SELL2", "Sue Seller", False),
        ("CONS", "Cora Consultant", False),
        ("GUEST", "Gus Guest", True),
    ):
        profile = Profile(
            slack_id=f"{prefix}{slack_id}", name=name, zone="Europe/London", locale="en-GB", is_guest=is_guest
        )
        await people.learn(workspace_id, profile)
    founder = await _actor(people, workspace_id, admin.slack_id)
    grants = (
        RoleGrant(role=Role.ADMIN, grantee=admin.slack_id),
        RoleGrant(role=Role.SALES, grantee=f"{prefix}SELL"),
        RoleGrant(role=Role.SALES, grantee=f"{prefix}SELL2"),
    )
    await people.set_roles(founder, grants, {})
    return FirmDesks(
        store=store,
        clock=clock,
        workspace_id=workspace_id,
        admin=await _actor(people, workspace_id, admin.slack_id),
        seller=await _actor(people, workspace_id, f"{prefix}SELL"),
        other_seller=await _actor(people, workspace_id, f"{prefix}SELL2"),
        consultant=await _actor(people, workspace_id, f"{prefix}CONS"),
        guest=await _actor(people, workspace_id, f"{prefix}GUEST"),
    )


async def dangling_in(database: Database) -> list[Dangling]:
    """Whatever in any workspace refers to a record that is not there."""
    upkeep = UpkeepDesk(Store(database, FrozenClock()), WHOLE)
    return [found for one in await upkeep.workspace_ids() for found in await upkeep.find_dangling(one)]


async def _actor(people: PeopleDesk, workspace_id: str, slack_id: str) -> Actor:
    actor = await people.introduce(workspace_id, slack_id)
    assert actor is not None
    return actor.within("test", None)
