"""A firm in the middle of its work: an open record of every noun, on which two people can do anything at the same moment."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select, text, update

from domain.core.people import Actor, Role, RoleGrant
from domain.core.reminders import noun_of
from domain.core.timers import NewTimer
from domain.files.columns import Reading, Records
from domain.files.imports import OFFER_EXPIRES, ImportState, NewImport
from domain.playbook.channel_rules import ChannelRule
from domain.sales.accounts import AccountEdit, AccountRefreshDue, NewContact
from domain.sales.deals import DealPlan, DealStepDue, Money
from domain.sales.documents import Needs
from domain.sales.leads import FollowUpDue, Lead, NewTouch, TouchKind
from storage.engine.database import Database
from storage.schema import accounts, counters, metadata, reminders
from storage.unit_of_work import Store, UnitOfWork
from tests.fire.neighbours import Neighbours, almighty
from tests.fire.passing import A_DAY, ANOTHER_DAY, MESSAGE
from tests.firm import WHOLE, FirmDesks, FrozenClock, found_firm
from tests.nouns import each
from usecases.core.absences import AbsenceEntry
from usecases.process.manual import ProcessDesk
from usecases.sales.deals import DealDesk

FIRST_ID, FIRST_NUMBER = 10**12, 10**8
"""Ids and numbers given out from then on are above these; each table has ids, and each noun has numbers, that no other has."""
GROUP, DEAL_CHANNEL = "S0GROUP", "C0DEAL"
LONG_AGO = datetime(2025, 1, 7, tzinfo=UTC)


@dataclass(frozen=True)
class BusyFirm(Neighbours):
    """The firm, and by table the row that is worked on; `others` are more rows, by what they are here."""

    others: dict[str, int]

    def with_rows(self, **ids: int) -> "BusyFirm":
        """The same where other rows are worked on."""
        return BusyFirm(self.desks, {**self.rows, **_as_rows(ids)}, self.others)


def _as_rows(ids: dict[str, int]) -> dict[str, dict[str, int]]:
    return {table: {"id": row_id} for table, row_id in ids.items()}


async def a_busy_firm(database: Database) -> BusyFirm:
    """Found the firm and let it work until it has all of that."""
    firm = await found_firm(Store(database, FrozenClock()), FrozenClock())
    seller = almighty(firm.seller)
    lead = await _screened(firm, "Acme Ltd", NewContact(name="Jo Doe", email="jo@acme.example"))
    free = await _screened(firm, "Acme Ltd", account_id=lead.account.id)
    other = await _screened(firm, "Borealis GmbH", NewContact(name="Bo Ray", phone="+442079460001"))
    deal_id = await _deal(firm, lead)
    for owner, owned in ((firm.seller, lead), (firm.other_seller, other)):
        await firm.leads.claim(almighty(owner), owned.id)
        await firm.lead_edits.link(seller, owned.id, MESSAGE)
    colleague = NewContact(name="Joe Do", phone="+442079460002")
    await firm.accounts.add_contact(seller, lead.account.id, colleague)
    edit = AccountEdit(name=lead.account.name, industry="Steel", entry="Met at a fair", owner=firm.seller.slack_id)
    await firm.accounts.edit(seller, lead.account.id, edit)
    assert lead.contact
    of_client = {"leads": lead.id, "accounts": lead.account.id, "contacts": lead.contact.id, "deals": deal_id}
    ids = {**of_client, **await _asides(firm, seller)}
    for leave_rows in each("leave_rows"):
        ids |= await leave_rows(firm, seller, deal_id, "Scope")
    others = {"free lead": free.id, "other lead": other.id, "other account": other.account.id}
    await firm.tasks_done()
    await firm.store.write(firm.workspace_id, lambda work: _as_jobs_would(work, ids, firm.seller))
    return await database.write(lambda connection: _ready(connection, firm, ids, others))


async def _screened(firm: FirmDesks, company: str, contact: NewContact | None = None, **more: Any) -> Lead:
    lead = await firm.captured(company, contact=contact or NewContact(), **more)
    return (await firm.leads.rescreen(almighty(firm.seller), lead.id, {"need": "clear"})).lead


_STAGES = WHOLE.sales.stages
FORMER = WHOLE.model_copy(
    update={
        "sales": WHOLE.sales.model_copy(
            update={"stages": (_STAGES[0].model_copy(update={"title": "Prospect"}), *_STAGES[1:])}
        )
    }
)
"""The playbook as it was, in which the first stage was called otherwise."""


async def _deal(firm: FirmDesks, beside: Lead) -> int:
    """A running deal at a lead's account that follows a former playbook, with something to be undone."""
    seller = almighty(firm.seller)
    lead = await _screened(firm, "Acme Ltd", account_id=beside.account.id)
    await firm.leads.claim(seller, lead.id)
    plan = DealPlan(title="Audit", value=Money(amount=Decimal("50000.00"), currency="EUR"))
    await ProcessDesk(firm.store, FORMER).keep(firm.workspace_id)
    deal_id = (await DealDesk(firm.store, FORMER).qualify(seller, lead.id, plan)).deal.id
    stepping = DealPlan(title="Audit", value=plan.value, next_step="Send the brief", next_on=A_DAY)
    await firm.deals.plan(seller, deal_id, stepping)
    await firm.deals.write_brief(seller, deal_id, Needs(needs="Lower costs", pains="Freight", goals="5 % less"))
    await firm.deals.log_touch(seller, deal_id, NewTouch(kind=TouchKind.MEETING, key_points="Told us all"))
    return deal_id


