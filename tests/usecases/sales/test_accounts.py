"""What people do with accounts, on both databases: look them up, keep them right, merge them, and take it back."""

from dataclasses import replace
from typing import Any

import pytest

from domain.core.people import Actor, Profile
from domain.core.refusals import AlreadyDone, FormRefused, NotAllowed, NotFound, Refusal, RuleBroken
from domain.core.reminders import ReminderState
from domain.sales.accounts import Account, AccountEdit, AccountRefreshDue, Contact, NewAccount, NewContact
from domain.sales.deals import DealOutcome, NewDeal
from domain.sales.duplicates import Sought, find_matches
from domain.sales.leads import Lead, NewLead, NewTouch, TouchKind
from domain.sales.pages import AccountStep
from storage.engine.relations import UNDOABLE
from storage.unit_of_work import UnitOfWork
from tests.firm import FirmDesks, found_firm

TOM = NewContact(name="Tom Bradley", email="tom@acme.example", phone="+442079460000")


async def made(firm: FirmDesks, name: str = "Acme Ltd", *people: NewContact, **said: Any) -> Account:
    """An account with its contacts."""
    return await firm.store.write(
        firm.workspace_id, lambda work: work.accounts.add(NewAccount(name=name, **said), people)
    )


async def read(firm: FirmDesks, account: Account) -> Account:
    """The account's own record as it is now, even if it was merged."""
    return await firm.store.read(firm.workspace_id, lambda work: work.accounts.get(account.id))


async def people_of(firm: FirmDesks, account: Account) -> list[Contact]:
    """The contacts of an account."""
    return await firm.store.read(firm.workspace_id, lambda work: work.accounts.contacts_of(account.id))


def as_it_is(account: Account, **said: Any) -> AccountEdit:
    """The form as it would be filled in, with something else said."""
    known: dict[str, Any] = {name: getattr(account, name) for name in ("name", "industry", "country", "tier")}
    return AccountEdit(**(known | said))


async def names_found(firm: FirmDesks, words: str) -> list[str]:
    """The names of the accounts a search finds."""
    listed = await firm.accounts.search(firm.consultant, words)
    return [found.line.account.name for found in listed.found]


async def rows(firm: FirmDesks) -> dict[str, list[Any]]:
    """Everything in the tables whose changes can be undone, but for the counts of changes."""

    def body(connection: Any) -> dict[str, list[Any]]:
        found = {}
        for table in sorted(UNDOABLE, key=lambda table: table.name):
            columns = [column for column in table.columns if column.name != "version"]
            found[table.name] = sorted(
                repr(tuple(row)) for row in connection.execute(table.select().with_only_columns(*columns))
            )
        return found

    return await firm.store.database.read(body)  # type: ignore[attr-defined]


# Looking


@pytest.mark.parametrize(
    "words",
    [
        "Fjordline Ferries",
        "ferries fjordline",
        "fjord",
        "FERR",
        "Fjordlin Ferries",
        "tom@fjordline.example",
        "fjordline.example",
        "@fjordline.example",
        "+44 20 7946 0000",
        "020 7946 0000",
        "bradley tom",
        "Ömer",
        "ömer yıl",
    ],
)
@pytest.mark.both
async def test_an_account_is_found_by_whatever_one_remembers_of_it(firm: FirmDesks, words: str) -> None:
    tom = replace(TOM, email="tom@fjordline.example")
    await made(firm, "Fjordline Ferries AS", tom, NewContact(name="Ömer Yılmaz"))
    await made(firm, "Old Mill Bakeries", NewContact(name="Tim Bradley"))
    assert await names_found(firm, words) == ["Fjordline Ferries AS"]


@pytest.mark.both
async def test_chinese_japanese_and_korean_names_are_found_by_the_characters_in_them(firm: FirmDesks) -> None:
    await made(firm, "株式会社青空商事", NewContact(name="山田太郎"))
    await made(firm, "삼성 전자 주식회사")
    for words, name in (
        ("青空", "株式会社青空商事"),
        ("商事", "株式会社青空商事"),
        ("空 商", "株式会社青空商事"),
        ("㈱青空商事", "株式会社青空商事"),
        ("太郎", "株式会社青空商事"),
        ("전자", "삼성 전자 주식회사"),
    ):
        assert await names_found(firm, words) == [name], words
    assert await names_found(firm, "商空") == []


