"""What people put right about leads, all of which can be undone: edits, merges, and the message a lead was captured from."""

from dataclasses import replace
from typing import Any

from domain.core.language import _
from domain.core.messages import CardWithdrawn, Destination
from domain.core.people import Actor
from domain.core.refusals import AlreadyDone, RuleBroken
from domain.core.reminders import ReminderState
from domain.sales.accounts import MERGE_RECORDS, SAID_OF_CONTACTS, Account, Contact, NewContact, checked_contact
from domain.sales.company_names import normal_name
from domain.sales.duplicates import Sought, find_matches
from domain.sales.leads import (
    CAPTURE_LEAD,
    EDIT_LEAD,
    LONGEST_TEXT,
    FirstAnswerDue,
    FollowUpDue,
    Lead,
    LeadAddedTo,
    LeadMerge,
    LeadStep,
    NewLead,
    Origin,
    OriginFate,
    checked_new_lead,
    fate_after,
    may_take_back,
    merged,
)
from domain.sales.phones import dialled_in
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes
from usecases.sales import lead_reminders
from usecases.sales.leads import lead_step, open_lead
from usecases.sales.stale_forms import rebased_lead


class LeadEditDesk(Desk):
    """The use cases that put leads right."""

    @writes
    def edit(
        self, work: UnitOfWork, actor: Actor, lead_id: int, new: NewLead, shown: NewLead | None = None
    ) -> LeadStep:
        """Say where a lead came from, what they said, who the contact is, and, by its name, which account it belongs to, where that
        differs from what a form has `shown`.

        Raises NotAllowed, NotFound, AlreadyDone when it is closed, RuleBroken and FormRefused (with the fields).
        """
        check_permission(work, actor, EDIT_LEAD)
        lead = open_lead(work, lead_id)
        new = rebased_lead(lead, new, shown, self.sales)
        new = checked_new_lead(new, self.sales)
        account = _account_called(work, lead, new.company)
        is_theirs = lead.contact is not None and lead.contact.account_id == account.id
        home = dialled_in(lead.contact.country if lead.contact and is_theirs else None, account.country, actor.country)
        person = checked_contact(new.contact, home)
        before = _said(lead.account, lead.source, lead.said, lead.contact)
        after = _said(account, new.source, new.said.strip(), person)
        changed = [name for name in before if before[name] != after[name]]
        if not changed:
            return LeadStep(lead=lead, due_at=lead.next_at)
        operation = work.operations.begin(actor, "lead.edited", lead.id, _("Edited {code}.").format(code=lead.code))
        contact = _contact_meant(work, lead, account, person)
        work.leads.update(replace(lead, account=account, contact=contact, source=new.source, said=new.said.strip()))
        old, now = ({name: said[name] for name in changed} for said in (before, after))
        record(work, actor, "lead.edited", lead.id, before=old, after=now)
        return lead_step(work, lead.id, operation)

    @reads
    def preview_merge(self, work: UnitOfWork, actor: Actor, lead_id: int, other_id: int) -> LeadMerge:
        """What merging another lead into this one would come to.

        Raises NotAllowed, NotFound, AlreadyDone, RuleBroken (field `lead`).
        """
        check_permission(work, actor, MERGE_RECORDS)
        return self._merge_of(work, lead_id, other_id)

    @writes
    def merge(self, work: UnitOfWork, actor: Actor, lead_id: int, other_id: int) -> LeadStep:
        """Let one lead take over another with its touches; the other is closed, and its code and buttons lead to this one.

        Raises NotAllowed, NotFound, AlreadyDone, RuleBroken (field `lead`).
        """
        check_permission(work, actor, MERGE_RECORDS)
        merge = self._merge_of(work, lead_id, other_id)
        kept, other = merge.kept, merge.other
        summary = _("Merged {other} into {kept}.").format(other=other.code, kept=kept.code)
        operation = work.operations.begin(actor, "lead.merged", kept.id, summary)
        if kept.contact and kept.contact.account_id != kept.account.id:
            kept = replace(kept, contact=_colleague_at(work, kept.account, kept.contact))
        lead_reminders.end(work, other, actor, ReminderState.CANCELLED, "merged")
        work.leads.merge_into(other.id, kept.id)
        work.leads.update(kept)
        self._remind_of(work, actor, kept)
        record(work, actor, "lead.merged", kept.id, after={"merged_id": other.id, "touches": merge.touches})
        record(work, actor, "lead.merged_away", other.id, before={"status": other.status}, after={"into_id": kept.id})
        work.outbox.refresh_cards("lead", other.id)
        return lead_step(work, kept.id, operation)

    def _merge_of(self, work: UnitOfWork, lead_id: int, other_id: int) -> LeadMerge:
        lead, other = open_lead(work, lead_id), work.leads.get(other_id)
        if other.id == lead.id:
            raise RuleBroken(_("Pick another lead than {code} itself.").format(code=lead.code), field="lead")
        if other.merged_into_id:
            raise AlreadyDone(
                _("{code} has been merged into L-{number}.").format(code=other.code, number=other.merged_into_number)
            )
        kept = merged(lead, other, self.sales)
        return LeadMerge(before=lead, kept=kept, other=other, touches=work.touches.count_of("lead", other.id))

    def _remind_of(self, work: UnitOfWork, actor: Actor, kept: Lead) -> None:
        lead_reminders.plan(work, kept)
        if kept.last_touch_at:
            lead_reminders.answered(work, kept, actor, "touch")
        lead_reminders.watch(work, kept)

    @writes
    def unlink(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadStep:
        """Let a lead no longer point to the message it was captured from.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        check_permission(work, actor, EDIT_LEAD)
        lead = open_lead(work, lead_id)
        if lead.origin is None:
            raise AlreadyDone(_("{code} points to no message.").format(code=lead.code))
        summary = _("Unlinked the message from {code}.").format(code=lead.code)
        return self._point(work, actor, lead, None, "lead.unlinked", summary)

    @writes
    def link(self, work: UnitOfWork, actor: Actor, lead_id: int, origin: Origin) -> LeadStep:
        """Let a lead point to a message as the one it came from, in place of any other; several leads may point to one message.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        check_permission(work, actor, EDIT_LEAD)
        lead = open_lead(work, lead_id)
        if lead.origin and (lead.origin.channel, lead.origin.ts) == (origin.channel, origin.ts):
            raise AlreadyDone(_("{code} points to this message already.").format(code=lead.code))
        summary = _("Linked a message to {code}.").format(code=lead.code)
        return self._point(work, actor, lead, origin, "lead.linked", summary)

    def _point(
        self, work: UnitOfWork, actor: Actor, lead: Lead, origin: Origin | None, event: str, summary: str
    ) -> LeadStep:
        operation = work.operations.begin(actor, event, lead.id, summary)
        work.leads.update(replace(lead, origin=origin, origin_fate=None))
        record(work, actor, event, lead.id, before=_place(lead.origin), after=_place(origin))
        return lead_step(work, lead.id, operation)

    @writes
    def add_to(self, work: UnitOfWork, actor: Actor, lead_id: int, new: NewLead) -> LeadStep:
        """Add to an open lead what somebody captures anew about it; whoever has it is told. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it is closed, RuleBroken and FormRefused (with the fields).
        """
        check_permission(work, actor, CAPTURE_LEAD)
        lead = open_lead(work, lead_id)
        new = checked_new_lead(new, self.sales)
        person = checked_contact(new.contact, actor.country)
        said = "\n".join(filter(None, (lead.said, new.said.strip())))
        if len(said) > LONGEST_TEXT:
            sentence = _("{code} can't take more text. Log it as a touch there instead.")
            raise RuleBroken(sentence.format(code=lead.code), field="said")
        operation = work.operations.begin(actor, "lead.added_to", lead.id, _("Added to {code}.").format(code=lead.code))
        contact = None if person.is_empty else work.accounts.add_contact(lead.account, person)
        besides = replace(lead, said=said, contact=contact, answers=new.answers, origin=new.origin, origin_fate=None)
        work.leads.update(replace(merged(lead, besides, self.sales), said=said))
        record(work, actor, "lead.added_to", lead.id, before={"said": lead.said}, after={"said": said})
        if lead.holder.id != actor.member_id:
            told = LeadAddedTo(lead_id=lead.id, by_id=actor.member_id, said=new.said.strip())
            work.outbox.put(told, Destination(member_id=lead.holder.id), once=f"lead.added_to:{operation.id}")
        return lead_step(work, lead.id, operation)

    @writes
    def take_back(self, work: UnitOfWork, actor: Actor, lead_id: int) -> str:
        """Undo the capture of a lead, also of its account where that was made with it and nothing else belongs to it; what it was.

        Raises NotAllowed, NotFound, AlreadyDone when it is closed, RuleBroken where the minutes are over or somebody works on it.
        """
        check_permission(work, actor, CAPTURE_LEAD)
        lead = open_lead(work, lead_id)
        what = f"{lead.code} {lead.account.name}"
        withdrawn = [card for noun, record_id in _shown_of(work, lead) for card in work.cards.of(noun, record_id)]
        if not may_take_back(lead, actor, work.now) or not work.leads.remove(lead.id):
            raise RuleBroken(
                _("{lead} can't be undone any more. Disqualify it instead: entered by mistake.").format(lead=lead.code)
            )
        for card in withdrawn:
            gone = CardWithdrawn(channel=card.channel, ts=card.ts, what=what, by_id=actor.member_id)
            work.outbox.put(
                gone,
                Destination(channel=card.channel, member_id=actor.member_id),
                once=f"withdrawn:{card.channel}:{card.ts}",
            )
        if lead.account.created_at == lead.captured_at:
            work.accounts.remove(lead.account.id, lead.contact.id if lead.contact else None)
        record(work, actor, "lead.taken_back", lead.id, before={"company": lead.account.name, "said": lead.said})
        return what

    async def note_fate(self, workspace_id: str, channel: str, ts: str, fate: OriginFate) -> None:
        """A message was edited or deleted: note it with the leads captured from it. Most messages concern none, and nothing is written."""
        if await self.store.read(workspace_id, lambda work: work.leads.from_message(channel, ts)):
            await self.store.write(workspace_id, lambda work: _note_fate(work, channel, ts, fate))
            self.nudge()


def _shown_of(work: UnitOfWork, lead: Lead) -> list[tuple[str, int]]:
    """What stands on cards and goes with a lead: itself and its reminders."""
    kinds = (FollowUpDue.kind, FirstAnswerDue.kind)
    found = (work.reminders.open_for(kind, lead.id) for kind in kinds)
    return [("lead", lead.id), *(("reminder", reminder.id) for reminder in found if reminder)]


def _note_fate(work: UnitOfWork, channel: str, ts: str, news: OriginFate) -> None:
    for lead_id in work.leads.from_message(channel, ts):
        before = work.leads.get(lead_id).origin_fate
        fate = fate_after(before, news)
        if fate is not before:
            work.leads.set_origin_fate(lead_id, fate)
            record(work, None, f"lead.origin_{fate.value}", lead_id, before={"fate": before}, after={"fate": fate})
            work.outbox.refresh_cards("lead", lead_id)


def _account_called(work: UnitOfWork, lead: Lead, company: str) -> Account:
    """The account with this name, or the lead's own if it is still called so.

    Raises RuleBroken with the names that may be meant.
    """
    name = normal_name(company)
    if name == normal_name(lead.account.name):
        return lead.account
    found = work.accounts.called([name])[name]
    if found:
        return found[0]
    sought = Sought.of(company)
    alike = find_matches(sought, work.accounts.sharing(sought))
    if alike:
        names = ", ".join(match.account.name for match in alike[:3])
        raise RuleBroken(
            _("There is no account with this name. Is it one of these? {names}").format(names=names), "company"
        )
    raise RuleBroken(_("There is no account with this name. Capture a new lead for a new company."), field="company")


def _contact_meant(work: UnitOfWork, lead: Lead, account: Account, person: NewContact) -> Contact | None:
    """The contact as edited: the same person put right, one more at another account, or none."""
    if person.is_empty:
        return None
    if lead.contact is None or lead.contact.account_id != account.id:
        return work.accounts.add_contact(account, person)
    contact = replace(lead.contact, name=person.name, email=person.email, phone=person.phone)
    work.accounts.update_contact(contact)
    work.accounts.refile(work.accounts.get(contact.account_id))
    return contact


def _colleague_at(work: UnitOfWork, account: Account, known: Contact) -> Contact:
    """The same person at another account; another system's key stays with the first record."""
    kept = {name: getattr(known, name) for name in SAID_OF_CONTACTS if name != "own_key"}
    person = NewContact(**kept)
    return work.accounts.add_contact(account, person)


def _said(account: Account, channel: str, said: str, contact: NewContact | None) -> dict[str, Any]:
    """What an edit may change, as the audit log keeps it."""
    contact = contact or NewContact()
    of_contact = {"contact": contact.name, "email": contact.email, "phone": contact.phone}
    return {"account_id": account.id, "channel": channel, "said": said, **of_contact}


def _place(origin: Origin | None) -> dict[str, Any]:
    return {"channel": origin.channel, "ts": origin.ts} if origin else {}
