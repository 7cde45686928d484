"""Imports and exports, on both databases."""

from collections.abc import Sequence
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.accounts import Account, Contact
from domain.imports import Fate, Records, Row, Verdict, plan_columns, rows_in
from domain.leads import Lead, NewLead, PossibleDuplicates
from domain.people import Actor
from domain.ports import Work
from domain.refusals import NotAllowed, NotFound
from domain.reminders import Reminder, ReminderKind
from domain.sheets import read_sheet, write_sheet
from domain.usecases.imports import BATCH, ImportDesk
from storage.database import Database
from storage.schema import audit_events, metadata
from storage.unit_of_work import DatabaseStore
from tests.firm import PLAYBOOK, FirmDesks, FrozenClock, found_firm


def rows_of(content: str | bytes, kind: Records = Records.ACCOUNTS) -> list[Row]:
    sheet = read_sheet(content.encode() if isinstance(content, str) else content)
    return rows_in(sheet, plan_columns(sheet.header, kind, [], []))


def fates(verdicts: Sequence[Verdict]) -> list[Fate]:
    return [verdict.fate for verdict in verdicts]


def sentences(verdicts: Sequence[Verdict]) -> list[str]:
    return [remark.sentence for verdict in verdicts for remark in verdict.remarks]


@pytest.fixture
def desk(firm: FirmDesks) -> ImportDesk:
    return ImportDesk(firm.store, PLAYBOOK)


@pytest.fixture
async def admin(firm: FirmDesks, desk: ImportDesk) -> Actor:
    return await desk.acting(firm.workspace_id, None, "import clients.csv")


async def accounts_of(firm: FirmDesks) -> list[tuple[Account, list[Contact]]]:
    return await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything())


async def leads_of(firm: FirmDesks) -> list[Lead]:
    return await firm.store.read(firm.workspace_id, lambda work: work.leads.everything())


async def all_rows(database: Database) -> list[tuple[str, list[tuple[object, ...]]]]:
    """Everything the database holds."""
    return await database.read(
        lambda connection: [
            (table.name, [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))])
            for table in metadata.sorted_tables
        ]
    )


async def test_accounts_are_made_with_their_source_and_an_audit_event(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database
) -> None:
    verdicts = await desk.accounts(admin, rows_of("name,industry,email\nAcme Ltd,retail,ann@acme.example\nZenith,,\n"))
    assert fates(verdicts) == [Fate.MADE, Fate.MADE]
    (acme, people), (zenith, nobody) = await accounts_of(firm)
    assert (acme.code, acme.industry, acme.source, people[0].email) == (
        "A-1",
        "retail",
        "import clients.csv",
        "ann@acme.example",
    )
    assert (zenith.name, nobody) == ("Zenith", [])
    events = await database.read(
        lambda connection: connection.execute(
            select(audit_events.c.event, audit_events.c.actor_id, audit_events.c.source)
            .where(audit_events.c.source == "import clients.csv")
            .order_by(audit_events.c.id)
        ).all()
    )
    assert [tuple(event) for event in events] == [
        ("account.created", admin.member_id, "import clients.csv"),
        ("contact.kept", admin.member_id, "import clients.csv"),
        ("account.created", admin.member_id, "import clients.csv"),
    ]