async def _asides(firm: FirmDesks, seller: Actor) -> dict[str, int]:
    """What is no client's: an absence, imports that were asked for, and a group with a role."""
    absence = await firm.absences.add(seller, AbsenceEntry(first_on=ANOTHER_DAY, last_on=ANOTHER_DAY))
    asked = NewImport(kind=Records.ACCOUNTS, file="a.csv", reading=Reading(), slack_file="F1")
    offered, _waiting = await firm.imports.ask(seller, asked), await firm.imports.ask(seller, asked)
    grants = (await firm.people.settings(firm.admin)).grants
    by_group = RoleGrant(role=Role.DELIVERY, grantee=GROUP, is_group=True)
    manager = RoleGrant(role=Role.MANAGEMENT, grantee=firm.consultant.slack_id)
    await firm.people.set_roles(firm.admin, (*grants, manager, by_group), {GROUP: [firm.consultant.slack_id]})
    return {"absences": absence.id, "imports": offered.id}


def _as_jobs_would(work: UnitOfWork, ids: dict[str, int], owner: Actor) -> None:
    """Offer an import, ask about the account, and let the deal have a channel."""
    work.imports.change(ids["imports"], state=ImportState.OFFERED)
    work.reminders.add(AccountRefreshDue.kind, ids["accounts"], owner.member_id, work.now)
    expiry = {"kind": OFFER_EXPIRES, "subject": "import", "subject_id": ids["imports"]}
    work.timers.set(NewTimer(**expiry, due_at=work.now))  # type: ignore[arg-type]
    work.deal_channels.want("deal", ids["deals"], ChannelRule(), "deal-1-acme")
    known = work.deal_channels.of("deal", ids["deals"])
    assert known is not None
    work.deal_channels.change(known.id, channel=DEAL_CHANNEL, topic="Audit")


def _ready(connection: Connection, firm: FirmDesks, ids: dict[str, int], others: dict[str, int]) -> BusyFirm:
    """Let two people be told of every reminder, let an account be old, and set all counters far ahead."""
    connection.execute(update(reminders).values(told_to=firm.other_seller.member_id))
    is_other = accounts.c.id == others["other account"]
    connection.execute(update(accounts).where(is_other).values(created_at=LONG_AGO, owner_id=firm.seller.member_id))
    for kind in (FollowUpDue.kind, DealStepDue.kind, AccountRefreshDue.kind):
        noun, record_id = noun_of(kind), ids[f"{noun_of(kind)}s"]
        others[f"{noun} reminder"] = _last(connection, "reminders", kind=kind, subject_id=record_id)
        others[f"{noun} operation"] = _last(connection, "operations", subject=noun, subject_id=record_id)
    others["other contact"] = _last(connection, "contacts", account_id=ids["accounts"])
    for place, table in enumerate((t for t in metadata.sorted_tables if "id" in t.c), 1):
        connection.execute(text(f"SELECT setval('{table.name}_id_seq', {place * FIRST_ID})"))
    for place, noun in enumerate(connection.execute(select(counters.c.noun)).scalars().all(), 1):
        connection.execute(update(counters).where(counters.c.noun == noun).values(last=place * FIRST_NUMBER))
    return BusyFirm(firm, _as_rows(ids), others)


def _last(connection: Connection, table: str, **known: object) -> int:
    of = metadata.tables[table]
    found = select(func.max(of.c.id)).where(*(of.c[name] == value for name, value in known.items()))
    return connection.execute(found).scalar_one()
