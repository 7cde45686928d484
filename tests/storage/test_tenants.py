"""Two workspaces in one database: each has its own numbers, lists, settings, keys and log.

That neither finds anything of the other by its ids is tried with every use case in `tests/fire/test_tenants.py`.
"""

import pytest

from domain.core.audit_chain import AuditCheck
from domain.core.people import Role, RoleGrant
from domain.core.refusals import NotFound
from domain.sales.accounts import NewContact
from domain.sales.leads import NewLead, Origin, OriginFate, PossibleDuplicates
from tests.firm import FirmDesks, found_firm

pytestmark = pytest.mark.both


@pytest.fixture
async def other(firm: FirmDesks) -> FirmDesks:
    """A second firm in the same database."""
    return await found_firm(firm.store, firm.clock, "T0PARIS")


async def test_messages_of_another_workspace_tell_nothing(firm: FirmDesks, other: FirmDesks) -> None:
    origin = Origin(channel="C1", ts="1.1", author="U1")
    theirs = await other.captured("Their Company", origin=origin)
    await firm.lead_edits.note_fate(firm.workspace_id, "C1", "1.1", OriginFate.DELETED)
    assert (await other.leads.show(other.seller, theirs.id)).lead.origin_fate is None


async def test_exceptions_offers_and_turns_are_each_workspaces_own(firm: FirmDesks, other: FirmDesks) -> None:
    manager = await firm.with_manager()
    await other.captured("Their Company")
    hot = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
    theirs = await other.captured("Their Hot Company", source="web", answers=hot)
    assert theirs.owner == other.seller.person
    firm.clock.advance(days=3)
    assert (await firm.exceptions.show(manager)).attention.total == 0
    assert await firm.leads.search(firm.seller, "their", None) == []
    assert (await firm.captured("Ours", source="web", answers=hot)).owner == firm.seller.person


async def test_an_account_of_another_workspace_cannot_be_used(firm: FirmDesks, other: FirmDesks) -> None:
    theirs = await other.captured("Their Company")
    with pytest.raises(NotFound):
        await firm.leads.capture(firm.seller, NewLead(company="x", source="web", account_id=theirs.account.id))


async def test_a_company_of_another_workspace_is_no_duplicate(firm: FirmDesks, other: FirmDesks) -> None:
    contact = NewContact(name="Jo", email="jo@acme.example", phone="+442079460000")
    await other.captured("Acme Ltd", contact=contact)
    made = await firm.leads.capture(firm.seller, NewLead(company="Acme Ltd", source="web", contact=contact))
    assert not isinstance(made, PossibleDuplicates)


async def test_lists_counts_and_numbers_are_each_workspaces_own(firm: FirmDesks, other: FirmDesks) -> None:
    for company in ("One", "Two", "Three"):
        await other.captured(company)
    ours = await firm.captured("Ours")
    assert ours.code == "L-1"
    assert [lead.account.name for lead in (await firm.leads.team(firm.seller)).leads] == ["Ours"]
    page = (await firm.home.front_page(firm.seller)).parts["leads"]
    assert (page.team, [lead.id for lead in page.unclaimed]) == (1, [ours.id])
    assert (await firm.leads.find(firm.seller, 1)).lead == ours
    with pytest.raises(NotFound):
        await firm.leads.find(firm.seller, 2)


async def test_roles_and_settings_are_each_workspaces_own(firm: FirmDesks, other: FirmDesks) -> None:
    await other.people.set_workspace(other.admin, "C0THEIRS", "FR")
    admins = tuple(RoleGrant(role=Role.ADMIN, grantee=who) for who in (other.admin.slack_id, firm.seller.slack_id))
    await other.people.set_roles(other.admin, admins, {})
    ours = await firm.people.settings(firm.admin)
    assert (ours.workspace.leads_channel, ours.workspace.country) == (None, "GB")
    seller = await firm.people.introduce(firm.workspace_id, firm.seller.slack_id)
    assert seller is not None
    assert Role.ADMIN not in seller.roles
    assert await firm.people.introduce(other.workspace_id, firm.seller.slack_id) is None


async def test_a_request_key_of_another_workspace_is_another_request(firm: FirmDesks, other: FirmDesks) -> None:
    ours = await firm.captured(by=firm.seller.within("slash", "trigger.1"))
    theirs = await other.captured(by=other.seller.within("slash", "trigger.1"))
    assert ours.id != theirs.id


async def test_the_audit_log_is_each_workspaces_own(firm: FirmDesks, other: FirmDesks) -> None:
    await firm.captured()
    await other.captured()
    firm.clock.advance(minutes=5)
    await firm.upkeep.seal_audit(firm.workspace_id)
    events = await firm.store.read(firm.workspace_id, lambda work: work.audit.between(0, 10**9))
    assert {event.workspace_id for event in events} == {firm.workspace_id}
    assert (await firm.upkeep.verify_audit(firm.workspace_id)).wrong is None
    assert await firm.upkeep.verify_audit(other.workspace_id) == AuditCheck()
