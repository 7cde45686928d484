"""Whatever is imported, edited, merged and disqualified in whatever order: each undoing leaves everything as it was before.

Every action that can be undone belongs in `ACTIONS`; a new one is one function and one line there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.core.people import Actor
from domain.files.columns import Reading, Records, digest_of, read_table
from domain.files.imports import NewImport
from domain.files.sheets import read_sheet, write_sheet
from domain.sales.accounts import NewContact
from domain.sales.leads import NewLead
from storage.engine.database import Database
from storage.engine.relations import UNDOABLE
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import WHOLE, FirmDesks, FrozenClock, found_firm
from tests.properties import tried_on_a_database
from usecases.files.exports import ExportDesk
from usecases.files.imports import ImportDesk

WORKSPACES = count()
COUNTING = {"version"}

KEYS = st.sampled_from(["", "1", "2", "3"])
COMPANIES = st.sampled_from(["Acme", "ACME Ltd", "Zenith", "Fjord AS"])
WORDS = st.sampled_from(["", "retail", "wine"])
PEOPLE = st.sampled_from(["", "Ann", "Bob"])
EMAILS = st.sampled_from(["", "a@acme.example", "b@zenith.example"])
COLUMNS: dict[Records, dict[str, st.SearchStrategy[str]]] = {
    Records.ACCOUNTS: {
        "own_key": KEYS,
        "name": COMPANIES,
        "industry": WORDS,
        "contact_name": PEOPLE,
        "email": EMAILS,
        "owner": st.sampled_from(["", "Sam Seller"]),
    },
    Records.CONTACTS: {
        "own_key": KEYS,
        "account": COMPANIES,
        "account_key": KEYS,
        "name": PEOPLE,
        "email": EMAILS,
        "position": WORDS,
    },
    Records.LEADS: {
        "own_key": KEYS,
        "company": COMPANIES,
        "channel": st.sampled_from(["web", "referral"]),
        "said": WORDS,
        "contact_name": PEOPLE,
        "owner": st.sampled_from(["", "Sam Seller", "Sue Seller"]),
        "status": st.sampled_from(["open", "disqualified"]),
        "reason": st.just("spam"),
    },
    Records.DEALS: {
        "own_key": KEYS,
        "title": st.sampled_from(["Audit", "Review"]),
        "account": st.one_of(st.just(""), COMPANIES),
        "stage": st.sampled_from(["Won", "Lost", "Engaging"]),
        "amount": st.sampled_from(["", "1", "2.50"]),
        "closed_on": st.sampled_from(["", "2016-10-20"]),
    },
}


@st.composite
def files(draw: st.DrawFn) -> tuple[Records, bytes]:
    """A file of some kind, with keys that come again, blanks, and names spelt in two ways."""
    kind = draw(st.sampled_from(list(Records)))
    columns = COLUMNS[kind]
    rows = draw(st.lists(st.tuples(*columns.values()), min_size=1, max_size=6))
    return kind, write_sheet(list(columns), rows)


@dataclass
class Firm:
    """A firm in which things are done and undone."""

    desks: FirmDesks
    imports: ImportDesk
    actor: Actor
    database: Database

    async def state(self) -> tuple[list[bytes], dict[str, list[tuple[Any, ...]]]]:
        """The exports of all kinds, and every row of every table that undoing is to leave as it was."""
        exports = ExportDesk(self.desks.store, WHOLE)
        files = [(await exports.export(self.actor, kind))[0] for kind in Records]
        return files, await self.database.read(lambda connection: {t.name: self._rows(connection, t) for t in UNDOABLE})

    def _rows(self, connection: Any, table: Any) -> list[tuple[Any, ...]]:
        columns = [column for column in table.columns if column.name not in COUNTING]
        own = table.c.workspace_id == self.desks.workspace_id
        return [tuple(row) for row in connection.execute(select(*columns).where(own).order_by(*table.primary_key))]


Action = Callable[[Firm, Any], Awaitable[int | None]]
"""Does something that can be undone; the id of its operation, or None where nothing was changed."""


async def import_file(firm: Firm, given: tuple[Records, bytes]) -> int | None:
    """Take a file over."""
    kind, content = given
    reading = Reading(currency="EUR")
    new = NewImport(kind=kind, file="f.csv", reading=reading, digest=digest_of(kind, reading, content))
    run = await firm.imports.carry_out(firm.actor, new, read_table(read_sheet(content), kind, reading))
    return run.kept.operation.id if run.kept and run.kept.operation else None


async def disqualify(firm: Firm, place: int) -> int | None:
    """Disqualify one of the open leads."""
    leads = (await firm.desks.leads.team(firm.desks.seller)).leads
    if not leads:
        return None
    step = await firm.desks.leads.disqualify(firm.desks.seller, leads[place % len(leads)].id, "spam")
    assert step.operation is not None
    return step.operation.id


async def edit_account(firm: Firm, place: int) -> int | None:
    """Say something else of one of the accounts."""

    def body(work: UnitOfWork) -> int | None:
        accounts = work.accounts.everything()
        if not accounts:
            return None
        account, _people = accounts[place % len(accounts)]
        operation = work.operations.begin(firm.desks.admin, "account.edited", account.id, "Edited.")
        work.accounts.update(account, industry=f"edited {place}")
        return operation.id

    return await firm.desks.store.write(firm.desks.workspace_id, body)


async def edit_lead(firm: Firm, place: int) -> int | None:
    """Say that one of the open leads is about another company, and somebody else there."""
    leads = (await firm.desks.leads.team(firm.desks.seller)).leads
    if len(leads) < 2:
        return None
    lead, other = leads[place % len(leads)], leads[(place + 1) % len(leads)]
    contact = NewContact(name="Edwin", email="edwin@elsewhere.example")
    new = NewLead(company=other.account.name, source="web", said=f"said {place}", contact=contact)
    step = await firm.desks.lead_edits.edit(firm.desks.seller, lead.id, new)
    return step.operation.id if step.operation else None


async def merge_leads(firm: Firm, place: int) -> int | None:
    """Make one of two open leads."""
    leads = (await firm.desks.leads.team(firm.desks.seller)).leads
    if len(leads) < 2:
        return None
    stays, goes = leads[place % len(leads)], leads[(place + 1) % len(leads)]
    step = await firm.desks.lead_edits.merge(firm.desks.seller, stays.id, goes.id)
    assert step.operation is not None
    return step.operation.id


async def merge_accounts(firm: Firm, place: int) -> int | None:
    """Make one of two accounts."""
    accounts = await firm.desks.store.read(firm.desks.workspace_id, lambda work: work.accounts.everything())
    if len(accounts) < 2:
        return None
    (stays, _people), (goes, _others) = accounts[place % len(accounts)], accounts[(place + 1) % len(accounts)]
    step = await firm.desks.accounts.merge(firm.desks.seller, stays.id, goes.id)
    assert step.operation is not None
    return step.operation.id


async def merge_contacts(firm: Firm, place: int) -> int | None:
    """Make one of two people at an account."""
    accounts = await firm.desks.store.read(firm.desks.workspace_id, lambda work: work.accounts.everything())
    several = [people for _account, people in accounts if len(people) > 1]
    if not several:
        return None
    stays, goes = several[place % len(several)][:2]
    step = await firm.desks.accounts.merge_contacts(firm.desks.seller, stays.id, goes.id)
    assert step.operation is not None
    return step.operation.id


PLACES = st.integers(0, 9)
ACTIONS: dict[Action, st.SearchStrategy[Any]] = {
    import_file: files(),
    disqualify: PLACES,
    edit_account: PLACES,
    edit_lead: PLACES,
    merge_leads: PLACES,
    merge_accounts: PLACES,
    merge_contacts: PLACES,
}
"""What can be done and undone, with what it is given."""
DONE = st.one_of(*(given.map(lambda value, action=action: (action, value)) for action, given in ACTIONS.items()))


async def firm_on(database: Database) -> Firm:
    """A firm of its own in the database, with two leads captured by hand."""
    clock = FrozenClock()
    desks = await found_firm(Store(database, clock), clock, f"T{next(WORKSPACES)}")
    await desks.captured("Acme Ltd")
    await desks.captured("Harbour Co")
    imports = ImportDesk(desks.store, WHOLE)
    return Firm(desks, imports, await imports.acting(desks.workspace_id, None, "import f.csv"), database)


@tried_on_a_database
@given(st.lists(DONE, min_size=1, max_size=6))
async def test_undone_from_the_last_to_the_first_everything_is_as_before(
    sqlite_database: Database, done: list[tuple[Action, Any]]
) -> None:
    firm = await firm_on(sqlite_database)
    before = []
    for action, value in done:
        state = await firm.state()
        operation_id = await action(firm, value)
        if operation_id is None:
            assert await firm.state() == state
        else:
            before.append((operation_id, state))
    for operation_id, state in reversed(before):
        undone = await firm.desks.operations.undo(firm.desks.admin, operation_id)
        assert undone.kept == 0
        assert await firm.state() == state


@tried_on_a_database
@given(st.lists(DONE, min_size=2, max_size=5), st.randoms(use_true_random=False))
async def test_undone_in_any_order_nothing_breaks_and_what_is_kept_is_said(
    sqlite_database: Database, done: list[tuple[Action, Any]], order: Any
) -> None:
    firm = await firm_on(sqlite_database)
    operations = [found for action, value in done if (found := await action(firm, value)) is not None]
    order.shuffle(operations)
    for operation_id in operations:
        undone = await firm.desks.operations.undo(firm.desks.admin, operation_id)
        assert undone.is_over
    for kind in Records:
        content, _count = await ExportDesk(firm.desks.store, WHOLE).export(firm.actor, kind)
        assert content


@tried_on_a_database
@given(st.lists(files(), min_size=1, max_size=4))
async def test_an_export_makes_the_same_again_in_an_empty_firm(
    sqlite_database: Database, given_files: list[tuple[Records, bytes]]
) -> None:
    firm = await firm_on(sqlite_database)
    for given_file in given_files:
        await import_file(firm, given_file)
    clock = FrozenClock()
    empty = await found_firm(Store(sqlite_database, clock), clock, f"T{next(WORKSPACES)}")
    actor = await firm.imports.acting(empty.workspace_id, None, "import f.csv")
    there = Firm(empty, firm.imports, actor, sqlite_database)
    exported, _rows = await firm.state()
    for kind, content in zip(Records, exported, strict=True):
        await import_file(there, (kind, content))
    copied, _rows = await there.state()
    assert [content.decode() for content in copied] == [content.decode() for content in exported]
