"""What people do with leads: capture, screen, claim, touch, plan, disqualify, and look them up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.accounts import Account, Contact, NewAccount, checked_contact
from domain.duplicates import find_matches, keys_to_look_up, resembling
from domain.language import _
from domain.leads import (
    LONGEST_TEXT,
    Lead,
    LeadStatus,
    LeadStep,
    NewLead,
    NewTouch,
    PossibleDuplicates,
    Touch,
    check_new_lead,
    first_answer_due,
    next_follow_up,
)
from domain.messages import Destination, LeadCaptured
from domain.people import Actor, Deed
from domain.playbook import SalesPlaybook
from domain.ports import Store, Work
from domain.refusals import AlreadyDone, RuleBroken
from domain.reminders import ReminderKind, ReminderState, remind_at, snooze_to_day
from domain.screening import Score, screen
from domain.usecases.care import adopt_account
from domain.usecases.desk import Desk, reads, record, require, writes
from domain.working_time import WorkingHours

MOST_LISTED = 40


@dataclass(frozen=True, kw_only=True)
class LeadList:
    """Open leads of one kind at a moment, most urgent first; `total` counts those not listed too."""

    now: datetime
    leads: tuple[Lead, ...]
    total: int


@dataclass(frozen=True, kw_only=True)
class LeadPage:
    """A lead with its latest touches, newest first."""

    lead: Lead
    touches: tuple[Touch, ...]


def begin_lead(
    work: Work,
    actor: Actor,
    new: NewLead,
    account: Account,
    contact: Contact | None,
    score: Score | None,
    playbook: SalesPlaybook,
    holder_id: int,
) -> Lead:
    """Make the record of a checked lead with what none is without: a next date, a reminder for its holder, an audit event."""
    hours = actor.hours if holder_id == actor.member_id else work.members.hours(holder_id)
    limit = first_answer_due(work.now, playbook.pace(score.band if score else None), hours)
    lead = work.leads.add(new, account, contact, actor, score, limit)
    work.reminders.add(ReminderKind.LEAD_FOLLOW_UP, lead.id, holder_id, remind_at(limit, work.now, hours))
    after = {"account_id": account.id, "channel": lead.channel, "score": lead.score, "next_at": limit.isoformat()}
    record(work, actor, "lead.captured", lead.id, after=after)
    return lead


class LeadDesk(Desk):
    """The use cases of leads, by the rules of one playbook."""

    def __init__(self, store: Store, playbook: SalesPlaybook, nudge: Callable[[], None] = lambda: None) -> None:
        super().__init__(store, nudge)
        self.playbook = playbook

    @writes
    def capture(self, work: Work, actor: Actor, new: NewLead) -> Lead | PossibleDuplicates:
        """Save a new lead, or save nothing and say which accounts may be the company meant.

        Raises NotAllowed, RuleBroken (with the field), NotFound when the account chosen does not exist.
        """
        require(work, actor, Deed.CAPTURE_LEAD)
        check_new_lead(new, self.playbook)
        new = replace(new, contact=checked_contact(new.contact, actor.country))
        score = screen(new.answers, self.playbook)
        if new.account_id is None and not new.is_new_company:
            keys = keys_to_look_up(new.company, [new.contact])
            candidates = work.accounts.sharing(keys, resembling(new.company))
            matches = find_matches(new.company, [new.contact], candidates)
            if matches:
                return PossibleDuplicates(matches=tuple(matches))
        account, contact = self._account_for(work, actor, new)
        return self._save(work, actor, new, account, contact, score)

    def _account_for(self, work: Work, actor: Actor, new: NewLead) -> tuple[Account, Contact | None]:
        if new.account_id is not None:
            work.accounts.hold({new.account_id})  # so that it is not merged into another meanwhile
            account = work.accounts.standing(new.account_id)
        else:
            account = work.accounts.add(
                NewAccount(name=new.company.strip(), industry=new.industry, history=new.history, source=actor.source)
            )
            record(
                work, actor, "account.created", account.id, after={"name": account.name, "industry": account.industry}
            )
        contact = None if new.contact.is_empty else work.accounts.add_contact(account, new.contact)
        return account, contact

    def _save(
        self, work: Work, actor: Actor, new: NewLead, account: Account, contact: Contact | None, score: Score | None
    ) -> Lead:
        lead = begin_lead(work, actor, new, account, contact, score, self.playbook, holder_id=actor.member_id)
        work.outbox.put(LeadCaptured(lead_id=lead.id), self._shown_in(actor, new), once=f"lead.captured:{lead.id}")
        return lead

    def _shown_in(self, actor: Actor, new: NewLead) -> Destination:
        if actor.leads_channel:
            return Destination(channel=actor.leads_channel)
        if new.captured_in and not new.captured_in.startswith("D"):
            return Destination(channel=new.captured_in, thread_ts=new.origin.ts if new.origin else None)
        return Destination(member_id=actor.member_id)

    @writes
    def claim(self, work: Work, actor: Actor, lead_id: int) -> LeadStep:
        """Become the lead's owner; its reminder moves to them.

        Raises NotAllowed, NotFound, AlreadyDone when somebody owns it already.
        """
        require(work, actor, Deed.CLAIM_LEAD)
        lead = self._open_lead(work, lead_id)
        if lead.owner and lead.owner.id == actor.member_id:
            raise AlreadyDone(_("{lead} is yours already.").format(lead=lead.code))
        if lead.owner or not work.leads.claim(lead.id, actor.member_id):
            owner = lead.owner or work.leads.get(lead.id).owner
            raise AlreadyDone(
                _("{lead} has been claimed by {owner}.").format(lead=lead.code, owner=owner.name if owner else "?")
            )
        record(work, actor, "lead.claimed", lead.id, before={"owner_id": None}, after={"owner_id": actor.member_id})
        adopt_account(work, actor, lead.account)
        limit = lead.next_at or work.now
        self._remind(work, lead, actor.member_id, remind_at(limit, work.now, work.members.hours(actor.member_id)))
        return self._show(work, lead.id)

    @writes
    def rescreen(self, work: Work, actor: Actor, lead_id: int, answers: Mapping[str, str]) -> LeadStep:
        """Answer the screening questions (criterion id to answer id), anew or for the first time.

        Raises NotAllowed, NotFound, RuleBroken for an answer the playbook does not have.
        """
        require(work, actor, Deed.SCREEN_LEAD)
        lead = self._open_lead(work, lead_id)
        score = screen(answers, self.playbook)
        work.leads.rescore(lead.id, answers, score)
        record(
            work,
            actor,
            "lead.screened",
            lead.id,
            before={"score": lead.score, "answers": dict(lead.answers)},
            after={"score": score.percent if score else None, "answers": dict(answers)},
        )
        if lead.last_touch_at is None:
            self._plan(
                work,
                lead,
                first_answer_due(
                    lead.captured_at, self.playbook.pace(score.band if score else None), self._hours(work, lead)
                ),
            )
        return self._show(work, lead.id)

    @writes
    def log_touch(self, work: Work, actor: Actor, lead_id: int, new: NewTouch) -> LeadStep:
        """Keep what was said in a call, meeting, mail or message, and move the next date.

        Raises NotAllowed, NotFound, RuleBroken (with the field).
        """
        require(work, actor, Deed.LOG_TOUCH)
        lead = self._open_lead(work, lead_id)
        if not new.key_points.strip():
            raise RuleBroken(_("What was said? A line is enough."), field="key_points")
        if len(new.key_points) > LONGEST_TEXT:
            raise RuleBroken(
                _("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="key_points"
            )
        touch = work.leads.add_touch(lead.id, new, actor.member_id)
        hours = self._hours(work, lead)
        if new.next_on:
            due_at = snooze_to_day(new.next_on, work.now, hours, field="day")
        else:
            due_at = next_follow_up(work.now, self.playbook.pace(lead.band), hours)
        work.leads.touched(lead.id, work.now, due_at)
        record(
            work,
            actor,
            "lead.touched",
            lead.id,
            after={"touch_id": touch.id, "kind": new.kind.value, "next_at": due_at.isoformat()},
        )
        self._start_anew(work, lead, due_at, actor)
        return self._show(work, lead.id)

    @writes
    def plan_next(self, work: Work, actor: Actor, lead_id: int, day: date) -> LeadStep:
        """Set the day on which to get back to the prospect.

        Raises NotAllowed, NotFound, RuleBroken (field `day`).
        """
        require(work, actor, Deed.PLAN_NEXT)
        lead = self._open_lead(work, lead_id)
        due_at = snooze_to_day(day, work.now, self._hours(work, lead), field="day")
        before = {"next_at": lead.next_at.isoformat() if lead.next_at else None}
        record(work, actor, "lead.planned", lead.id, before=before, after={"next_at": due_at.isoformat()})
        self._plan(work, lead, due_at)
        return self._show(work, lead.id)

    @writes
    def disqualify(self, work: Work, actor: Actor, lead_id: int, reason: str, remark: str = "") -> LeadStep:
        """Close the lead for one of the playbook's reasons; its reminder ends. It can be undone.

        Raises NotAllowed, NotFound, RuleBroken (field `reason`), AlreadyDone.
        """
        require(work, actor, Deed.DISQUALIFY_LEAD)
        lead = self._open_lead(work, lead_id)
        if reason not in self.playbook.disqualification:
            raise RuleBroken(_("Pick one of the reasons."), field="reason")
        summary = _("Disqualified {code}.").format(code=lead.code)
        operation = work.operations.begin(actor, "lead.disqualified", lead.id, summary)
        work.leads.close(
            lead.id, LeadStatus.DISQUALIFIED, reason, remark.strip()[:LONGEST_TEXT] or None, actor.member_id
        )
        record(
            work,
            actor,
            "lead.disqualified",
            lead.id,
            before={"status": lead.status.value},
            after={"reason": reason},
            reason=remark or None,
        )
        reminder = work.reminders.open_for(ReminderKind.LEAD_FOLLOW_UP, lead.id)
        if reminder:
            work.reminders.close(reminder.id, ReminderState.CANCELLED, "disqualified", actor.member_id)
            work.outbox.refresh_cards("reminder", reminder.id)
        return replace(self._show(work, lead.id), operation=operation)

    @reads
    def show(self, work: Work, actor: Actor, lead_id: int) -> LeadPage:
        """One lead with its latest touches.

        Raises NotAllowed, NotFound.
        """
        require(work, actor, Deed.SEE_LEADS)
        return LeadPage(lead=work.leads.get(lead_id), touches=tuple(work.leads.last_touches(lead_id, 5)))

    @reads
    def find(self, work: Work, actor: Actor, number: int) -> LeadPage:
        """The lead with this number, as in `L-12`.

        Raises NotAllowed, NotFound.
        """
        require(work, actor, Deed.SEE_LEADS)
        lead = work.leads.by_number(number)
        return LeadPage(lead=lead, touches=tuple(work.leads.last_touches(lead.id, 5)))

    @reads
    def mine(self, work: Work, actor: Actor) -> LeadList:
        """The actor's open leads, the next due first."""
        require(work, actor, Deed.SEE_LEADS)
        leads = work.leads.open_of(actor.member_id, MOST_LISTED)
        return LeadList(now=work.now, leads=tuple(leads), total=work.leads.count_open_of(actor.member_id))

    @reads
    def team(self, work: Work, actor: Actor) -> LeadList:
        """Everybody's open leads: hot before cold, unclaimed first among equals."""
        require(work, actor, Deed.SEE_LEADS)
        leads = work.leads.open_all(MOST_LISTED)
        return LeadList(now=work.now, leads=tuple(leads), total=work.leads.count_open())

    def _open_lead(self, work: Work, lead_id: int) -> Lead:
        lead = work.leads.get(lead_id)
        if not lead.is_open:
            by = lead.disqualified_by.name if lead.disqualified_by else "?"
            raise AlreadyDone(_("{lead} has been disqualified by {name}.").format(lead=lead.code, name=by))
        return lead

    def _hours(self, work: Work, lead: Lead) -> WorkingHours:
        return work.members.hours((lead.owner or lead.captured_by).id)

    def _plan(self, work: Work, lead: Lead, due_at: datetime) -> None:
        work.leads.plan(lead.id, due_at)
        holder = (lead.owner or lead.captured_by).id
        self._remind(work, lead, holder, remind_at(due_at, work.now, work.members.hours(holder)))

    def _remind(self, work: Work, lead: Lead, member_id: int, due_at: datetime) -> None:
        reminder = work.reminders.open_for(ReminderKind.LEAD_FOLLOW_UP, lead.id)
        if reminder:
            work.reminders.move(reminder.id, member_id, due_at)
            work.outbox.refresh_cards("reminder", reminder.id)
        else:
            work.reminders.add(ReminderKind.LEAD_FOLLOW_UP, lead.id, member_id, due_at)

    def _start_anew(self, work: Work, lead: Lead, due_at: datetime, actor: Actor) -> None:
        """End the reminder that was running, so that its card shows what became of it, and begin the next."""
        reminder = work.reminders.open_for(ReminderKind.LEAD_FOLLOW_UP, lead.id)
        if reminder:
            work.reminders.close(reminder.id, ReminderState.DONE, "touch", actor.member_id)
            work.outbox.refresh_cards("reminder", reminder.id)
        holder = (lead.owner or lead.captured_by).id
        work.reminders.add(
            ReminderKind.LEAD_FOLLOW_UP, lead.id, holder, remind_at(due_at, work.now, work.members.hours(holder))
        )

    def _show(self, work: Work, lead_id: int) -> LeadStep:
        work.outbox.refresh_cards("lead", lead_id)
        lead = work.leads.get(lead_id)
        return LeadStep(lead=lead, due_at=lead.next_at)