@pytest.mark.parametrize("words", ["%", "_", "\\", "ill", "akeries", "tom", "...", "gmail.com", "+1 555", "A-1", "''"])
async def test_what_is_not_there_is_not_found(firm: FirmDesks, words: str) -> None:
    await made(firm, "Old Mill Bakeries", NewContact(name="Tim Bradley", email="tim@gmail.com"))
    assert await names_found(firm, words) == []


@pytest.mark.both
async def test_the_very_name_comes_first_and_then_what_is_hot(firm: FirmDesks) -> None:
    answers = {"need": "clear", "budget": "set", "decider": "yes", "timing": "quarter", "fit": "core"}
    await firm.captured("North Star")
    await firm.captured("North Bank")
    await firm.captured("North Gate", answers=answers)
    await made(firm, "North Ltd")
    assert await names_found(firm, "north") == ["North Ltd", "North Gate", "North Star", "North Bank"]


@pytest.mark.both
async def test_a_list_says_whose_accounts_are_and_how_hot(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd", answers={"need": "clear"})
    await firm.leads.claim(firm.seller, lead.id)
    [found] = (await firm.accounts.mine(firm.seller)).found
    assert (found.line.owner, found.line.open_leads, found.line.score) == (firm.seller.person, 1, 30)
    assert (await firm.accounts.mine(firm.other_seller)).total == 0


async def test_a_long_search_is_cut_and_says_so(firm: FirmDesks) -> None:
    for number in range(25):
        await made(firm, f"Acme {number}")
    listed = await firm.accounts.search(firm.seller, "acme")
    assert (len(listed.found), listed.total) == (20, None)


async def test_a_guest_sees_no_account(firm: FirmDesks) -> None:
    account = await made(firm)
    with pytest.raises(NotAllowed):
        await firm.accounts.show(firm.guest, account.id)
    with pytest.raises(NotAllowed):
        await firm.accounts.search(firm.guest, "acme")


async def test_the_page_shows_what_belongs_to_the_account(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd", contact=TOM)
    await firm.leads.claim(firm.seller, lead.id)
    await firm.leads.log_touch(firm.seller, lead.id, NewTouch(kind=TouchKind.CALL, key_points="They are keen"))
    over = await firm.captured("Acme Ltd", account_id=lead.account.id)
    await firm.leads.disqualify(firm.seller, over.id, "no_need")
    deal = NewDeal(title="Audit", account_id=lead.account.id, outcome=DealOutcome.WON)
    await firm.store.write(firm.workspace_id, lambda work: work.deals.add(deal))
    page = await firm.accounts.show(firm.seller, lead.account.id)
    assert [contact.name for contact in page.contacts] == ["Tom Bradley"]
    assert ([one.id for one in page.open_leads], [one.id for one in page.closed_leads]) == ([lead.id], [over.id])
    assert page.outcomes == {DealOutcome.WON: 1}
    assert page.touches[0].key_points == "They are keen"
    assert page.owner == firm.seller.person


# Owners


async def test_whoever_first_claims_a_lead_of_an_account_owns_it(firm: FirmDesks) -> None:
    first = await firm.captured()
    second = await firm.captured("Acme Ltd", account_id=first.account.id)
    await firm.leads.claim(firm.seller, first.id)
    await firm.leads.claim(firm.other_seller, second.id)
    assert (await read(firm, first.account)).owner_id == firm.seller.member_id


@pytest.mark.parametrize("who", ["consultant", "guest"])
async def test_only_who_may_keep_an_account_right_can_own_it(firm: FirmDesks, who: str) -> None:
    account = await made(firm)
    with pytest.raises(RuleBroken) as broken:
        await firm.accounts.edit(firm.seller, account.id, as_it_is(account, owner=getattr(firm, who).slack_id))
    assert broken.value.field == "owner"


# Editing


async def test_an_edit_says_what_changed_files_anew_and_counts_as_confirmed(firm: FirmDesks) -> None:
    account = await made(firm, "Acme Ltd", TOM)
    edit = as_it_is(account, name="Zenith AG", country="norway", tier="key", owner=firm.other_seller.slack_id)
    step = await firm.accounts.edit(firm.seller, account.id, replace(edit, entry="Met at the fair"))
    after = step.account
    assert (after.name, after.country, after.tier) == ("Zenith AG", "NO", "key")
    assert after.owner_id == firm.other_seller.member_id
    assert after.history == "2026-03-03 Sam Seller: Met at the fair"
    assert after.confirmed_at == firm.clock.now()
    assert await names_found(firm, "zenith") == ["Zenith AG"]
    assert await names_found(firm, "acme ltd") == []
    assert await names_found(firm, "acme.example") == ["Zenith AG"]


async def test_what_is_added_to_the_history_stands_on_top_of_it(firm: FirmDesks) -> None:
    account = await made(firm, history="Client since 2019.")
    step = await firm.accounts.edit(firm.seller, account.id, as_it_is(account, entry="Their COO left."))
    assert step.account.history == "2026-03-03 Sam Seller: Their COO left.\nClient since 2019."


async def test_an_edit_is_undone_with_all_it_did(firm: FirmDesks) -> None:
    account = await made(firm, "Acme Ltd", TOM)
    before = await rows(firm)
    step = await firm.accounts.edit(firm.seller, account.id, as_it_is(account, name="Zenith AG", entry="x"))
    assert step.operation is not None
    assert await rows(firm) != before
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await rows(firm) == before


async def test_saving_a_form_as_it_was_only_confirms(firm: FirmDesks) -> None:
    account = await made(firm, country="Atlantis", tier="gone")
    step = await firm.accounts.edit(firm.seller, account.id, as_it_is(account))
    assert step.operation is None
    assert step.account == replace(account, confirmed_at=firm.clock.now())


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"industry": "x" * 201}, "industry"),
        ({"entry": "x" * 2001}, "entry"),
        ({"country": "Norwya"}, "country"),
        ({"country": "XX"}, "country"),
        ({"tier": "golden"}, "tier"),
        ({"owner": "U0NOBODY"}, "owner"),
    ],
)
async def test_what_no_account_may_be_is_refused_at_its_field(
    firm: FirmDesks, said: dict[str, str], field: str
) -> None:
    account = await made(firm)
    with pytest.raises(Refusal) as refused:
        await firm.accounts.edit(firm.seller, account.id, as_it_is(account, **said))
    assert field in (getattr(refused.value, "errors", None) or {refused.value.field})
    assert await read(firm, account) == account


