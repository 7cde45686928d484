"""The fictional firm of the tests: one workspace, its people by what they do, and all desks on one store."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from domain.gates import road_of
from domain.leads import Lead, NewLead
from domain.messages import OutboxRow
from domain.people import Actor, Profile, Role, RoleGrant
from domain.playbook import SalesPlaybook
from domain.playbook_loading import load_playbook
from domain.ports import Store, Work
from domain.usecases.absences import AbsenceDesk
from domain.usecases.accounts import AccountDesk
from domain.usecases.deal_channels import DealChannelDesk
from domain.usecases.deals import DealDesk, DealStep
from domain.usecases.delivery import DeliveryDesk
from domain.usecases.exceptions import ExceptionDesk
from domain.usecases.feedback import FeedbackDesk
from domain.usecases.home import HomeDesk
from domain.usecases.lead_edits import LeadEditDesk
from domain.usecases.leads import LeadDesk
from domain.usecases.meetings import MeetingDesk
from domain.usecases.operations import OperationDesk
from domain.usecases.people import PeopleDesk
from domain.usecases.pipeline import PipelineDesk
from domain.usecases.process import ProcessDesk
from domain.usecases.promises import PromiseDesk
from domain.usecases.reminders import ReminderDesk
from domain.usecases.upkeep import UpkeepDesk
from domain.workspaces import Workspace

WHOLE = load_playbook(Path(__file__).parent.parent / "playbook")
PLAYBOOK = WHOLE.sales
TUESDAY_MORNING = datetime(2026, 3, 3, 10, 0, tzinfo=UTC)


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
class FirmDesks:
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
    playbook: SalesPlaybook = field(default=PLAYBOOK)

    def __post_init__(self) -> None:
        self.people = PeopleDesk(self.store)
        self.accounts = AccountDesk(self.store, self.playbook)
        self.leads = LeadDesk(self.store, self.playbook)
        self.lead_edits = LeadEditDesk(self.store, self.playbook)
        self.deals = DealDesk(self.store, self.playbook)
        self.deal_channels = DealChannelDesk(self.store, self.playbook)
        self.pipeline = PipelineDesk(self.store)
        self.meetings = MeetingDesk(self.store, self.deals)
        self.promises = PromiseDesk(self.store)
        self.exceptions = ExceptionDesk(self.store)
        self.reminders = ReminderDesk(self.store, self.playbook)
        self.operations = OperationDesk(self.store)
        self.absences = AbsenceDesk(self.store)
        self.process = ProcessDesk(self.store, WHOLE)
        self.feedback = FeedbackDesk(self.store, WHOLE)
        self.home = HomeDesk(self.store)
        self.upkeep = UpkeepDesk(self.store)
        self.delivery = DeliveryDesk(self.store)

    async def with_manager(self) -> Actor:
        """The consultant, who has become management."""
        grants = (await self.people.settings(self.admin)).grants
        role = RoleGrant(role=Role.MANAGEMENT, grantee=self.consultant.slack_id)
        await self.people.set_roles(self.admin, (*grants, role), {})
        return await _actor(self.people, self.workspace_id, self.consultant.slack_id)

    async def outbox(self) -> list[OutboxRow]:
        """What is told just now, the oldest first; all of it is then taken for delivered."""
        found: list[OutboxRow] = []
        while rows := await self.delivery.claim(100, self.clock.now()):
            for row in rows:
                await self.store.write(self.workspace_id, partial(_sent, row))
            found += rows
        return found

    async def moved_on(self, deal_id: int, by: Actor | None = None) -> DealStep:
        """A deal that was moved to the stage that follows on its road."""
        page = await self.deals.show(self.seller, deal_id)
        standing = page.deal.progress.stage if page.deal.progress else ""
        road = road_of(page.deal, page.sales or self.playbook)
        following = next(stage.next[0] for stage in road if stage.id == standing)
        return await self.deals.move(by or self.seller, deal_id, following)

    async def captured(self, company: str = "Acme Ltd", by: Actor | None = None, **more: object) -> Lead:
        """A lead that was captured without doubt."""
        facts: dict[str, Any] = {"channel": "referral", "said": "wants a cost review", "is_new_company": True} | more
        new = NewLead(company=company, **facts)
        lead = await self.leads.capture(by or self.seller, new)
        assert isinstance(lead, Lead)
        return lead


def _sent(row: OutboxRow, work: Work) -> None:
    work.outbox.sent(row, "D1", "1.1")


async def found_firm(store: Store, clock: FrozenClock, workspace_id: str = "T0LONDON") -> FirmDesks:
    """Install Rainmaker in a workspace and give its people their roles."""
    people = PeopleDesk(store)
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


async def _actor(people: PeopleDesk, workspace_id: str, slack_id: str) -> Actor:
    actor = await people.introduce(workspace_id, slack_id)
    assert actor is not None
    return actor.within("test", None)