async def test_a_known_name_is_completed_and_never_doubled_or_overwritten(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await desk.accounts(admin, rows_of("name,industry\nAcme Ltd,retail\n"))
    verdicts = await desk.accounts(admin, rows_of("name,industry,country\nACME,software,Germany\nacme gmbh,retail,\n"))
    assert fates(verdicts) == [Fate.COMPLETED, Fate.THERE]
    assert "A-1 “Acme Ltd” says retail, which stays." in sentences(verdicts)
    ((acme, _people),) = await accounts_of(firm)
    assert (acme.name, acme.industry, acme.country) == ("Acme Ltd", "retail", "DE")


async def test_one_bad_row_holds_up_no_other(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await desk.accounts(admin, rows_of("name,email\n,x@y.example\nAcme,nobody\nZenith,z@z.example\n"))
    assert fates(verdicts) == [Fate.REFUSED, Fate.REFUSED, Fate.MADE]
    assert [account.name for account, _people in await accounts_of(firm)] == ["Zenith"]


async def test_what_looks_like_a_known_account_is_reported_but_made(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    content = "name\nBetasoloin\nBetasolion\n"
    rehearsed = await desk.accounts(admin, rows_of(content), is_rehearsal=True)
    assert sentences(rehearsed) == ["looks like “Betasoloin” of this file (similar name)"]
    made = await desk.accounts(admin, rows_of(content))
    assert (fates(made), sentences(made)) == ([Fate.MADE] * 2, ["looks like A-1 “Betasoloin” (similar name)"])


async def test_an_imported_account_is_recognised_when_a_lead_is_captured(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await desk.accounts(admin, rows_of("name\nBetasoloin\n"))
    result = await firm.leads.capture(firm.seller, NewLead(company="Betasolion", channel="web"))
    assert isinstance(result, PossibleDuplicates)
    assert [match.account.source for match in result.matches] == ["import clients.csv"]


LEADS = (
    "company,channel,said,contact_name,email,owner\n"
    "Acme Ltd,referral,wants a cost review,Ann Lee,ann@acme.example,Sam Seller\n"
    "Acme,web,asked for prices,Ann Lee,,\n"
    "Zenith,,met at a fair,,,Cora Consultant\n"
)


async def test_imported_leads_are_like_captured_ones(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    captured = await firm.captured("Quiet Company", by=firm.seller)
    verdicts = await desk.leads(admin, rows_of(LEADS, Records.LEADS), channel="conference")
    assert fates(verdicts) == [Fate.MADE] * 3
    _quiet, first, second, third = await leads_of(firm)
    assert (first.account, first.contact) == (second.account, second.contact)
    assert (first.owner, second.owner, third.channel) == (firm.seller.person, None, "conference")
    assert {lead.next_at for lead in (first, second, third)} == {captured.next_at}
    assert {lead.captured_by for lead in (first, second, third)} == {admin.person}
    assert third.owner is None
    assert "is nobody who may own leads, or several people: left without an owner" in sentences(verdicts)

    def reminders(work: Work) -> list[Reminder | None]:
        return [work.reminders.open_for(ReminderKind.LEAD_FOLLOW_UP, lead.id) for lead in (first, second)]

    held_by = [
        reminder.member for reminder in await firm.store.read(firm.workspace_id, reminders) if reminder is not None
    ]
    assert held_by == [firm.seller.person, admin.person]


async def test_an_import_announces_nothing(firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database) -> None:
    before = dict(await all_rows(database))["outbox"]
    await desk.leads(admin, rows_of(LEADS, Records.LEADS), channel="conference")
    assert dict(await all_rows(database))["outbox"] == before


async def test_a_refused_lead_leaves_no_account_behind(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await desk.leads(admin, rows_of("company,channel\nAcme,pigeon\nZenith,\n", Records.LEADS))
    assert fates(verdicts) == [Fate.REFUSED, Fate.REFUSED]
    assert await accounts_of(firm) == []


async def test_two_people_who_say_the_same_are_two_leads(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "company,contact_name,channel\nAcme,Ann,web\nAcme,Bob,web\nAcme,,web\nAcme,ann,web\n"
    verdicts = await desk.leads(admin, rows_of(content, Records.LEADS))
    assert fates(verdicts) == [Fate.MADE, Fate.MADE, Fate.MADE, Fate.THERE]


async def test_a_closed_lead_is_not_brought_back_by_its_file(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    rows = rows_of("company,channel,said\nAcme,web,hello\n", Records.LEADS)
    await desk.leads(admin, rows)
    (lead,) = await leads_of(firm)
    await firm.leads.disqualify(firm.seller, lead.id, "no_budget")
    assert fates(await desk.leads(admin, rows)) == [Fate.THERE]


async def test_a_rehearsal_says_the_same_and_writes_nothing(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database
) -> None:
    companies = "name,industry,email,contact_name\nAcme,,,Ann\nacme,retail,a@acme.example,Ann\nACME,retail,,\n,x,,\n"
    for rows, take in ((rows_of(companies), desk.accounts), (rows_of(LEADS + LEADS[50:], Records.LEADS), desk.leads)):
        before = await all_rows(database)
        rehearsed = await take(admin, rows, is_rehearsal=True)
        assert await all_rows(database) == before
        assert fates(await take(admin, rows)) == fates(rehearsed)
        assert Fate.MADE in fates(rehearsed)
        assert {Fate.THERE, Fate.REFUSED} & set(fates(rehearsed))


async def test_a_rehearsal_remembers_the_whole_file(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "name\nAcme\n" + "".join(f"Company {number}\n" for number in range(BATCH)) + "Acme Ltd\n"
    assert fates(await desk.accounts(admin, rows_of(content), is_rehearsal=True))[-1] is Fate.THERE


async def test_the_same_file_again_changes_nothing(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database
) -> None:
    leads = rows_of(LEADS, Records.LEADS)
    await desk.leads(admin, leads, channel="conference")
    before = await all_rows(database)
    assert fates(await desk.leads(admin, leads, channel="conference")) == [Fate.THERE] * 3
    assert await all_rows(database) == before


async def test_a_long_file_goes_in_small_transactions_and_tells_how_far_it_is(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    steps: list[int] = []
    rows = rows_of("name\n" + "".join(f"Company {number}\n" for number in range(BATCH + 1)))
    await desk.accounts(admin, rows, progress=steps.append)
    assert steps == [BATCH, 1]
    assert len(await accounts_of(firm)) == BATCH + 1


async def test_what_was_exported_makes_the_same_again(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, clock: FrozenClock
) -> None:
    await desk.accounts(
        admin,
        rows_of(
            write_sheet(
                ["name", "country", "history", "contact_name", "phone"],
                [
                    ["=Acme", "DE", "-10 % in 2019", "Ann", "+44 20 7946 0123"],
                    ["=Acme", "", "", "Bob", "020 7946 0999"],
                ],
            )
        ),
    )
    await desk.leads(admin, rows_of(LEADS, Records.LEADS), channel="conference")
    other = await found_firm(firm.store, clock, "T0BERLIN")
    there = await desk.acting(other.workspace_id, None, "import clients.csv")
    for kind, take in ((Records.ACCOUNTS, desk.accounts), (Records.LEADS, desk.leads)):
        content, _count = await desk.export(admin, kind)
        await take(there, rows_of(content, kind))
        copied, _count = await desk.export(there, kind)
        fields = plan_columns(read_sheet(content).header, kind, [], []).fields
        assert [[row.cells[place] for place in fields] for row in read_sheet(copied).rows] == [
            [row.cells[place] for place in fields] for row in read_sheet(content).rows
        ]


async def test_an_export_is_kept_in_the_log(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database
) -> None:
    await desk.export(admin, Records.LEADS)
    last = dict(await all_rows(database))["audit_events"][-1]
    assert "member.exported_leads" in last


async def test_only_who_may_import_imports_and_exports(firm: FirmDesks, desk: ImportDesk) -> None:
    with pytest.raises(NotAllowed, match="Only management or admin may import records"):
        await desk.acting(firm.workspace_id, firm.seller.slack_id, "import clients.csv")
    with pytest.raises(NotAllowed):
        await desk.accounts(firm.seller, rows_of("name\nAcme\n"))
    with pytest.raises(NotAllowed):
        await desk.export(firm.seller, Records.LEADS)
    with pytest.raises(NotFound):
        await desk.acting(firm.workspace_id, "U0NOBODY", "import clients.csv")


NUMBERS = count()
TEXTS = st.sampled_from(["", "Ann", "ann", "Bob"])
EMAILS = st.sampled_from(["", "a@x.example", "b@x.example"])
PHONES = st.sampled_from(["", "+442079460123", "+442079460999"])
COMPANIES = st.sampled_from(["Acme", "ACME Ltd", "Zenith"])
INDUSTRIES = st.sampled_from(["", "retail", "software"])
PEOPLE = st.lists(st.tuples(COMPANIES, INDUSTRIES, TEXTS, EMAILS, PHONES), min_size=1, max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(PEOPLE)
async def test_whatever_stands_in_a_file_its_second_import_changes_nothing(
    sqlite_database: Database, table: list[tuple[str, ...]]
) -> None:
    clock = FrozenClock()
    firm = await found_firm(DatabaseStore(sqlite_database, clock), clock, f"T{next(NUMBERS)}")
    desk = ImportDesk(firm.store, PLAYBOOK)
    actor = await desk.acting(firm.workspace_id, None, "import clients.csv")
    people = ["contact_name", "email", "phone"]
    for kind, take, header in (
        (Records.ACCOUNTS, desk.accounts, ["name", "industry", *people]),
        (Records.LEADS, desk.leads, ["company", "industry", *people]),
    ):
        rows = rows_of(write_sheet([*header, "channel"], [[*row, "web"] for row in table]), kind)
        await take(actor, rows)
        before = await all_rows(sqlite_database)
        assert set(fates(await take(actor, rows))) == {Fate.THERE}
        assert await all_rows(sqlite_database) == before