async def test_a_consultant_edits_and_merges_nothing(firm: FirmDesks) -> None:
    one, other = await made(firm, "Acme Ltd", TOM), await made(firm, "Zenith AG")
    tom = (await people_of(firm, one))[0]
    for attempt in (
        firm.accounts.edit(firm.consultant, one.id, as_it_is(one)),
        firm.accounts.confirm(firm.consultant, one.id),
        firm.accounts.add_contact(firm.consultant, one.id, NewContact(name="Ann")),
        firm.accounts.edit_contact(firm.consultant, tom.id, NewContact(name="Ann")),
        firm.accounts.merge(firm.consultant, one.id, other.id),
        firm.accounts.merge_contacts(firm.consultant, tom.id, tom.id),
        firm.accounts.preview_merge(firm.consultant, one.id, other.id),
        firm.accounts.suggest(firm.consultant, one.id, ""),
    ):
        with pytest.raises(NotAllowed, match="Ask Sam Seller"):
            await attempt


async def test_a_contacts_number_is_dialled_from_their_accounts_country(firm: FirmDesks) -> None:
    account = await made(firm)
    await firm.accounts.edit(firm.seller, account.id, AccountEdit(name=account.name, country="US"))
    await firm.accounts.add_contact(firm.seller, account.id, NewContact(name="Pat", phone="415-555-0132 x7"))
    lead = NewLead(
        company="Acme", source="web", account_id=account.id, contact=NewContact(name="Jo", phone="415-555-0133")
    )
    captured = await firm.leads.capture(firm.seller, lead)
    assert isinstance(captured, Lead)
    said = replace(captured.contact or NewContact(), phone="415-555-0134")
    edited = NewLead(company=account.name, source="web", contact=NewContact(name=said.name, phone=said.phone))
    await firm.lead_edits.edit(firm.seller, captured.id, edited)
    assert {one.name: one.phone for one in await people_of(firm, account)} == {
        "Pat": "+14155550132;ext=7",
        "Jo": "+14155550134",
    }


