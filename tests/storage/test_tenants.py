"""Two workspaces in one database: neither sees, finds or changes anything of the other, whatever ids it has got hold of."""

import inspect
from datetime import date
from typing import Any

import pytest

from domain.accounts import NewContact
from domain.leads import NewLead, NewTouch, PossibleDuplicates, TouchKind
from domain.people import Role, RoleGrant
from domain.refusals import NotFound
from domain.reminders import ReminderKind, Snooze
from domain.usecases.leads import LeadDesk
from domain.usecases.reminders import ReminderDesk
from tests.firm import FirmDesks, found_firm

OTHER_ARGUMENTS: dict[str, Any] = {
    "answers": {"need": "clear"},
    "new": NewTouch(kind=TouchKind.CALL, key_points="hello"),
    "day": date(2026, 3, 20),
    "reason": "spam",
    "remark": "",
    "choice": Snooze.HOUR,
}


def use_cases_with(desk: type, argument: str) -> list[str]:
    """The use cases of a desk that take the id of a record."""
    return [
        name
        for name, method in inspect.getmembers(desk, inspect.isfunction)
        if not name.startswith("_") and argument in inspect.signature(method).parameters
    ]


BY_LEAD = use_cases_with(LeadDesk, "lead_id")
BY_REMINDER = use_cases_with(ReminderDesk, "reminder_id")


@pytest.fixture
async def other(firm: FirmDesks) -> FirmDesks:
    """A second firm in the same database."""
    return await found_firm(firm.store, firm.clock, "T0PARIS")


def arguments_for(method: Any) -> dict[str, Any]:
    """What a use case is given besides the id."""
    return {name: OTHER_ARGUMENTS[name] for name in inspect.signature(method).parameters if name in OTHER_ARGUMENTS}


def test_there_are_use_cases_to_try() -> None:
    assert {"claim", "show", "disqualify"} <= set(BY_LEAD)
    assert {"done", "snooze"} <= set(BY_REMINDER)


@pytest.mark.parametrize("use_case", BY_LEAD)
async def test_a_lead_of_another_workspace_is_not_found(firm: FirmDesks, other: FirmDesks, use_case: str) -> None:
    theirs = await other.captured("Their Company")
    method = getattr(firm.leads, use_case)
    with pytest.raises(NotFound):
        await method(firm.seller, theirs.id, **arguments_for(method))
    assert (await other.leads.show(other.seller, theirs.id)).lead == theirs


@pytest.mark.parametrize("use_case", BY_REMINDER)
async def test_a_reminder_of_another_workspace_is_not_found(firm: FirmDesks, other: FirmDesks, use_case: str) -> None:
    theirs = await other.captured("Their Company")
    reminder = await other.store.read(
        other.workspace_id, lambda work: work.reminders.open_for(ReminderKind.LEAD_FOLLOW_UP, theirs.id)
    )
    assert reminder is not None
    method = getattr(firm.reminders, use_case)
    with pytest.raises(NotFound):
        await method(firm.seller, reminder.id, **arguments_for(method))


async def test_an_account_of_another_workspace_cannot_be_used(firm: FirmDesks, other: FirmDesks) -> None:
    theirs = await other.captured("Their Company")
    with pytest.raises(NotFound):
        await firm.leads.capture(firm.seller, NewLead(company="x", channel="web", account_id=theirs.account.id))


async def test_a_company_of_another_workspace_is_no_duplicate(firm: FirmDesks, other: FirmDesks) -> None:
    contact = NewContact(name="Jo", email="jo@acme.example", phone="+442079460000")
    await other.captured("Acme Ltd", contact=contact)
    made = await firm.leads.capture(firm.seller, NewLead(company="Acme Ltd", channel="web", contact=contact))
    assert not isinstance(made, PossibleDuplicates)


async def test_lists_counts_and_numbers_are_each_workspaces_own(firm: FirmDesks, other: FirmDesks) -> None:
    for company in ("One", "Two", "Three"):
        await other.captured(company)
    ours = await firm.captured("Ours")
    assert ours.code == "L-1"
    assert [lead.account.name for lead in (await firm.leads.team(firm.seller)).leads] == ["Ours"]
    page = await firm.home.front_page(firm.seller)
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
    assert (await firm.upkeep.verify_audit(firm.workspace_id))[1] is None
    assert await firm.upkeep.verify_audit(other.workspace_id) == (0, None)
