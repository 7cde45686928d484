"""What is done as an operation can be undone: by whom, for how long, and without destroying what happened since."""

from dataclasses import replace

import pytest

from domain.core.operations import Operation
from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound
from domain.sales.accounts import Account, Contact, NewAccount, NewContact
from domain.sales.leads import FollowUpDue
from storage.unit_of_work import UnitOfWork
from tests.firm import FirmDesks


async def made(firm: FirmDesks, name: str = "Acme Ltd") -> Account:
    """An account with a contact."""

    def body(work: UnitOfWork) -> Account:
        return work.accounts.add(
            NewAccount(name=name, industry="Dairy"), [NewContact(name="Tom", email="tom@acme.example")]
        )

    return await firm.store.write(firm.workspace_id, body)


async def described(firm: FirmDesks, account: Account, by: Actor, **said: str | None) -> Operation:
    """An operation that says something else of an account."""

    def body(work: UnitOfWork) -> Operation:
        operation = work.operations.begin(by, "account.edited", account.id, "Edited Acme Ltd.")
        work.accounts.update(work.accounts.get(account.id), **said)  # type: ignore[arg-type]
        return operation

    return await firm.store.write(firm.workspace_id, body)


async def read(firm: FirmDesks, account: Account) -> Account:
    """The account as it is now."""
    return await firm.store.read(firm.workspace_id, lambda work: work.accounts.get(account.id))


async def test_an_edit_is_undone_by_who_made_it(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese", history="Long")
    undone = await firm.operations.undo(firm.seller, operation.id)
    assert await read(firm, account) == account
    assert (undone.restored, undone.kept) == (1, 0)
    assert undone.operation.undone_by == firm.seller.person


async def test_what_somebody_changed_since_stays(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese", history="Long")
    await described(firm, account, firm.other_seller, industry="Wine")
    undone = await firm.operations.undo(firm.seller, operation.id)
    now = await read(firm, account)
    assert (now.industry, now.history) == ("Wine", None)
    assert undone.kept == 1


async def test_after_ten_minutes_only_an_admin_undoes_it(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese")
    firm.clock.advance(minutes=10, seconds=1)
    with pytest.raises(NotAllowed, match="an admin"):
        await firm.operations.undo(firm.seller, operation.id)
    await firm.operations.undo(firm.admin, operation.id)
    assert (await read(firm, account)).industry == "Dairy"


async def test_nobody_undoes_what_a_colleague_did(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese")
    with pytest.raises(NotAllowed, match="Sam Seller"):
        await firm.operations.undo(firm.other_seller, operation.id)


async def test_undone_once_is_undone(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese")
    await firm.operations.undo(firm.seller, operation.id)
    with pytest.raises(AlreadyDone, match="Sam Seller has undone"):
        await firm.operations.undo(firm.admin, operation.id)


async def test_the_same_press_again_has_the_same_answer(firm: FirmDesks) -> None:
    account = await made(firm)
    operation = await described(firm, account, firm.seller, industry="Cheese")
    actor = firm.seller.within("button", "press 1")
    assert await firm.operations.undo(actor, operation.id) == await firm.operations.undo(actor, operation.id)


async def test_what_an_operation_made_is_gone_with_all_its_parts(firm: FirmDesks) -> None:
    def body(work: UnitOfWork) -> tuple[Operation, Account]:
        operation = work.operations.begin(firm.admin, "account.edited", firm.admin.member_id, "Imported two.")
        work.accounts.add(NewAccount(name="Kept GmbH"))
        return operation, work.accounts.add(NewAccount(name="Acme Ltd"), [NewContact(email="tom@acme.example")])

    operation, account = await firm.store.write(firm.workspace_id, body)
    undone = await firm.operations.undo(firm.admin, operation.id)
    assert (undone.restored, undone.kept) == (3, 0)
    with pytest.raises(NotFound):
        await read(firm, account)
    assert await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything()) == []
    await firm.captured("Acme Ltd")  # no key of the removed account is left to be in the way


async def test_what_is_in_use_meanwhile_is_kept(firm: FirmDesks) -> None:
    def body(work: UnitOfWork) -> tuple[Operation, Account]:
        operation = work.operations.begin(firm.admin, "account.edited", firm.admin.member_id, "Imported one.")
        return operation, work.accounts.add(NewAccount(name="Acme Ltd"))

    operation, account = await firm.store.write(firm.workspace_id, body)
    lead = await firm.captured("Acme Ltd", account_id=account.id)
    undone = await firm.operations.undo(firm.admin, operation.id)
    assert undone.kept == 1
    assert (await firm.leads.show(firm.seller, lead.id)).lead.account == account


async def test_nothing_is_set_back_to_a_record_that_is_gone_by_now(firm: FirmDesks) -> None:
    lead = await firm.captured()

    def imported(work: UnitOfWork) -> tuple[Operation, Contact]:
        operation = work.operations.begin(firm.admin, "account.edited", lead.account.id, "Imported one.")
        return operation, work.accounts.add_contact(lead.account, NewContact(name="Tom"))

    def let_go(work: UnitOfWork) -> Operation:
        operation = work.operations.begin(firm.admin, "lead.edited", lead.id, "Edited L-1.")
        work.leads.update_fields(lead.id, contact_id=None, said="nothing")
        return operation

    operation, tom = await firm.store.write(firm.workspace_id, imported)
    await firm.store.write(firm.workspace_id, lambda work: work.leads.update_fields(lead.id, contact_id=tom.id))
    edit = await firm.store.write(firm.workspace_id, let_go)
    assert (await firm.operations.undo(firm.admin, operation.id)).kept == 0
    assert (await firm.operations.undo(firm.admin, edit.id)).kept == 1
    after = (await firm.leads.show(firm.seller, lead.id)).lead
    assert (after.contact, after.said) == (None, lead.said)


async def test_an_undone_disqualification_leaves_the_lead_as_it_was(firm: FirmDesks) -> None:
    lead = await firm.captured()
    await firm.leads.claim(firm.seller, lead.id)
    before = (await firm.leads.show(firm.seller, lead.id)).lead
    step = await firm.leads.disqualify(firm.seller, lead.id, next(iter(firm.playbook.sales.disqualification)), "spam")
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    after = (await firm.leads.show(firm.seller, lead.id)).lead
    assert replace(after, version=before.version) == before
    reminder = await firm.store.read(firm.workspace_id, lambda work: work.reminders.open_for(FollowUpDue.kind, lead.id))
    assert reminder is not None
    assert after.version > before.version