async def test_a_contact_is_added_edited_and_both_undone(firm: FirmDesks) -> None:
    account = await made(firm)
    before = await rows(firm)
    added = await firm.accounts.add_contact(firm.seller, account.id, NewContact(name="Tom", phone="020 7946 0000"))
    [tom] = await people_of(firm, account)
    assert tom.phone == "+442079460000"
    edited = await firm.accounts.edit_contact(firm.seller, tom.id, replace(TOM, position="COO"))
    [tom] = await people_of(firm, account)
    assert (tom.name, tom.email, tom.position) == ("Tom Bradley", "tom@acme.example", "COO")
    assert await names_found(firm, "acme.example") == ["Acme Ltd"]
    for step in (edited, added):
        assert step.operation is not None
        await firm.operations.undo(firm.seller, step.operation.id)
    assert await rows(firm) == before


async def test_a_contact_nobody_can_tell_from_another_is_refused(firm: FirmDesks) -> None:
    account = await made(firm, "Acme Ltd", TOM)
    with pytest.raises(AlreadyDone, match="Tom Bradley is known there"):
        await firm.accounts.add_contact(firm.seller, account.id, NewContact(name="T", email="TOM@acme.example"))
    with pytest.raises(RuleBroken, match="A name, an e-mail"):
        await firm.accounts.add_contact(firm.seller, account.id, NewContact(position="COO"))
    with pytest.raises(FormRefused):
        await firm.accounts.add_contact(firm.seller, account.id, NewContact(name="T", email="nonsense"))


async def test_the_same_submission_twice_is_one(firm: FirmDesks) -> None:
    account = await made(firm)
    actor = firm.seller.within("modal account.edit", "V1:abc")
    first = await firm.accounts.edit(actor, account.id, as_it_is(account, entry="once"))
    assert await firm.accounts.edit(actor, account.id, as_it_is(account, entry="once")) == first
    assert (await read(firm, account)).history == "2026-03-03 Sam Seller: once"


# Merging


async def two(firm: FirmDesks) -> tuple[Account, Account, Lead]:
    """Two records of one company; the second has leads, deals, a contact of its own and one that both have."""
    stays = await made(firm, "Fjordline Ferries", TOM, industry="Transport", history="Client since 2019.", own_key="C1")
    lead = await firm.captured("Fjordlin Ferries", contact=NewContact(name="Tom Bradley", phone="+4722123456"))
    goes = lead.account
    await firm.leads.claim(firm.other_seller, lead.id)

    def body(work: UnitOfWork) -> None:
        work.accounts.update(
            work.accounts.get(goes.id), industry="Shipping", country="NO", history="Asked twice.", own_key="C2"
        )
        work.accounts.add_contact(goes, NewContact(name="Ingrid", email="ingrid@ferry.example", own_key="P2"))
        work.deals.add(NewDeal(title="Audit", account_id=goes.id))

    await firm.store.write(firm.workspace_id, body)
    return stays, await read(firm, goes), lead


async def test_everything_attached_moves_to_the_one_that_stays(firm: FirmDesks) -> None:
    stays, goes, lead = await two(firm)
    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    after = step.account
    assert (after.industry, after.country, after.owner_id) == ("Transport", "NO", firm.other_seller.member_id)
    assert after.history == (
        "2026-03-03 Sam Seller: A-2 Fjordlin Ferries was merged into this account. There it said: industry Shipping. "
        "Tom Bradley was also kept with phone +47 22 12 34 56.\nAsked twice.\nClient since 2019."
    )
    page = await firm.accounts.show(firm.seller, stays.id)
    assert [contact.name for contact in page.contacts] == ["Tom Bradley", "Ingrid"]
    assert [one.id for one in page.open_leads] == [lead.id]
    assert page.open_leads[0].contact == page.contacts[0]
    assert len(page.deals) == 1
    assert page.operation == step.operation


