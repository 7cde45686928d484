"""What people do with accounts: look them up, keep them right, and make one of two records of the same company."""

from dataclasses import replace
from datetime import timedelta

from domain.core.countries import checked_country_code
from domain.core.language import _
from domain.core.messages import Destination
from domain.core.operations import Operation
from domain.core.people import Actor, Person, may
from domain.core.refusals import AlreadyDone, RuleBroken
from domain.sales.accounts import (
    EDIT_ACCOUNT,
    MERGE_RECORDS,
    SAID_OF_CONTACTS,
    SEE_ACCOUNTS,
    Account,
    AccountEdit,
    AccountLine,
    AccountMerge,
    AccountRefreshDue,
    AccountShown,
    Contact,
    NewContact,
    ask_at,
    called,
    checked_contact,
    checked_edit,
    is_old,
    plan_account_merge,
    plan_contact_merge,
    same_person,
)
from domain.sales.duplicates import Sought, find_matches
from domain.sales.pages import AccountCard, AccountList, AccountPage, AccountStep, Found, MergePreview, Suggestions
from domain.sales.phones import dialled_in
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, reads_slowly, record, writes
from usecases.sales.account_pages import account_card
from usecases.sales.account_upkeep import confirm_account, redraw_account
from usecases.sales.lookup import best_first, looked_up
from usecases.sales.merges import absorb_contact, also_kept, entered, merge_accounts
from usecases.sales.stale_forms import rebased_account, rebased_contact

MOST_LISTED = 40
MOST_FOUND = 20
MOST_ON_PAGE = 10
"""Open leads on an account's page; of what is over, fewer."""
MOST_OVER = 3
MOST_TOUCHES = 5
MOST_QUESTIONS = 3
"""Questions an owner is asked at once: so nobody finds more than three new ones in the morning."""
BATCH = 200
ASKED = tuple(name for name in SAID_OF_CONTACTS if name != "own_key")
"""What people are asked of a contact."""


