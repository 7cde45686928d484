"""Imports and exports, on both databases."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, NotAllowed, NotFound, NotYet
from domain.core.reminders import Reminder
from domain.files.columns import Reading, Records, Table, digest_of, read_table
from domain.files.imports import Change, Fate, NewImport, Verdict
from domain.files.sheets import read_sheet, write_sheet
from domain.sales.accounts import Account, Contact
from domain.sales.deals import Deal, Money
from domain.sales.leads import FollowUpDue, Lead, NewLead, NewTouch, PossibleDuplicates, TouchKind
from storage.engine.database import Database
from storage.schema import audit_events, metadata
from storage.unit_of_work import Store, UnitOfWork
from tests.firm import WHOLE, FirmDesks, FrozenClock, found_firm
from tests.properties import tried_on_a_database
from usecases.desk import record
from usecases.files.exports import ExportDesk
from usecases.files.imports import BATCH, ImportDesk, Run

pytestmark = pytest.mark.both


def table_of(content: str | bytes, kind: Records = Records.ACCOUNTS, **reading: Any) -> Table:
    """A file as it is imported."""
    sheet = read_sheet(content.encode() if isinstance(content, str) else content)
    return read_table(sheet, kind, Reading(**reading))


async def take(
    desk: ImportDesk, actor: Actor, content: str | bytes, kind: Records = Records.ACCOUNTS, **reading: Any
) -> list[Verdict]:
    """What became of the rows of a file."""
    return (await carried_out(desk, actor, content, kind, **reading)).verdicts


async def carried_out(
    desk: ImportDesk, actor: Actor, content: str | bytes, kind: Records = Records.ACCOUNTS, **reading: Any
) -> Run:
    """An import of a file."""
    content = content.encode() if isinstance(content, str) else content
    digest = digest_of(kind, Reading(**reading), content)
    new = NewImport(kind=kind, file="clients.csv", reading=Reading(**reading), digest=digest)
    return await desk.carry_out(actor, new, table_of(content, kind, **reading))


async def rehearsed(
    desk: ImportDesk, actor: Actor, content: str | bytes, kind: Records = Records.ACCOUNTS, **reading: Any
) -> list[Verdict]:
    """What would become of the rows of a file."""
    return (await desk.rehearse(actor, table_of(content, kind, **reading))).verdicts


def fates(verdicts: Sequence[Verdict]) -> list[Fate]:
    return [verdict.fate for verdict in verdicts]


def sentences(verdicts: Sequence[Verdict]) -> list[str]:
    return [remark.sentence for verdict in verdicts for remark in verdict.remarks]


@pytest.fixture
def desk(firm: FirmDesks) -> ImportDesk:
    return ImportDesk(firm.store, WHOLE)


@pytest.fixture
async def admin(firm: FirmDesks, desk: ImportDesk) -> Actor:
    return await desk.acting(firm.workspace_id, None, "import clients.csv")


async def accounts_of(firm: FirmDesks) -> list[tuple[Account, list[Contact]]]:
    return await firm.store.read(firm.workspace_id, lambda work: work.accounts.everything())


async def leads_of(firm: FirmDesks) -> list[Lead]:
    return await firm.store.read(firm.workspace_id, lambda work: work.leads.everything())


async def deals_of(firm: FirmDesks) -> list[Deal]:
    return await firm.store.read(firm.workspace_id, lambda work: work.deals.everything())


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
    verdicts = await take(desk, admin, "name,industry,email\nAcme Ltd,retail,ann@acme.example\nZenith,,\n")
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
        (event, admin.member_id, "import clients.csv")
        for event in ("import.began", "account.created", "contact.kept", "account.created", "import.ended")
    ]


async def test_a_known_name_is_completed_and_never_doubled_or_overwritten(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "name,industry\nAcme Ltd,retail\n")
    verdicts = await take(desk, admin, "name,industry,country\nACME,software,Germany\nacme gmbh,retail,\n")
    assert fates(verdicts) == [Fate.CHANGED, Fate.THERE]
    assert "A-1 “Acme Ltd” says retail, which stays." in sentences(verdicts)
    ((acme, _people),) = await accounts_of(firm)
    assert (acme.name, acme.industry, acme.country) == ("Acme Ltd", "retail", "DE")


async def test_one_bad_row_holds_up_no_other(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await take(desk, admin, "name,email\n,x@y.example\n***,a@b.example\nZenith,z@z.example\n")
    assert fates(verdicts) == [Fate.REFUSED, Fate.REFUSED, Fate.MADE]
    assert [account.name for account, _people in await accounts_of(firm)] == ["Zenith"]


async def test_an_odd_cell_costs_that_cell_and_not_the_person(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    header = "company,channel,contact_name,email,phone,position,next_at,answers,history\n"
    content = (
        f"{header}Acme,web,Ann,nobody,12,{'x' * 201},soon,need=huge,{'x' * 3001}\nZenith,web,Bo,bo@z.example,,CFO,,,\n"
    )
    verdicts = await take(desk, admin, content, Records.LEADS)
    assert fates(verdicts) == [Fate.MADE, Fate.MADE]
    remarked = {remark.field: remark.sentence for remark in verdicts[0].remarks}
    assert set(remarked) == {"email", "phone", "position", "next_at", "answers", "history"}
    assert remarked["phone"].endswith("too few or too many digits. It was left out.")
    ((_acme, (ann,)), (_zenith, (bo,))) = await accounts_of(firm)
    assert (ann.name, ann.email, ann.phone, ann.position) == ("Ann", None, None, None)
    assert (bo.email, bo.position) == ("bo@z.example", "CFO")


async def test_a_person_without_anything_but_an_odd_cell_is_refused_with_both_reasons(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    (verdict,) = await take(desk, admin, "account,email\nAcme,nobody\n", Records.CONTACTS)
    assert verdict.fate is Fate.REFUSED
    assert [remark.field for remark in verdict.remarks] == ["email", "name"]


async def test_a_lead_disqualified_for_no_reason_given_is_taken(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    verdicts = await take(desk, admin, "company,status,source\nAcme,Junk Lead,Web\n", Records.LEADS)
    assert sentences(verdicts) == ["Why it was disqualified is not said."]
    (lead,) = await leads_of(firm)
    assert (lead.status, lead.disqualified_for, lead.source) == ("disqualified", None, "web")


async def test_what_looks_like_a_known_account_is_reported_but_made(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    content = "name\nBetasoloin\nBetasolion\n"
    imagined = await rehearsed(desk, admin, content)
    assert sentences(imagined) == ["looks like “Betasoloin” of this file (similar name)"]
    made = await take(desk, admin, content)
    assert (fates(made), sentences(made)) == ([Fate.MADE] * 2, ["looks like A-1 “Betasoloin” (similar name)"])


async def test_an_imported_account_is_recognised_when_a_lead_is_captured(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "name\nBetasoloin\n")
    result = await firm.leads.capture(firm.seller, NewLead(company="Betasolion", source="web"))
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
    verdicts = await take(desk, admin, LEADS, Records.LEADS, channel="conference")
    assert fates(verdicts) == [Fate.MADE] * 3
    _quiet, first, second, third = await leads_of(firm)
    assert (first.account, first.contact) == (second.account, second.contact)
    assert (first.owner, second.owner, third.source) == (firm.seller.person, None, "conference")
    assert {lead.next_at for lead in (first, second, third)} == {captured.next_at}
    assert {lead.captured_by for lead in (first, second, third)} == {admin.person}
    assert third.owner is None
    assert "is nobody who may own this, or several people: left without an owner" in sentences(verdicts)

    def reminders(work: UnitOfWork) -> list[Reminder | None]:
        return [work.reminders.open_for(FollowUpDue.kind, lead.id) for lead in (first, second)]

    held_by = [
        reminder.member for reminder in await firm.store.read(firm.workspace_id, reminders) if reminder is not None
    ]
    assert held_by == [firm.seller.person, admin.person]


async def test_an_import_announces_nothing(firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database) -> None:
    before = dict(await all_rows(database))["outbox"]
    await take(desk, admin, LEADS, Records.LEADS, channel="conference")
    assert dict(await all_rows(database))["outbox"] == before


async def test_a_refused_lead_leaves_no_account_behind(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await take(desk, admin, "company,channel\nAcme,pigeon\nZenith,\n", Records.LEADS)
    assert fates(verdicts) == [Fate.REFUSED, Fate.REFUSED]
    assert await accounts_of(firm) == []


async def test_two_people_who_say_the_same_are_two_leads(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "company,contact_name,channel\nAcme,Ann,web\nAcme,Bob,web\nAcme,,web\nAcme,ann,web\n"
    verdicts = await take(desk, admin, content, Records.LEADS)
    assert fates(verdicts) == [Fate.MADE, Fate.MADE, Fate.MADE, Fate.THERE]


async def test_a_closed_lead_is_not_brought_back_by_its_file(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "company,channel,said\nAcme,web,hello\n"
    await take(desk, admin, content, Records.LEADS)
    (lead,) = await leads_of(firm)
    await firm.leads.disqualify(firm.seller, lead.id, "no_budget")
    assert fates(await take(desk, admin, content, Records.LEADS)) == [Fate.THERE]


async def test_names_that_differ_by_a_legal_form_are_one_account_and_those_that_differ_by_a_word_are_two(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    one = "name\n株式会社青空商事\n青空商事\n㈱青空商事\n青空商事株式会社\n蓝天示例有限公司\n蓝天示例\n"
    three = "name,country\nStonebridge Ltd,GB\nStonebridge Partners,US\nStonebridge Company,CA\n"
    for take_in in (rehearsed, take):
        assert [verdict.fate for verdict in await take_in(desk, admin, one) if verdict.fate is Fate.MADE] == [
            Fate.MADE
        ] * 2
        verdicts = await take_in(desk, admin, three)
        assert fates(verdicts) == [Fate.MADE] * 3
        assert [len(verdict.remarks) for verdict in verdicts] == [0, 1, 1]
    names = [account.name for account, _people in await accounts_of(firm)]
    assert names == [
        "株式会社青空商事",
        "蓝天示例有限公司",
        "Stonebridge Ltd",
        "Stonebridge Partners",
        "Stonebridge Company",
    ]


async def test_free_mail_and_domains_of_many_say_nothing_of_a_company(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    free = (
        "name,email\nAlpha Bakery,a@hotmail.fr\nOmega Garage,b@hotmail.fr\nSigma Florist,c@qq.com\nTau Print,d@qq.com\n"
    )
    many = "name,email\n" + "".join(f"{name},x@hub.example\n" for name in ("Ulm", "Vigo", "Wien", "Xanten", "Ypern"))
    for take_in in (rehearsed, take):
        assert sentences(await take_in(desk, admin, free)) == []
        assert [len(verdict.remarks) for verdict in await take_in(desk, admin, many)] == [0, 1, 2, 0, 0]


DEALS = (
    "id,title,account,product,stage,agent,amount,opened_on,closed_on\n"
    "D1,Audit,Acme Ltd,Audit,Won,Sam Seller,1234.50,20-10-16,01-03-17\n"
    "D2,Review,Acme,Review,Engaging,Moses,,20-10-16,\n"
    "D3,Review,,Review,Lost,Moses,0,,\n"
    "D4,Review,Zenith,Review,Limbo,,5,,\n"
    "D5,Review,Zenith,Review,Won,,5,31-02-17,\n"
    "D5,Review,Zenith,Review,Won,,5,,\n"
)
HOW: dict[str, Any] = {"key": "id", "dates": ("day-first",), "currency": "USD"}


async def test_deals_are_taken_over_as_found(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await take(desk, admin, DEALS, Records.DEALS, **HOW)
    assert fates(verdicts) == [Fate.MADE] * 3 + [Fate.REFUSED] * 3
    assert [remark.on_terminal or remark.sentence for verdict in verdicts[3:] for remark in verdict.remarks] == [
        "What comes of Limbo is not plain; say --value “outcome:Limbo=won”, =lost or =open.",
        "31-02-17 is no day there is: day 31 of month 2 in 2017.",
        "Row 6 has the same key already.",
    ]
    won, opened, lost = await deals_of(firm)
    assert (won.code, won.value, won.outcome) == ("D-1", Money(amount=Decimal("1234.50"), currency="USD"), "won")
    assert (won.owner, won.agent, won.stage) == (firm.seller.person, "Sam Seller", "Won")
    assert (won.opened_on, won.closed_on) == (date(2016, 10, 20), date(2017, 3, 1))
    assert (opened.account, opened.outcome, opened.stage) == (won.account, "open", "Engaging")
    assert (lost.account, lost.value) == (None, Money(amount=Decimal("0.00"), currency="USD"))
    assert "No account is named; the deal is kept without one." in sentences(verdicts)


async def test_for_deals_the_file_is_the_authority(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    await take(desk, admin, DEALS, Records.DEALS, **HOW)
    again = DEALS.replace("Engaging,Moses,,20-10-16,", "Won,Moses,77,20-10-16,02-03-17")
    verdicts = await take(desk, admin, again, Records.DEALS, **HOW)
    assert fates(verdicts)[:3] == [Fate.THERE, Fate.CHANGED, Fate.THERE]
    assert {change.field for change in verdicts[1].changes} == {"outcome", "stage", "amount", "closed_on"}
    assert (await deals_of(firm))[1].outcome == "won"


async def test_a_stage_means_what_somebody_says_and_stays_as_found(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    verdicts = await take(desk, admin, DEALS, Records.DEALS, values=("outcome:Limbo=lost",), **HOW)
    assert fates(verdicts)[3] is Fate.MADE
    limbo = (await deals_of(firm))[3]
    assert (limbo.stage, limbo.outcome) == ("Limbo", "lost")


async def test_the_very_same_deal_without_a_key_is_not_doubled(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "title,account,opened_on\nAudit,Acme,2016-10-20\nAudit,Acme,2016-10-21\nAudit,Acme,2016-10-20\nAudit,,\n"
    assert fates(await take(desk, admin, content, Records.DEALS)) == [Fate.MADE, Fate.MADE, Fate.THERE, Fate.MADE]
    assert fates(await take(desk, admin, content, Records.DEALS)) == [Fate.THERE] * 4


CONTACTS = "id,account,name,email,position\nP1,Acme,Ann Lee,ann@acme.example,CFO\nP2,Acme,,bo@acme.example,\nP3,,Cy,,\nP4,Acme,,,CEO\n"


async def test_contacts_are_kept_with_their_account(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await take(desk, admin, CONTACTS, Records.CONTACTS, key="id")
    assert fates(verdicts) == [Fate.MADE, Fate.MADE, Fate.REFUSED, Fate.REFUSED]
    ((_acme, people),) = await accounts_of(firm)
    assert [(one.own_key, one.name, one.position) for one in people] == [("P1", "Ann Lee", "CFO"), ("P2", None, None)]
    again = await take(desk, admin, CONTACTS.replace("CFO", "CEO"), Records.CONTACTS, key="id")
    assert again[0].changes == (Change(field="position", old="CFO", new="CEO"),)
    assert "There was no such account; A-1 “Acme” was made." in sentences(verdicts)


async def test_contacts_and_leads_have_a_country(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    content = "account,name,country\nAcme,Ann,Germany\nAcme,Bo,Atlantis\n"
    await take(desk, admin, content, Records.CONTACTS)
    await take(desk, admin, "company,source,country\nZenith,web,FR\nAcme,web,\n", Records.LEADS)
    ((acme, people), (zenith, _nobody)) = await accounts_of(firm)
    assert [person.country for person in people] == ["DE", "Atlantis"]
    assert (acme.country, zenith.country) == (None, "FR")
    verdicts = await take(desk, admin, content.replace("Germany", "France"), Records.CONTACTS)
    assert sentences(verdicts) == ["The record says DE, which stays."]


async def test_a_phone_number_is_dialled_from_the_nearest_country_that_is_known(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "name,country\nTallgrass Inc,US\nAcme,\n")
    await take(desk, admin, "account,name,country\nTallgrass Inc,Gerda,DE\n", Records.CONTACTS)
    content = (
        "account,name,phone,country\nTallgrass Inc,Pat,415-555-0132,\nTallgrass Inc,Gerda,030 901820,\n"
        "Tallgrass Inc,Amélie,01 42 68 53 00,FR\nAcme,Ola,22 12 34 56,\n"
    )
    await take(desk, admin, content, Records.CONTACTS, country="Norway")
    await take(desk, admin, "company,source,contact_name,phone\nTallgrass,web,Jo,415-555-0133\n", Records.LEADS)
    await take(desk, admin, "name,contact_name,phone\nZenith,Kim,020 7946 0000\n")
    phones = {person.name: person.phone for _account, people in await accounts_of(firm) for person in people}
    assert phones == {
        "Pat": "+14155550132",
        "Gerda": "+4930901820",
        "Amélie": "+33142685300",
        "Ola": "+4722123456",
        "Jo": "+14155550133",
        "Kim": "+442079460000",
    }


async def test_an_extension_is_kept_and_a_number_nobody_can_have_is_remarked_on(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    content = "account,name,phone\nAlder,Pat,+44 20 7946 0005 ext. 12\nAlder,Bo,+44 20 7946 0005 x13\nAlder,Cy,+1 123 456 7890\n"
    verdicts = await take(desk, admin, content, Records.CONTACTS)
    assert sentences(verdicts)[1:] == ["has enough digits, but nobody can have this number; it is kept"]
    ((_alder, people),) = await accounts_of(firm)
    assert [person.phone for person in people] == ["+442079460005;ext=12", "+442079460005;ext=13", "+11234567890"]
    assert fates(await take(desk, admin, content, Records.CONTACTS)) == [Fate.THERE] * 3


async def test_the_same_key_again_updates_what_the_file_said_and_nothing_else(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "id,name,industry,country\n7,Acme,retail,DE\n", key="id")
    verdicts = await take(desk, admin, "id,name,industry,country\n7,Acme Group,wine,\n", key="id")
    assert fates(verdicts) == [Fate.CHANGED]
    ((acme, _people),) = await accounts_of(firm)
    assert (acme.name, acme.industry, acme.country, acme.own_key) == ("Acme Group", "wine", "DE", "7")
    assert isinstance(
        await firm.leads.capture(firm.seller, NewLead(company="Acme Group", source="web")), PossibleDuplicates
    )

    def edit(work: UnitOfWork) -> None:
        work.accounts.update(work.accounts.get(acme.id), industry="cheese")
        record(work, firm.seller, "account.edited", acme.id, before={"industry": "wine"}, after={"industry": "cheese"})

    await firm.store.write(firm.workspace_id, edit)
    verdicts = await take(desk, admin, "id,name,industry\n7,Acme Group,beer\n", key="id")
    assert (fates(verdicts), sentences(verdicts)) == ([Fate.THERE], ["A-1 “Acme Group” says cheese, which stays."])


async def test_two_keys_are_two_accounts_whatever_their_names(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    verdicts = await take(desk, admin, "id,name\n7,Acme\n8,ACME Ltd\n", key="id")
    assert (fates(verdicts), sentences(verdicts)) == ([Fate.MADE] * 2, ["looks like A-1 “Acme” (same name)"])


async def test_the_key_of_an_account_that_was_merged_leads_to_the_one_that_took_it_over(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "id,name\n7,Acme\n8,Acme\n", key="id")
    (seven, _people), (eight, _others) = await accounts_of(firm)
    await firm.accounts.merge(firm.seller, seven.id, eight.id)
    verdicts = await take(desk, admin, "id,name,industry\n8,Acme,retail\n7,Acme,retail\n", key="id")
    assert fates(verdicts) == [Fate.CHANGED, Fate.THERE]
    ((acme, _all),) = await accounts_of(firm)
    assert (acme.id, acme.own_key, acme.industry) == (seven.id, "7", "retail")


async def test_what_a_file_says_of_a_merged_account_replaces_nothing_in_the_one_that_took_it_over(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    file = "id,name,industry\n7,Harbour Co,retail\n8,Acme,wine\n"
    await take(desk, admin, file, key="id")
    (harbour, _people), (acme, _others) = await accounts_of(firm)
    await firm.accounts.merge(firm.seller, harbour.id, acme.id)
    assert fates(await take(desk, admin, file, key="id")) == [Fate.THERE] * 2
    ((known, _all),) = await accounts_of(firm)
    assert (known.name, known.own_key, known.industry) == ("Harbour Co", "7", "retail")


async def test_the_name_of_an_account_that_was_merged_leads_to_the_one_that_took_it_over(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "name\nHarbour Co\nAcme\n")
    (harbour, _people), (acme, _others) = await accounts_of(firm)
    await firm.accounts.merge(firm.seller, harbour.id, acme.id)
    file = "id,name,industry\n,Acme,\n1,Acme,retail\n,Acme,\n"
    for fates_then in ([Fate.THERE, Fate.CHANGED, Fate.THERE], [Fate.THERE] * 3):
        assert fates(await take(desk, admin, file, key="id")) == fates_then
        ((known, _all),) = await accounts_of(firm)
        assert (known.id, known.name, known.own_key, known.industry) == (harbour.id, "Harbour Co", "1", "retail")


async def test_the_key_of_a_contact_that_was_merged_leads_to_the_one_that_took_it_over(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    file = "id,account,name,email\n1,Acme,Ann,ann@acme.example\n2,Acme,Bob,bob@acme.example\n"
    await take(desk, admin, file, Records.CONTACTS, key="id")
    [(_acme, (ann, bob))] = await accounts_of(firm)
    await firm.accounts.merge_contacts(firm.seller, ann.id, bob.id)
    verdicts = await take(desk, admin, file, Records.CONTACTS, key="id")
    assert fates(verdicts) == [Fate.THERE] * 2
    [(_acme, (known,))] = await accounts_of(firm)
    assert (known.id, known.name, known.own_key) == (ann.id, "Ann", "1")


async def test_one_that_has_the_name_comes_before_one_that_only_goes_by_it(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "id,name\n7,Harbour Co\n8,Acme\n", key="id")
    (harbour, _people), (merged, _others) = await accounts_of(firm)
    await firm.accounts.merge(firm.seller, harbour.id, merged.id)
    for fates_then in ([Fate.MADE, Fate.CHANGED], [Fate.THERE] * 2):
        verdicts = await take(desk, admin, "id,name,industry\n9,Acme,\n,Acme,retail\n", key="id")
        assert fates(verdicts) == fates_then
        _harbour, (acme, _all) = await accounts_of(firm)
        assert (acme.own_key, acme.industry) == ("9", "retail")


async def test_a_lead_that_is_there_follows_its_file_only_in_what_the_prospect_said(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    await take(desk, admin, "id,company,channel,said,owner\n1,Acme,web,hello,Sam Seller\n", Records.LEADS, key="id")
    changed = "id,company,channel,said,owner,status,reason\n1,Acme,web,hello you,Sue Seller,disqualified,spam\n"
    verdicts = await take(desk, admin, changed, Records.LEADS, key="id")
    assert verdicts[0].changes == (Change(field="said", old="hello", new="hello you"),)
    (lead,) = await leads_of(firm)
    assert (lead.owner, lead.is_open) == (firm.seller.person, True)
    assert len(sentences(verdicts)) == 2


async def test_a_rehearsal_says_the_same_and_writes_nothing(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, database: Database
) -> None:
    companies = "name,industry,email,contact_name\nAcme,,,Ann\nacme,retail,a@acme.example,Ann\nACME,retail,,\n,x,,\n"
    for content, kind, reading in (
        (companies, Records.ACCOUNTS, {}),
        (LEADS + LEADS[50:], Records.LEADS, {"channel": "conference"}),
        (CONTACTS + "P1,Acme,Ann,,\n", Records.CONTACTS, {"key": "id"}),
        (DEALS, Records.DEALS, HOW),
    ):
        before = await all_rows(database)
        imagined = await rehearsed(desk, admin, content, kind, **reading)
        assert await all_rows(database) == before
        made = await take(desk, admin, content, kind, **reading)
        assert [(one.fate, len(one.changes)) for one in made] == [(one.fate, len(one.changes)) for one in imagined]
        assert Fate.MADE in fates(imagined)
        assert {Fate.THERE, Fate.REFUSED} & set(fates(imagined))


async def test_a_rehearsal_remembers_the_whole_file(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    many = range(BATCH[Records.ACCOUNTS])
    content = "name\nAcme\n" + "".join(f"Company {number}\n" for number in many) + "Acme Ltd\n"
    assert fates(await rehearsed(desk, admin, content))[-1] is Fate.THERE


@pytest.mark.parametrize(
    ("content", "kind", "reading"),
    [
        (LEADS, Records.LEADS, {"channel": "conference"}),
        (DEALS, Records.DEALS, HOW),
        (CONTACTS, Records.CONTACTS, {"key": "id"}),
        ("id,name,industry,email\n7,Acme,retail,a@b.example\n", Records.ACCOUNTS, {"key": "id"}),
    ],
    ids=list(Records)[::-1],
)
async def test_the_same_file_again_changes_nothing(
    firm: FirmDesks,
    desk: ImportDesk,
    admin: Actor,
    database: Database,
    content: str,
    kind: Records,
    reading: dict[str, Any],
) -> None:
    await take(desk, admin, content, kind, **reading)
    before = await all_rows(database)
    again = await take(desk, admin, content, kind, **reading)
    assert set(fates(again)) <= {Fate.THERE, Fate.REFUSED}
    assert await all_rows(database) == before


async def test_a_long_file_goes_in_small_transactions_and_tells_how_far_it_is(
    firm: FirmDesks, desk: ImportDesk, admin: Actor
) -> None:
    steps: list[int] = []
    many = BATCH[Records.ACCOUNTS]
    table = table_of("name\n" + "".join(f"Company {number}\n" for number in range(many + 1)))
    new = NewImport(kind=Records.ACCOUNTS, file="clients.csv", reading=Reading())
    await desk.carry_out(admin, new, table, steps.append)
    assert steps == [many, 1]
    assert len(await accounts_of(firm)) == many + 1


class PowerCut(Exception):
    """The process is gone."""


async def broken_off(desk: ImportDesk, actor: Actor, content: str, **reading: Any) -> None:
    """An import whose process dies after the first transaction."""

    def die(_count: int) -> None:
        raise PowerCut

    new = NewImport(
        kind=Records.ACCOUNTS,
        file="clients.csv",
        reading=Reading(**reading),
        digest=digest_of(Records.ACCOUNTS, Reading(**reading), content.encode()),
    )
    with pytest.raises(PowerCut):
        await desk.carry_out(actor, new, table_of(content, **reading), die)


async def test_an_import_that_was_broken_off_is_gone_on_with_and_undone_as_a_whole(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, clock: FrozenClock
) -> None:
    many = BATCH[Records.ACCOUNTS] * 2
    content = "name\n" + "".join(f"Company {number}\n" for number in range(many)) + "***\n"
    await broken_off(desk, admin, content)
    with pytest.raises(AlreadyDone, match="being imported already, as I-1"):
        await take(desk, admin, content)
    clock.advance(minutes=2)
    run = await carried_out(desk, admin, content)
    assert run.kept is not None
    assert (run.kept.code, run.tally[Fate.MADE], run.tally[Fate.REFUSED]) == ("I-1", many, 1)
    assert len(run.verdicts) == many + 1 - BATCH[Records.ACCOUNTS]
    assert run.kept.operation is not None
    await firm.operations.undo(firm.admin, run.kept.operation.id)
    assert await accounts_of(firm) == []


async def test_what_was_broken_off_can_be_undone_once_nobody_is_at_it(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, clock: FrozenClock
) -> None:
    content = "name\n" + "".join(f"Company {number}\n" for number in range(BATCH[Records.ACCOUNTS] * 2))
    await broken_off(desk, admin, content)
    (begun,) = await desk.latest(admin)
    assert begun.operation is not None
    with pytest.raises(NotYet, match="I-1 is still under way"):
        await firm.operations.undo(firm.admin, begun.operation.id)
    clock.advance(minutes=2)
    await firm.operations.undo(firm.admin, begun.operation.id)
    assert await accounts_of(firm) == []


async def test_undoing_an_import_keeps_what_is_in_use(firm: FirmDesks, desk: ImportDesk, admin: Actor) -> None:
    run = await carried_out(desk, admin, "name\nAcme\nZenith\n")
    (acme, _people), _zenith = await accounts_of(firm)
    await firm.captured("Acme", account_id=acme.id)
    assert run.kept is not None
    assert run.kept.operation is not None
    undone = await firm.operations.undo(firm.admin, run.kept.operation.id)
    assert [account.name for account, _people in await accounts_of(firm)] == ["Acme"]
    assert (undone.kept, await desk.names_of(admin, undone.rows)) == (1, ["A-1 “Acme”"])
    assert (await desk.find(admin, 1)).kept == 1


async def test_what_was_exported_makes_the_same_again(
    firm: FirmDesks, desk: ImportDesk, admin: Actor, clock: FrozenClock
) -> None:
    await take(desk, admin, "id,name,country,history,email\n7,=Acme,DE,-10 % in 2019,a@acme.example\n", key="id")
    await take(desk, admin, CONTACTS, Records.CONTACTS, key="id")
    await take(desk, admin, LEADS, Records.LEADS, channel="conference")
    await take(desk, admin, DEALS, Records.DEALS, **HOW)
    for lead in (await leads_of(firm))[1:]:
        await firm.leads.rescreen(firm.seller, lead.id, {"need": "clear"})
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="called"))
    await firm.leads.disqualify(firm.seller, lead.id, "spam", "not serious")
    twin = await firm.captured("Acme Ltd", by=firm.seller)
    await firm.leads.claim(firm.other_seller, twin.id)
    other = await found_firm(firm.store, clock, "T0BERLIN")
    there = await desk.acting(other.workspace_id, None, "import clients.csv")
    exports = ExportDesk(firm.store, WHOLE)
    contents = {kind: (await exports.export(admin, kind))[0] for kind in Records}
    for content, kind in ((contents[kind], kind) for kind in Records):
        assert set(fates(await take(desk, there, content, kind))) == {Fate.MADE}
    for kind, content in contents.items():
        copied, _count = await exports.export(there, kind)
        assert copied.decode() == content.decode()
    for kind, content in contents.items():
        assert Fate.MADE not in fates(await take(desk, admin, content, kind))
        assert (await exports.export(admin, kind))[0] == content


async def test_an_export_is_kept_in_the_log(firm: FirmDesks, admin: Actor, database: Database) -> None:
    await ExportDesk(firm.store, WHOLE).export(admin, Records.LEADS)
    last = dict(await all_rows(database))["audit_events"][-1]
    assert "member.exported_leads" in last


async def test_only_who_may_import_imports_and_exports(firm: FirmDesks, desk: ImportDesk) -> None:
    with pytest.raises(NotAllowed, match="Only management or admin may import records"):
        await desk.acting(firm.workspace_id, firm.seller.slack_id, "import clients.csv")
    with pytest.raises(NotAllowed):
        await take(desk, firm.seller, "name\nAcme\n")
    with pytest.raises(NotAllowed):
        await ExportDesk(firm.store, WHOLE).export(firm.seller, Records.LEADS)
    with pytest.raises(NotFound):
        await desk.acting(firm.workspace_id, "U0NOBODY", "import clients.csv")


NUMBERS = count()
TEXTS = st.sampled_from(["", "Ann", "ann", "Bob"])
EMAILS = st.sampled_from(["", "a@x.example", "b@x.example"])
PHONES = st.sampled_from(["", "+442079460123", "+442079460999"])
COMPANIES = st.sampled_from(["Acme", "ACME Ltd", "Zenith"])
INDUSTRIES = st.sampled_from(["", "retail", "software"])
PEOPLE = st.lists(st.tuples(COMPANIES, INDUSTRIES, TEXTS, EMAILS, PHONES), min_size=1, max_size=8)


@tried_on_a_database
@given(PEOPLE)
async def test_whatever_stands_in_a_file_its_second_import_changes_nothing(
    sqlite_database: Database, table: list[tuple[str, ...]]
) -> None:
    clock = FrozenClock()
    firm = await found_firm(Store(sqlite_database, clock), clock, f"T{next(NUMBERS)}")
    desk = ImportDesk(firm.store, WHOLE)
    actor = await desk.acting(firm.workspace_id, None, "import clients.csv")
    people = ["contact_name", "email", "phone"]
    for kind, header in (
        (Records.ACCOUNTS, ["name", "industry", *people]),
        (Records.LEADS, ["company", "industry", *people]),
    ):
        content = write_sheet([*header, "channel"], [[*row, "web"] for row in table])
        await take(desk, actor, content, kind)
        before = await all_rows(sqlite_database)
        assert set(fates(await take(desk, actor, content, kind))) == {Fate.THERE}
        assert await all_rows(sqlite_database) == before