async def test_the_preview_says_what_the_merge_then_does(firm: FirmDesks) -> None:
    stays, goes, lead = await two(firm)
    preview = await firm.accounts.preview_merge(firm.seller, stays.id, goes.id)
    assert preview.plan.filled == {"country": "NO", "owner_id": firm.other_seller.member_id}
    assert preview.plan.differing == {"industry": "Shipping"}
    assert [contact.name for contact in preview.plan.moving] == ["Ingrid"]
    assert [one.goes.phone for one in preview.plan.same_people] == ["+4722123456"]
    assert ([one.id for one in preview.leads], preview.lead_count, preview.deal_count) == ([lead.id], 1, 1)


async def test_the_one_that_goes_leads_to_the_one_that_stays_and_is_in_no_list(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    await firm.accounts.merge(firm.seller, stays.id, goes.id)
    assert (await firm.accounts.show(firm.seller, goes.id)).account.id == stays.id
    assert (await firm.accounts.find(firm.seller, goes.number)).line.account.id == stays.id
    assert await names_found(firm, "fjordlin ferries") == ["Fjordline Ferries"]
    assert await names_found(firm, "ferry.example") == ["Fjordline Ferries"]
    again = await firm.captured("Fjordlin Ferries", account_id=goes.id)
    assert again.account.id == stays.id

    def body(work: UnitOfWork) -> tuple[list[int], list[int], list[int]]:
        sought = Sought.of("Fjordlin Ferries")
        matches = find_matches(sought, work.accounts.sharing(sought))
        return (
            [match.account.id for match in matches],
            [account.id for account, _people in work.accounts.everything()],
            [account.id for account in work.accounts.called(["fjordlin ferries"])["fjordlin ferries"]],
        )

    assert await firm.store.read(firm.workspace_id, body) == ([stays.id], [stays.id], [stays.id])


async def test_the_other_name_still_finds_the_survivor_after_it_was_renamed(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    await firm.accounts.edit(firm.seller, stays.id, as_it_is(step.account, name="Nordic Lines"))
    assert await names_found(firm, "Fjordlin Ferries") == ["Nordic Lines"]


@pytest.mark.both
async def test_an_undone_merge_leaves_every_row_as_it_was(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    before = await rows(firm)
    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    assert step.operation is not None
    assert await rows(firm) != before
    undone = await firm.operations.undo(firm.seller, step.operation.id)
    assert (await rows(firm), undone.kept) == (before, 0)
    assert await names_found(firm, "Fjordlin Ferries") == ["Fjordlin Ferries", "Fjordline Ferries"]


async def test_whoever_takes_an_account_over_has_what_belongs_to_it_until_that_is_undone(firm: FirmDesks) -> None:
    stays, goes = await made(firm, "Acme Ltd"), await made(firm, "Zenith")
    hello = NewTouch(kind=TouchKind.CALL, key_points="hello")
    await firm.store.write(
        firm.workspace_id, lambda work: work.touches.add("account", goes.id, hello, firm.seller.member_id)
    )

    async def touched() -> list[list[str]]:
        return await firm.store.read(
            firm.workspace_id,
            lambda work: [[touch.key_points for touch in work.touches.last_at(one.id, 9)] for one in (stays, goes)],
        )

    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    assert await touched() == [["hello"], []]
    assert step.operation
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await touched() == [[], ["hello"]]


async def test_a_merge_is_undone_for_ten_minutes_by_who_did_it_and_later_by_an_admin(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    assert step.operation is not None
    with pytest.raises(NotAllowed, match="Sam Seller"):
        await firm.operations.undo(firm.other_seller, step.operation.id)
    firm.clock.advance(minutes=11)
    with pytest.raises(NotAllowed, match="an admin"):
        await firm.operations.undo(firm.seller, step.operation.id)
    await firm.operations.undo(firm.admin, step.operation.id)
    assert (await read(firm, goes)).merged_into_id is None


async def test_what_was_said_since_a_merge_survives_its_undoing(firm: FirmDesks) -> None:
    stays, goes, lead = await two(firm)
    step = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    await firm.accounts.edit(
        firm.other_seller, stays.id, as_it_is(step.account, country="SE", owner=firm.seller.slack_id)
    )
    assert step.operation is not None
    undone = await firm.operations.undo(firm.seller, step.operation.id)
    assert undone.kept == 1
    assert (await read(firm, stays)).country == "SE"
    assert (await firm.leads.show(firm.seller, lead.id)).lead.account.id == goes.id


async def test_a_chain_of_merges_leads_to_its_end_and_back(firm: FirmDesks) -> None:
    a, b, c = await made(firm, "Acme A", TOM), await made(firm, "Acme B"), await made(firm, "Acme C")
    before = await rows(firm)
    first = await firm.accounts.merge(firm.seller, b.id, a.id)
    second = await firm.accounts.merge(firm.seller, c.id, b.id)
    assert (await read(firm, a)).merged_into_id == c.id
    assert (await firm.accounts.show(firm.seller, a.id)).account.id == c.id
    assert await names_found(firm, "acme a") == ["Acme C"]
    for step in (second, first):
        assert step.operation is not None
        await firm.operations.undo(firm.seller, step.operation.id)
    assert await rows(firm) == before


async def test_what_cannot_be_merged_is_refused_in_words(firm: FirmDesks) -> None:
    a, b, c = await made(firm, "Acme A"), await made(firm, "Acme B"), await made(firm, "Acme C")
    with pytest.raises(RuleBroken, match="the account itself"):
        await firm.accounts.merge(firm.seller, a.id, a.id)
    await firm.accounts.merge(firm.seller, b.id, a.id)
    with pytest.raises(AlreadyDone, match="A-1 has been merged into A-2 Acme B meanwhile"):
        await firm.accounts.merge(firm.seller, a.id, c.id)
    with pytest.raises(AlreadyDone, match="A-1 has been merged"):
        await firm.accounts.preview_merge(firm.seller, c.id, a.id)
    with pytest.raises(AlreadyDone, match="A-1 has been merged"):
        await firm.accounts.edit(firm.seller, a.id, as_it_is(a))
    with pytest.raises(NotFound):
        await firm.accounts.merge(firm.seller, b.id, 999)


async def test_a_merge_submitted_twice_is_one(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    actor = firm.seller.within("modal", "V1:merge")
    assert await firm.accounts.merge(actor, stays.id, goes.id) == await firm.accounts.merge(actor, stays.id, goes.id)


async def test_a_key_that_has_moved_on_stays_where_it_is_when_the_first_move_is_undone(firm: FirmDesks) -> None:
    first, second, keyed = await made(firm, "A"), await made(firm, "B"), await made(firm, "C", own_key="K1")
    moved = await firm.accounts.merge(firm.seller, second.id, keyed.id)
    on = await firm.accounts.merge(firm.seller, first.id, second.id)
    assert moved.operation
    assert on.operation
    undone = await firm.operations.undo(firm.seller, moved.operation.id)
    assert ("accounts", keyed.id) in undone.rows
    assert [(await read(firm, one)).own_key for one in (first, second, keyed)] == ["K1", None, None]
    await firm.operations.undo(firm.seller, on.operation.id)
    assert [(await read(firm, one)).own_key for one in (first, second, keyed)].count("K1") == 1


async def test_a_key_moves_to_a_survivor_without_one_and_stays_with_who_else_has_one(firm: FirmDesks) -> None:
    keyless, keyed, other = (
        await made(firm, "A"),
        await made(firm, "B", own_key="K1"),
        await made(firm, "C", own_key="K2"),
    )
    step = await firm.accounts.merge(firm.seller, keyless.id, keyed.id)
    assert step.account.own_key == "K1"
    await firm.accounts.merge(firm.seller, other.id, keyless.id)
    assert ((await read(firm, keyless)).own_key, (await read(firm, other)).own_key) == ("K1", "K2")


async def test_likely_duplicates_are_suggested_first_and_others_by_words(firm: FirmDesks) -> None:
    stays, goes, _lead = await two(firm)
    await made(firm, "Old Mill Bakeries")
    likely = await firm.accounts.suggest(firm.seller, stays.id, "")
    assert [match.account.id for match in likely.likely] == [goes.id]
    found = await firm.accounts.suggest(firm.seller, stays.id, "mill")
    assert [account.name for account in found.found] == ["Old Mill Bakeries"]
    assert (await firm.accounts.suggest(firm.seller, stays.id, "fjordline ferries")).found == (await read(firm, goes),)


async def test_two_contacts_become_one_and_two_again(firm: FirmDesks) -> None:
    lead = await firm.captured("Acme Ltd", contact=NewContact(name="T. Bradley", email="tb@acme.example"))
    account = lead.account
    await firm.accounts.add_contact(firm.seller, account.id, TOM)
    tb, tom = await people_of(firm, account)
    before = await rows(firm)
    step = await firm.accounts.merge_contacts(firm.seller, tom.id, tb.id)
    assert [contact.name for contact in await people_of(firm, account)] == ["Tom Bradley"]
    assert (await firm.leads.show(firm.seller, lead.id)).lead.contact == tom
    assert "also kept with name T. Bradley, e-mail tb@acme.example" in str((await read(firm, account)).history)
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await rows(firm) == before


async def test_contacts_of_two_accounts_are_no_pair(firm: FirmDesks) -> None:
    one, other = await made(firm, "Acme Ltd", TOM), await made(firm, "Zenith AG", TOM)
    [tom], [other_tom] = await people_of(firm, one), await people_of(firm, other)
    with pytest.raises(RuleBroken, match="different accounts"):
        await firm.accounts.merge_contacts(firm.seller, tom.id, other_tom.id)
    with pytest.raises(RuleBroken, match="one record already"):
        await firm.accounts.merge_contacts(firm.seller, tom.id, tom.id)


async def test_another_workspace_has_none_of_it(firm: FirmDesks) -> None:
    one, other = await made(firm, "Acme Ltd", TOM), await made(firm, "Acme Holding")
    [tom] = await people_of(firm, one)
    strangers = await found_firm(firm.store, firm.clock, "T0OTHER")
    them = strangers.seller
    for attempt in (
        strangers.accounts.show(them, one.id),
        strangers.accounts.find(them, one.number),
        strangers.accounts.edit(them, one.id, as_it_is(one)),
        strangers.accounts.confirm(them, one.id),
        strangers.accounts.add_contact(them, one.id, NewContact(name="Ann")),
        strangers.accounts.edit_contact(them, tom.id, NewContact(name="Ann")),
        strangers.accounts.contact_to_edit(them, tom.id),
        strangers.accounts.merge(them, one.id, other.id),
        strangers.accounts.suggest(them, one.id, "acme"),
        strangers.accounts.share(them, one.id, "C1"),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert (await strangers.accounts.search(them, "acme")).found == ()
    assert await people_of(firm, one) == [tom]


# Asking owners


async def owned(firm: FirmDesks, name: str, by: Actor, **said: Any) -> Account:
    """An account of somebody's."""
    account = await made(firm, name, **said)

    def body(work: UnitOfWork) -> Account:
        work.accounts.adopt(account.id, by.member_id)
        return work.accounts.get(account.id)

    return await firm.store.write(firm.workspace_id, body)


async def questions(firm: FirmDesks, *accounts: Account) -> list[Any]:
    """The open question about each account, or None."""

    def body(work: UnitOfWork) -> list[Any]:
        return [work.reminders.open_for(AccountRefreshDue.kind, account.id) for account in accounts]

    return await firm.store.read(firm.workspace_id, body)


async def test_an_owner_is_asked_after_the_days_of_the_tier_on_their_next_morning(firm: FirmDesks) -> None:
    key = await owned(firm, "Key", firm.seller, tier="key")
    plain = await owned(firm, "Plain", firm.seller)
    nobodys = await made(firm, "Nobody's", tier="key")
    firm.clock.advance(days=89)
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 0
    firm.clock.advance(days=1)
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 1
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 0
    asked, not_yet, never = await questions(firm, key, plain, nobodys)
    assert (asked.member, asked.due_at.isoformat()) == (firm.seller.person, "2026-06-02T08:00:00+00:00")
    assert (not_yet, never) == (None, None)


@pytest.mark.both
async def test_nobody_is_asked_about_more_than_three_at_once_the_oldest_first(firm: FirmDesks) -> None:
    accounts = []
    for number in range(5):
        accounts.append(await owned(firm, f"Acme {number}", firm.seller))
        firm.clock.advance(minutes=1)
    other = await owned(firm, "Zenith", firm.other_seller)
    firm.clock.advance(days=200)
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 4
    assert [question is not None for question in await questions(firm, *accounts, other)] == [True] * 3 + [
        False
    ] * 2 + [True]
    await firm.accounts.confirm(firm.seller, accounts[0].id)
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 1
    assert [question is not None for question in await questions(firm, *accounts)] == [False, True, True, True, False]


async def test_one_click_on_the_question_confirms_the_account(firm: FirmDesks) -> None:
    account = await owned(firm, "Acme", firm.seller)
    firm.clock.advance(days=200)
    await firm.accounts.ask_refresh(firm.workspace_id)
    [question] = await questions(firm, account)
    with pytest.raises(NotAllowed, match="Sam Seller"):
        await firm.reminders.done(firm.other_seller, question.id)
    over = await firm.reminders.done(firm.seller, question.id)
    assert (over.state, over.closed_by, over.outcome) == (ReminderState.DONE, firm.seller.person, "confirmed")
    assert (await read(firm, account)).confirmed_at == firm.clock.now()
    with pytest.raises(AlreadyDone):
        await firm.reminders.done(firm.seller, question.id)


async def test_an_edit_answers_the_question_and_undoing_it_asks_again(firm: FirmDesks) -> None:
    account = await owned(firm, "Acme", firm.seller)
    firm.clock.advance(days=200)
    await firm.accounts.ask_refresh(firm.workspace_id)
    edit = as_it_is(account, industry="Dairy", owner=firm.seller.slack_id)
    step = await firm.accounts.edit(firm.other_seller, account.id, edit)
    assert await questions(firm, account) == [None]
    assert step.operation is not None
    await firm.operations.undo(firm.other_seller, step.operation.id)
    [question] = await questions(firm, account)
    assert question.member == firm.seller.person


@pytest.mark.parametrize("is_asked_about_both", [True, False])
async def test_a_question_follows_a_merge(firm: FirmDesks, is_asked_about_both: bool) -> None:
    goes = await owned(firm, "Acme", firm.seller)
    firm.clock.advance(days=0 if is_asked_about_both else 100)
    stays = await owned(firm, "Acme Holding", firm.other_seller)
    firm.clock.advance(days=181 if is_asked_about_both else 81)
    await firm.accounts.ask_refresh(firm.workspace_id)
    before = await rows(firm)
    step: AccountStep = await firm.accounts.merge(firm.seller, stays.id, goes.id)
    [of_goes, of_stays] = await questions(firm, goes, stays)
    assert (of_goes, of_stays.member) == (None, firm.other_seller.person)
    assert step.operation is not None
    await firm.operations.undo(firm.seller, step.operation.id)
    assert await rows(firm) == before


async def test_a_member_who_left_is_not_asked(firm: FirmDesks) -> None:
    await owned(firm, "Acme", firm.seller)

    def leave(work: UnitOfWork) -> None:
        member = work.members.get(firm.seller.member_id)
        work.members.learn(Profile(slack_id=member.slack_id, name=member.name, is_deleted=True))

    await firm.store.write(firm.workspace_id, leave)
    firm.clock.advance(days=200)
    assert await firm.accounts.ask_refresh(firm.workspace_id) == 0