class AccountDesk(Desk):
    """The use cases of accounts and contacts, by the rules of one playbook."""

    # Looking

    @reads
    def show(self, work: UnitOfWork, actor: Actor, account_id: int) -> AccountPage:
        """Everything about one account, or the one it was merged into.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_ACCOUNTS)
        return self._page(work, work.accounts.standing(account_id))

    @reads
    def show_to_edit(self, work: UnitOfWork, actor: Actor, account_id: int) -> AccountPage:
        """The same, for somebody who wants to change it.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        return self._page(work, work.accounts.standing(account_id))

    @reads
    def show_to_merge(self, work: UnitOfWork, actor: Actor, account_id: int) -> AccountPage:
        """The same, for somebody who wants to merge it with another.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, MERGE_RECORDS)
        return self._page(work, work.accounts.standing(account_id))

    @reads
    def contact_to_edit(self, work: UnitOfWork, actor: Actor, contact_id: int) -> tuple[Contact, tuple[Contact, ...]]:
        """A contact, and the others of the same account.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        contact = work.accounts.contact(contact_id)
        people = work.accounts.contacts_of(contact.account_id)
        return contact, tuple(other for other in people if other.id != contact.id)

    @reads
    def find(self, work: UnitOfWork, actor: Actor, number: int) -> AccountCard:
        """The account with this number, as in `A-12`, or the one it was merged into.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_ACCOUNTS)
        return account_card(work, work.accounts.by_number(number).id)

    @reads_slowly
    def mine(self, work: UnitOfWork, actor: Actor) -> AccountList:
        """The accounts the actor owns."""
        check_permission(work, actor, SEE_ACCOUNTS)
        lines = work.directory.owned_by(actor.member_id, MOST_LISTED)
        found = tuple(self._found(work, line) for line in lines)
        return AccountList(found=found, total=work.directory.count_owned_by(actor.member_id))

    @reads_slowly
    def search(self, work: UnitOfWork, actor: Actor, words: str) -> AccountList:
        """Accounts by parts of their names in any order, similar names, e-mail address or domain, phone number, or contacts."""
        check_permission(work, actor, SEE_ACCOUNTS)
        via = looked_up(work, words, actor.country)
        lines = best_first(work.directory.lines(list(via)), words)
        found = tuple(self._found(work, line, via[line.account.id]) for line in lines[:MOST_FOUND])
        return AccountList(found=found, total=len(lines) if len(lines) <= MOST_FOUND else None)

    @reads_slowly
    def suggest(self, work: UnitOfWork, actor: Actor, account_id: int, words: str) -> Suggestions:
        """Which accounts may be the same as this one: the likeliest, and those that somebody's words find.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, MERGE_RECORDS)
        account = work.accounts.standing(account_id)
        if words.strip():
            found = [account_id for account_id in looked_up(work, words, actor.country) if account_id != account.id]
            lines = best_first(work.directory.lines(found), words)[:MOST_FOUND]
            return Suggestions(likely=(), found=tuple(line.account for line in lines))
        people = work.accounts.contacts_of(account.id)
        sought = Sought.of(account.name, people)
        others = [candidate for candidate in work.accounts.sharing(sought) if candidate.account.id != account.id]
        return Suggestions(likely=tuple(find_matches(sought, others)), found=())

    def _found(self, work: UnitOfWork, line: AccountLine, via: str | None = None) -> Found:
        return Found(line=line, via=via, is_old=self._is_old(work, line.account))

    def _is_old(self, work: UnitOfWork, account: Account) -> bool:
        return is_old(account, self.sales.refresh_days(account.tier), work.now)

    def _page(self, work: UnitOfWork, account: Account) -> AccountPage:
        return AccountPage(
            now=work.now,
            account=account,
            owner=_person(work, account.owner_id),
            contacts=tuple(work.accounts.contacts_of(account.id)),
            open_leads=tuple(work.leads.latest_of_account(account.id, MOST_ON_PAGE, is_open=True)),
            closed_leads=tuple(work.leads.latest_of_account(account.id, MOST_OVER, is_open=False)),
            leads=work.leads.count_of_account(account.id),
            deals=tuple(work.deals.latest_of(account.id, MOST_OVER)),
            outcomes=work.deals.outcomes_of(account.id),
            touches=tuple(work.touches.last_at(account.id, MOST_TOUCHES)),
            operation=work.operations.last_about("account", account.id),
            is_old=self._is_old(work, account),
        )

    @writes
    def share(self, work: UnitOfWork, actor: Actor, account_id: int, channel: str) -> AccountStep:
        """Show an account to everybody in a channel, as a card that stays current.

        Raises NotAllowed, NotFound, RuleBroken when it is asked for outside any channel.
        """
        check_permission(work, actor, SEE_ACCOUNTS)
        account = work.accounts.standing(account_id)
        if not channel:
            raise RuleBroken(_("Press this in the channel that is to see the account."))
        once = f"account.shown:{account.id}:{channel}:{actor.request_key or work.now.isoformat()}"
        work.outbox.put(
            AccountShown(account_id=account.id), Destination(channel=channel, member_id=actor.member_id), once=once
        )
        return AccountStep(account=account)

    # Keeping right

    @writes
    def edit(
        self, work: UnitOfWork, actor: Actor, account_id: int, edit: AccountEdit, shown: AccountEdit | None = None
    ) -> AccountStep:
        """Say something else of an account than a form has `shown`; whoever does so has looked at it, so it counts as confirmed.
        It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it was merged meanwhile, FormRefused, RuleBroken (with the field).
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        account = self._standing(work, account_id)
        edit = rebased_account(work, account, edit, shown, self.sales)
        edited = self._edited(work, actor, account, checked_edit(edit))
        changes = {
            name: getattr(edited, name) for name in vars(account) if getattr(account, name) != getattr(edited, name)
        }
        operation = None
        if changes:
            operation = _operation(work, actor, account, "account.edited", _("Edited {code} {name}."))
            work.accounts.update(account, **changes)
            before = {name: getattr(account, name) for name in changes}
            record(work, actor, "account.edited", account.id, before=before, after=changes)
        confirm_account(work, actor, account, "edited" if changes else "confirmed")
        return AccountStep(account=work.accounts.get(account.id), operation=operation)

    def _edited(self, work: UnitOfWork, actor: Actor, account: Account, edit: AccountEdit) -> Account:
        country = edit.country
        if country and country != account.country:
            country = checked_country_code(country, "country")
        if edit.tier and edit.tier != account.tier and not self.sales.tier(edit.tier):
            raise RuleBroken(_("Pick one of the tiers."), field="tier")
        return replace(
            account,
            name=edit.name,
            industry=edit.industry,
            country=country,
            tier=edit.tier,
            owner_id=_owner(work, account, edit.owner),
            history=entered(work, actor, account, edit.entry) if edit.entry else account.history,
        )

    @writes
    def confirm(self, work: UnitOfWork, actor: Actor, account_id: int) -> AccountStep:
        """Say that the record is right.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        account = work.accounts.standing(account_id)
        confirm_account(work, actor, account)
        return AccountStep(account=work.accounts.get(account.id))

    @writes
    def add_contact(self, work: UnitOfWork, actor: Actor, account_id: int, new: NewContact) -> AccountStep:
        """Keep a person at an account. It can be undone.

        Raises NotAllowed, NotFound, FormRefused, RuleBroken, AlreadyDone when they are known there or the account was merged meanwhile.
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        account = self._standing(work, account_id)
        new = _checked_person(actor, account, new)
        known = same_person(new, work.accounts.contacts_of(account.id))
        if known:
            raise AlreadyDone(_("{person} is known there already.").format(person=called(known)))
        summary = _("Added {person} to {code} {name}.")
        operation = _operation(work, actor, account, "account.contact_added", summary, person=called(new))
        contact = work.accounts.add_contact(account, new)
        after = {"account_id": account.id, "name": contact.name, "email": contact.email, "phone": contact.phone}
        record(work, actor, "contact.kept", contact.id, after=after)
        redraw_account(work, account.id)
        return AccountStep(account=account, operation=operation)

    @writes
    def edit_contact(
        self, work: UnitOfWork, actor: Actor, contact_id: int, said: NewContact, shown: NewContact | None = None
    ) -> AccountStep:
        """Say something else of a contact than a form has `shown`. It can be undone.

        Raises NotAllowed, NotFound, FormRefused, RuleBroken.
        """
        check_permission(work, actor, EDIT_ACCOUNT)
        contact = work.accounts.contact(contact_id)
        account = work.accounts.standing(contact.account_id)
        said = _checked_person(actor, account, rebased_contact(contact, said, shown), contact)
        changes = {name: getattr(said, name) for name in ASKED if getattr(said, name) != getattr(contact, name)}
        if not changes:
            return AccountStep(account=account)
        summary = _("Edited {person} of {code} {name}.")
        operation = _operation(work, actor, account, "account.contact_edited", summary, person=called(contact))
        work.accounts.update_contact(replace(contact, **changes))
        work.accounts.refile(account)
        before = {name: getattr(contact, name) for name in changes}
        record(work, actor, "contact.edited", contact.id, before=before, after=changes)
        redraw_account(work, account.id)
        return AccountStep(account=account, operation=operation)

    def _standing(self, work: UnitOfWork, account_id: int) -> Account:
        """The account, unless it was merged while somebody was looking at it."""
        account = work.accounts.get(account_id)
        if account.merged_into_id is None:
            return account
        survivor = work.accounts.get(account.merged_into_id)
        raise AlreadyDone(
            _("{code} has been merged into {other} meanwhile. Please look there.").format(
                code=account.code, other=f"{survivor.code} {survivor.name}"
            )
        )

    # Making one of two

    @reads
    def preview_merge(self, work: UnitOfWork, actor: Actor, stays_id: int, goes_id: int) -> MergePreview:
        """What would become of two accounts that are one company.

        Raises NotAllowed, NotFound, RuleBroken (field `other`) for one account with itself, AlreadyDone.
        """
        plan = self._planned(work, actor, stays_id, goes_id)
        owners = {owner_id for owner_id in (plan.stays.owner_id, plan.goes.owner_id) if owner_id}
        return MergePreview(
            plan=plan,
            leads=tuple(work.leads.latest_of_account(plan.goes.id, MOST_ON_PAGE, is_open=True)),
            lead_count=work.leads.count_of_account(plan.goes.id),
            deal_count=sum(work.deals.outcomes_of(plan.goes.id).values()),
            owners={owner_id: work.members.get(owner_id).person for owner_id in owners},
        )

    def _planned(self, work: UnitOfWork, actor: Actor, stays_id: int, goes_id: int) -> AccountMerge:
        check_permission(work, actor, MERGE_RECORDS)
        if stays_id == goes_id:
            raise RuleBroken(_("This is the account itself. Which other one is the same company?"), field="other")
        stays, goes = self._standing(work, stays_id), self._standing(work, goes_id)
        return plan_account_merge(stays, goes, work.accounts.contacts_of(stays.id), work.accounts.contacts_of(goes.id))

    @writes
    def merge(self, work: UnitOfWork, actor: Actor, stays_id: int, goes_id: int) -> AccountStep:
        """Make one of two records of a company: everything of the one that goes moves to the one that stays. It can be undone.

        Raises NotAllowed, NotFound, RuleBroken, AlreadyDone when one of them was merged meanwhile.
        """
        plan = self._planned(work, actor, stays_id, goes_id)
        summary, other = _("Merged {other} into {code} {name}."), f"{plan.goes.code} {plan.goes.name}"
        operation = _operation(work, actor, plan.stays, "account.merged", summary, other=other)
        merge_accounts(work, actor, plan, self.sales)
        return AccountStep(account=work.accounts.get(plan.stays.id), operation=operation)

    @writes
    def merge_contacts(self, work: UnitOfWork, actor: Actor, stays_id: int, goes_id: int) -> AccountStep:
        """Make one of two records of a person at one account. It can be undone.

        Raises NotAllowed, NotFound, RuleBroken (field `other`).
        """
        check_permission(work, actor, MERGE_RECORDS)
        stays, goes = work.accounts.contact(stays_id), work.accounts.contact(goes_id)
        if stays.id == goes.id:
            raise RuleBroken(_("These two are one record already."), field="other")
        if stays.account_id != goes.account_id:
            raise RuleBroken(_("They are kept at different accounts. Merge those first."), field="other")
        account = work.accounts.standing(stays.account_id)
        plan = plan_contact_merge(stays, goes)
        summary, names = _("Made one of {person} and {other} of {code} {name}."), (called(stays), called(goes))
        operation = _operation(
            work, actor, account, "account.contacts_merged", summary, person=names[0], other=names[1]
        )
        absorb_contact(work, actor, plan)
        work.accounts.refile(account)
        said = also_kept(plan)
        if said:
            work.accounts.update(account, history=entered(work, actor, account, said))
        redraw_account(work, account.id)
        return AccountStep(account=account, operation=operation)

    # Asking owners

    async def ask_refresh(self, workspace_id: str) -> int:
        """Plan questions to owners of accounts that nobody has confirmed for long, for their next working morning.

        Nobody is asked about more than three at once, the longest unconfirmed first. Returns how many were planned.
        """

        def body(work: UnitOfWork) -> int:
            old = self._to_ask(work)
            for account_id, owner_id in old:
                due_at = ask_at(work.now, work.members.hours(owner_id))
                work.reminders.add(AccountRefreshDue.kind, account_id, owner_id, due_at)
            return len(old)

        if not await self.store.read_slow(workspace_id, self._to_ask):
            return 0
        return await self.store.write(workspace_id, body)

    def _to_ask(self, work: UnitOfWork) -> list[tuple[int, int]]:
        limits = {tier.id: work.now - timedelta(days=tier.refresh_days) for tier in self.sales.accounts.tiers}
        limit = work.now - timedelta(days=self.sales.accounts.refresh_days)
        return work.directory.to_refresh(limits, limit, MOST_QUESTIONS, BATCH)


def _operation(work: UnitOfWork, actor: Actor, account: Account, kind: str, summary: str, **more: str) -> Operation:
    """Begin an operation on an account; `summary` has places for its `{code}` and `{name}`, and for what is in `more`."""
    said = summary.format(code=account.code, name=account.name, **more)
    return work.operations.begin(actor, kind, account.id, said)


def _person(work: UnitOfWork, member_id: int | None) -> Person | None:
    return work.members.get(member_id).person if member_id else None


def _owner(work: UnitOfWork, account: Account, slack_id: str | None) -> int | None:
    """The member that is to own an account: nobody, whoever did before, or somebody who may keep it right."""
    member = work.members.find(slack_id) if slack_id else None
    if slack_id and member is None:
        raise RuleBroken(_("I do not know them yet. Please try again once they have used Rainmaker."), field="owner")
    if member and member.id != account.owner_id:
        actor = work.members.actor(member.slack_id)
        if actor is None or not may(actor.roles, EDIT_ACCOUNT):
            sentence = _("{name} may not edit accounts, so they could not keep it right.")
            raise RuleBroken(sentence.format(name=member.name), field="owner")
    return member.id if member else None


def _checked_person(actor: Actor, account: Account, new: NewContact, known: Contact | None = None) -> NewContact:
    home = dialled_in(known.country if known else None, account.country, actor.country)
    checked = checked_contact(new, home)
    if checked.is_empty:
        raise RuleBroken(_("A name, an e-mail address or a phone number, please."), field="name")
    return checked
