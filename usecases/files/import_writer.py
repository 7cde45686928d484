"""The records as an import changes them: for good, or only in a rehearsal.

What rows make and change is put in the cache, too. A rehearsal keeps its cache from batch to batch and writes nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from domain.core.people import Actor, Person
from domain.core.reminders import ReminderState, remind_at
from domain.files.columns import KEY
from domain.files.rows import PastOfLead
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account, Contact, NewAccount, NewContact
from domain.sales.company_names import normal_name
from domain.sales.deals import Deal, NewDeal
from domain.sales.duplicates import Candidate, Key, Sought, keys_of
from domain.sales.leads import FirstAnswerDue, FollowUpDue, Lead, NewLead
from domain.sales.screening import score_answers
from storage.unit_of_work import UnitOfWork
from usecases.desk import record
from usecases.files.import_lookup import ImportCache, ImportLookup
from usecases.sales.leads import begin_lead

MOST_ALIKE = 60
"""Imagined accounts with one key, the latest first, that are compared with a new one."""
SAID_OF_DEALS = tuple("title product outcome stage agent value opened_on closed_on own_key".split())


class ImportWriter(ImportLookup):
    """Everything is written in the transaction given, with an audit event for each record.

    `begin` is called before the first change: what is written from then on can be undone together.
    """

    def __init__(
        self,
        work: UnitOfWork,
        actor: Actor,
        playbook: SalesPlaybook,
        cache: ImportCache,
        begin: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__(work, cache)
        self.actor, self.playbook, self._begin = actor, playbook, begin

    def add_account(self, new: NewAccount, owner: Person | None = None) -> Account:
        """Make an account."""
        account = self._make_account(new)
        if owner:
            account = self._correct_account(account, {"owner_id": owner.id})
        self.cache.put(normal_name(account.name), account)
        if account.own_key:
            self.cache.accounts_by_key[account.own_key] = account
        self.cache.people[account.id] = []
        return account

    def change_account(self, known: Account, said: Mapping[str, Any]) -> Account:
        """Keep what is known of an account now."""
        now = self._correct_account(known, said)
        self._shelve(normal_name(known.name), now)
        return now

    def _shelve(self, former: str, now: Account) -> None:
        """Let an account that was changed stand wherever it stood, but under the name and key it has now, not under its former name."""
        name = normal_name(now.name)
        for other, accounts in self.cache.accounts_by_name.items():
            is_former = other == former != name
            accounts[:] = [now if one.id == now.id else one for one in accounts if not (is_former and one.id == now.id)]
        self.cache.put(name, now)
        for key, account in self.cache.accounts_by_key.items():
            if account and account.id == now.id:
                self.cache.accounts_by_key[key] = now
        if now.own_key:
            self.cache.accounts_by_key[now.own_key] = now

    def add_person(self, account: Account, new: NewContact) -> Contact:
        """Make a contact."""
        person = self._make_person(account, new)
        self.people_at(account).append(person)
        if person.own_key:
            self.cache.people_by_key[person.own_key] = person
        return person

    def change_person(self, account: Account, known: Contact, said: Mapping[str, Any]) -> Contact:
        """Keep what is known of a contact now."""
        now = self._correct_person(account, known, said)
        people = self.people_at(account)
        people[:] = [now if person.id == now.id else person for person in people]
        if now.own_key:
            self.cache.people_by_key[now.own_key] = now
        return now

    def add_lead(
        self, new: NewLead, past: PastOfLead, account: Account, contact: Contact | None, owner: Person | None
    ) -> Lead:
        """Make a lead like any captured one, except that no message announces it.

        Somebody who imports five hundred leads knows of them, and a channel with five hundred new cards helps nobody: they are in
        everybody's lists at once, and each has its reminder.
        """
        lead = self._make_lead(new, past, account, contact, owner)
        self.leads_of(account).append(lead)
        if lead.own_key:
            self.cache.leads_by_key[lead.own_key] = lead
        return lead

    def change_lead(self, known: Lead, said: Mapping[str, Any], owner: Person | None) -> Lead:
        """Keep what a file says of a lead now; `owner` is who owns it from now on, if nobody did."""
        now = self._correct_lead(known, said, owner)
        leads = self.leads_of(known.account)
        leads[:] = [now if lead.id == now.id else lead for lead in leads]
        if now.own_key:
            self.cache.leads_by_key[now.own_key] = now
        return now

    def add_deal(self, new: NewDeal, account: Account | None, owner: Person | None) -> Deal:
        """Make a deal."""
        self._begin()
        new = replace(new, account_id=account.id if account else None, owner_id=owner.id if owner else None)
        deal_id, number = self._take_over(new)
        said = {name: getattr(new, name) for name in (*SAID_OF_DEALS, "source")}
        deal = Deal(id=deal_id, number=number, account=account, owner=owner, created_at=self.work.now, **said)
        if deal.own_key:
            self.cache.deals_by_key[deal.own_key] = deal
        else:
            self.deals_of(account).append(deal)
        return deal

    def change_deal(self, known: Deal, new: NewDeal, account: Account | None, owner: Person | None) -> Deal:
        """Keep what a file says of a deal now: for deals the file is the authority."""
        self._begin()
        new = replace(new, account_id=account.id if account else None, owner_id=owner.id if owner else None)
        said = {name: getattr(new, name) for name in SAID_OF_DEALS}
        now = replace(known, account=account, owner=owner, **said)
        self._describe(known, now, new)
        if now.own_key:
            self.cache.deals_by_key[now.own_key] = now
        return now

    # How it is written

    def _make_account(self, new: NewAccount) -> Account:
        self._begin()
        account = self.work.accounts.add(new)
        record(self.work, self.actor, "account.created", account.id, after=_said(new, "source"))
        return account

    def _correct_account(self, known: Account, said: Mapping[str, Any]) -> Account:
        self._begin()
        before = {name: getattr(known, name) for name in said}
        record(self.work, self.actor, "account.completed", known.id, before=before, after=dict(said))
        return self.work.accounts.update(known, **said)

    def _make_person(self, account: Account, new: NewContact) -> Contact:
        self._begin()
        person = self.work.accounts.new_contact(account, new)
        record(self.work, self.actor, "contact.kept", person.id, after={"account_id": account.id} | _said(new))
        return person

    def _correct_person(self, account: Account, known: Contact, said: Mapping[str, Any]) -> Contact:
        self._begin()
        before = {name: getattr(known, name) for name in said}
        record(self.work, self.actor, "contact.kept", known.id, before=before, after=dict(said))
        return self.work.accounts.complete_contact(account, known, **said)

    def _make_lead(
        self, new: NewLead, past: PastOfLead, account: Account, contact: Contact | None, owner: Person | None
    ) -> Lead:
        self._begin()
        score = score_answers(past.answers, self.playbook)
        holder_id = owner.id if owner else self.actor.member_id
        new = replace(new, answers=past.answers)
        lead = begin_lead(self.work, self.actor, new, account, contact, score, self.playbook, holder_id)
        said = {"channel": lead.source, "said": lead.said} | ({KEY: lead.own_key} if lead.own_key else {})
        record(self.work, self.actor, "lead.imported", lead.id, after=said)
        if owner:
            self._assign(lead, owner)
        self._restore(lead, past, holder_id)
        return self.work.leads.get(lead.id)

    def _assign(self, lead: Lead, owner: Person) -> None:
        self.work.leads.claim(lead.id, owner.id)
        record(self.work, self.actor, "lead.assigned", lead.id, before={"owner_id": None}, after={"owner_id": owner.id})

    def _restore(self, lead: Lead, past: PastOfLead, holder_id: int) -> None:
        """Let a lead just made stand where it stood before it came here."""
        moments = {name: getattr(past, name) for name in ("captured_at", "last_touch_at", "next_at")}
        known = {name: moment for name, moment in moments.items() if moment}
        if known:
            self.work.leads.update_fields(lead.id, **known)
        if past.status is not lead.status:
            self.work.leads.close(lead.id, past.status, past.reason, past.remark, self.actor.member_id)
            after = {"reason": past.reason}
            record(self.work, self.actor, "lead.disqualified", lead.id, after=after, reason=past.remark)
            self._end_reminders(lead)
        elif past.next_at:
            self._remind(lead, past, holder_id)

    def _end_reminders(self, lead: Lead) -> None:
        for kind in (FollowUpDue.kind, FirstAnswerDue.kind):
            reminder = self.work.reminders.open_for(kind, lead.id)
            if reminder:
                self.work.reminders.close(reminder.id, ReminderState.CANCELLED, "disqualified", self.actor.member_id)

    def _remind(self, lead: Lead, past: PastOfLead, holder_id: int) -> None:
        reminder = self.work.reminders.open_for(FollowUpDue.kind, lead.id)
        if reminder and past.next_at:
            due_at = remind_at(past.next_at, self.work.now, self.work.members.hours(holder_id))
            self.work.reminders.move(reminder.id, holder_id, due_at)

    def _correct_lead(self, known: Lead, said: Mapping[str, Any], owner: Person | None) -> Lead:
        self._begin()
        if said:
            before = {name: value for name, value in lead_columns(known).items() if name in said}
            record(self.work, self.actor, "lead.imported", known.id, before=before, after=dict(said))
            self.work.leads.update_fields(known.id, **said)
        if owner:
            self._assign(known, owner)
            reminder = self.work.reminders.open_for(FollowUpDue.kind, known.id)
            if reminder:
                self.work.reminders.move(reminder.id, owner.id, reminder.due_at)
        self.work.outbox.refresh_cards("lead", known.id)
        return self.work.leads.get(known.id)

    def _take_over(self, new: NewDeal) -> tuple[int, int]:
        deal_id, number = self.work.deals.take_over(new)
        record(self.work, self.actor, "deal.created", deal_id, after=_said_of_deal(new))
        return deal_id, number

    def _describe(self, known: Deal, now: Deal, new: NewDeal) -> None:
        names = [part.name for part in fields(Deal) if getattr(known, part.name) != getattr(now, part.name)]
        before, after = ({name: _plain(getattr(deal, name)) for name in names} for deal in (known, now))
        record(self.work, self.actor, "deal.changed", known.id, before=before, after=after)
        self.work.deals.update_imported(known.id, new)


def lead_columns(lead: Lead) -> dict[str, Any]:
    """What a file may say of a lead, by the names of the columns."""
    return {"channel": lead.source, "said": lead.said, KEY: lead.own_key}


def _said(new: NewAccount | NewContact, *left_out: str) -> dict[str, Any]:
    values = {part.name: getattr(new, part.name) for part in fields(new) if part.name not in left_out}
    return {name: value for name, value in values.items() if value is not None}


def _said_of_deal(new: NewDeal) -> dict[str, Any]:
    values = {part.name: _plain(getattr(new, part.name)) for part in fields(new) if part.name != "source"}
    return {name: value for name, value in values.items() if value is not None}


def _plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if value is None or isinstance(value, str | int):
        return value
    return value.name if isinstance(value, Account | Person) else str(value)


class RehearsalWriter(ImportWriter):
    """Reads what is written and what the rehearsal has imagined on top of it; writes nothing."""

    def _candidates(self, sought: Sought) -> list[Candidate]:
        shared: dict[int, set[Key]] = {}
        found: dict[int, Account] = {}
        for key in sought.keys:
            for account in self.cache.filed[key][-MOST_ALIKE:]:
                shared.setdefault(account.id, set()).add(key)
                found[account.id] = account
        imagined = [Candidate(account=found[number], shared=frozenset(keys)) for number, keys in shared.items()]
        return [*super()._candidates(sought), *imagined]

    def _make_account(self, new: NewAccount) -> Account:
        account = Account(
            id=self.cache.next_id(),
            number=0,
            created_at=self.work.now,
            **{part.name: getattr(new, part.name) for part in fields(new)},
        )
        self._file(account, keys_of(new.name))
        return account

    def _file(self, account: Account, keys: frozenset[Key]) -> None:
        for key in keys:
            self.cache.filed[key].append(account)

    def _correct_account(self, known: Account, said: Mapping[str, Any]) -> Account:
        return replace(known, **said)

    def _make_person(self, account: Account, new: NewContact) -> Contact:
        said = {part.name: getattr(new, part.name) for part in fields(NewContact)}
        person = Contact(id=self.cache.next_id(), account_id=account.id, **said)
        self._file(account, keys_of(account.name, [person]) - keys_of(account.name))
        return person

    def _correct_person(self, account: Account, known: Contact, said: Mapping[str, Any]) -> Contact:
        return replace(known, **said)

    def _make_lead(
        self, new: NewLead, past: PastOfLead, account: Account, contact: Contact | None, owner: Person | None
    ) -> Lead:
        return Lead(
            id=self.cache.next_id(),
            number=0,
            account=account,
            contact=contact,
            source=new.source,
            said=new.said.strip(),
            owner=owner,
            captured_by=self.actor.person,
            captured_at=self.work.now,
            own_key=new.own_key,
        )

    def _correct_lead(self, known: Lead, said: Mapping[str, Any], owner: Person | None) -> Lead:
        facts = {"source" if name == "channel" else name: value for name, value in said.items()}
        return replace(known, owner=known.owner or owner, **facts)

    def _take_over(self, new: NewDeal) -> tuple[int, int]:
        return self.cache.next_id(), 0

    def _describe(self, known: Deal, now: Deal, new: NewDeal) -> None:
        """Nothing is written."""
