"""What people do with leads: capture, screen, claim, assign, touch, plan, disqualify, and look them up."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from domain.core.language import _, listed
from domain.core.messages import Destination
from domain.core.operations import Operation
from domain.core.people import Actor, may
from domain.core.refusals import AlreadyDone, NotYet, RuleBroken
from domain.core.reminders import ReminderState, snooze_to_day
from domain.core.spelling import search_words
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.accounts import Account, Contact, NewAccount, checked_contact
from domain.sales.company_names import normal_name
from domain.sales.duplicates import Match, Sought, find_matches
from domain.sales.leads import (
    CAPTURE_LEAD,
    CLAIM_LEAD,
    DISQUALIFY_LEAD,
    HAND_TO_SALES,
    LOG_TOUCH,
    LONGEST_TEXT,
    PLAN_NEXT,
    SCREEN_LEAD,
    SEE_LEADS,
    Lead,
    LeadCaptured,
    LeadStatus,
    LeadStep,
    NewLead,
    NewTouch,
    PossibleDuplicates,
    check_touch,
    checked_new_lead,
    first_answer_due,
    next_follow_up,
)
from domain.sales.pages import LeadList, LeadPage
from domain.sales.phones import dialled_in
from domain.sales.screening import Score, score_answers
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes
from usecases.sales import lead_reminders
from usecases.sales.account_upkeep import adopt_account
from usecases.sales.assignment import check_handing_on, give, give_by_rule, next_seller, owner_by, release
from usecases.sales.stale_forms import is_day_planned, rebased_answers

MOST_LISTED = 40
MOST_OFFERED = 30
"""Leads offered to choose from; whoever misses theirs types more of its name."""


def begin_lead(
    work: UnitOfWork,
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
    lead_reminders.begin(work, lead, holder_id, hours, playbook)
    after = {"account_id": account.id, "channel": lead.source, "score": lead.score, "next_at": limit.isoformat()}
    record(work, actor, "lead.captured", lead.id, after=after)
    return lead


def standing_lead(work: UnitOfWork, lead_id: int) -> Lead:
    """The lead, or the one it was merged into: old codes and buttons lead there.

    Raises NotFound.
    """
    lead = work.leads.get(lead_id)
    return work.leads.get(lead.merged_into_id) if lead.merged_into_id else lead


def open_lead(work: UnitOfWork, lead_id: int) -> Lead:
    """The same, for somebody who wants to work on it.

    Raises NotFound, AlreadyDone when it is closed.
    """
    lead = standing_lead(work, lead_id)
    if lead.deal_id:
        raise AlreadyDone(_("{lead} goes on as the deal D-{number}.").format(lead=lead.code, number=lead.deal_number))
    if not lead.is_open:
        by = lead.disqualified_by.name if lead.disqualified_by else "?"
        raise AlreadyDone(_("{lead} has been disqualified by {name}.").format(lead=lead.code, name=by))
    return lead


def lead_step(work: UnitOfWork, lead_id: int, operation: Operation | None = None) -> LeadStep:
    """The answer to a change: the lead as it is now, whose cards are redrawn."""
    work.outbox.refresh_cards("lead", lead_id)
    lead = work.leads.get(lead_id)
    return LeadStep(lead=lead, due_at=lead.next_at, operation=operation)


class LeadDesk(Desk):
    """The use cases of leads, by the rules of one playbook."""

    @writes
    def capture(self, work: UnitOfWork, actor: Actor, new: NewLead) -> Lead | PossibleDuplicates:
        """Save a new lead, or save nothing and say which accounts may be the company meant.

        Raises NotAllowed, RuleBroken (with the field), NotFound when the account chosen does not exist.
        """
        check_permission(work, actor, CAPTURE_LEAD)
        new = checked_new_lead(new, self.sales)
        if not new.contact.is_empty:
            account = work.accounts.standing(new.account_id) if new.account_id is not None else None
            home = dialled_in(account.country if account else new.country, actor.country)
            new = replace(new, contact=checked_contact(new.contact, home))
        score = score_answers(new.answers, self.sales)
        if new.account_id is None and not new.is_new_company:
            sought = Sought.of(new.company, [new.contact])
            matches = find_matches(sought, work.accounts.sharing(sought))
            if matches:
                return _doubt(work, matches)
        account, contact = self._account_for(work, actor, new)
        return self._save(work, actor, new, account, contact, score)

    def _account_for(self, work: UnitOfWork, actor: Actor, new: NewLead) -> tuple[Account, Contact | None]:
        if new.account_id is not None:
            account = work.accounts.standing(new.account_id)
        elif came_since := self._came_since(work, new):
            account = came_since
        else:
            account = work.accounts.add(
                NewAccount(
                    name=new.company,
                    industry=new.industry,
                    country=new.country,
                    history=new.history,
                    source=actor.via,
                )
            )
            record(
                work, actor, "account.created", account.id, after={"name": account.name, "industry": account.industry}
            )
        contact = None if new.contact.is_empty else work.accounts.add_contact(account, new.contact)
        return account, contact

    def _came_since(self, work: UnitOfWork, new: NewLead) -> Account | None:
        """The company itself, where somebody else has entered it while the person looked at others."""
        if new.declined is None:
            return None
        called = work.accounts.called([normal_name(new.company)])[normal_name(new.company)]
        return next((account for account in called if account.id not in new.declined), None)

    def _save(
        self,
        work: UnitOfWork,
        actor: Actor,
        new: NewLead,
        account: Account,
        contact: Contact | None,
        score: Score | None,
    ) -> Lead:
        rule = self.sales.rule_for(new.source, score.band if score else None)
        owner = owner_by(work, rule)
        holder_id = owner.id if owner else actor.member_id
        lead = begin_lead(work, actor, new, account, contact, score, self.sales, holder_id)
        work.outbox.put(LeadCaptured(lead_id=lead.id), self._shown_in(actor, new), once=f"lead.captured:{lead.id}")
        if rule is None or owner is None:
            lead_reminders.watch(work, lead)
            return lead
        give_by_rule(work, actor, lead, owner, rule)
        return work.leads.get(lead.id)

    def _shown_in(self, actor: Actor, new: NewLead) -> Destination:
        if actor.leads_channel:
            return Destination(channel=actor.leads_channel, member_id=actor.member_id)
        if new.captured_in and not new.captured_in.startswith("D"):
            thread = new.origin.ts if new.origin else None
            return Destination(channel=new.captured_in, thread_ts=thread, member_id=actor.member_id)
        return Destination(member_id=actor.member_id)

    @writes
    def claim(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadStep:
        """Become the lead's owner; its reminder moves to them. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when somebody owns it already.
        """
        check_permission(work, actor, CLAIM_LEAD)
        lead = open_lead(work, lead_id)
        if lead.owner and lead.owner.id == actor.member_id:
            raise AlreadyDone(_("{lead} is yours already.").format(lead=lead.code))
        operation = work.operations.begin(actor, "lead.claimed", lead.id, _("Claimed {code}.").format(code=lead.code))
        if lead.owner or not work.leads.claim(lead.id, actor.member_id):
            owner = lead.owner or work.leads.get(lead.id).owner
            raise AlreadyDone(
                _("{lead} has been claimed by {owner}.").format(lead=lead.code, owner=owner.name if owner else "?")
            )
        record(work, actor, "lead.claimed", lead.id, before={"owner_id": None}, after={"owner_id": actor.member_id})
        adopt_account(work, actor, lead.account, actor.member_id)
        lead_reminders.hand_over(work, lead, actor, actor.member_id)
        return lead_step(work, lead.id, operation)

    @writes
    def release(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadStep:
        """Let a lead be claimed again, as its owner or management. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when nobody owns it.
        """
        lead = self._to_hand_on(work, actor, lead_id)
        if lead.owner is None:
            raise AlreadyDone(_("{lead} has no owner.").format(lead=lead.code))
        summary = _("Released {code}.").format(code=lead.code)
        operation = work.operations.begin(actor, "lead.released", lead.id, summary)
        release(work, actor, lead)
        return lead_step(work, lead.id, operation)

    @reads
    def to_hand_on(self, work: UnitOfWork, actor: Actor, lead_id: int) -> Lead:
        """An open lead, for somebody who wants to give it away, before they are asked to whom.

        Raises NotAllowed, NotFound, AlreadyDone when it is closed.
        """
        return self._to_hand_on(work, actor, lead_id)

    def _to_hand_on(self, work: UnitOfWork, actor: Actor, lead_id: int) -> Lead:
        check_permission(work, actor, CLAIM_LEAD)
        lead = open_lead(work, lead_id)
        check_handing_on(work, actor, lead)
        return lead

    @writes
    def rescreen(
        self,
        work: UnitOfWork,
        actor: Actor,
        lead_id: int,
        answers: Mapping[str, str],
        shown: Mapping[str, str] | None = None,
    ) -> LeadStep:
        """Answer the screening questions (criterion id to answer id) differently from what a form has `shown`, or for the first time.

        Raises NotAllowed, NotFound, FormRefused, RuleBroken for an answer the playbook does not have.
        """
        check_permission(work, actor, SCREEN_LEAD)
        lead = open_lead(work, lead_id)
        answers = rebased_answers(lead, answers, shown, self.sales)
        score = score_answers(answers, self.sales)
        work.leads.rescore(lead.id, answers, score)
        record(
            work,
            actor,
            "lead.screened",
            lead.id,
            before={"score": lead.score, "answers": dict(lead.answers)},
            after={"score": score.percent if score else None, "answers": dict(answers)},
        )
        lead = work.leads.get(lead.id)
        if lead.last_touch_at is None:
            self._limit_anew(work, lead)
        if lead.owner is None:
            self._assign(work, actor, lead)
        return lead_step(work, lead.id)

    def _limit_anew(self, work: UnitOfWork, lead: Lead) -> None:
        """Let the limit and the warning of the first answer be those of the band the lead is in now."""
        hours = work.members.hours(lead.holder.id)
        limit = first_answer_due(lead.captured_at, self.sales.pace(lead.band), hours)
        work.leads.limit(lead.id, limit)
        lead_reminders.plan(work, work.leads.get(lead.id))
        lead_reminders.warn_anew(work, lead, self.sales, hours)

    def _assign(self, work: UnitOfWork, actor: Actor, lead: Lead) -> None:
        """Give a lead that nobody owns to whoever the playbook's rules say, if they do."""
        rule = self.sales.rule_for(lead.source, lead.band)
        owner = owner_by(work, rule)
        if rule and owner and give_by_rule(work, actor, lead, owner, rule):
            lead_reminders.hand_over(work, work.leads.get(lead.id), actor, owner.id)

    @writes
    def assign(self, work: UnitOfWork, actor: Actor, lead_id: int, to: str, note: str = "") -> LeadStep:
        """Give a lead to somebody who may own leads (a Slack id), as its owner or management; both are told, with the note.

        Raises NotAllowed, NotFound, RuleBroken (field `owner` or `note`), AlreadyDone when it is theirs.
        """
        lead = self._to_hand_on(work, actor, lead_id)
        owner = work.members.actor(to)
        if owner is None or not may(owner.roles, CLAIM_LEAD):
            able = listed(CLAIM_LEAD.role_titles)
            raise RuleBroken(_("Only {roles} may own a lead.").format(roles=able), field="owner")
        if lead.owner and lead.owner.id == owner.member_id:
            raise AlreadyDone(_("{lead} is {owner}'s already.").format(lead=lead.code, owner=owner.name))
        if len(note) > LONGEST_TEXT:
            raise RuleBroken(_("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="note")
        give(work, actor, lead, owner.person, note.strip())
        return lead_step(work, lead.id)

    @writes
    def hand_to_sales(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadStep:
        """Give a lead without an owner to whoever of sales is next in turn; they are told.

        Raises NotAllowed, NotFound, AlreadyDone when somebody owns it, NotYet while nobody of sales is there.
        """
        check_permission(work, actor, HAND_TO_SALES)
        lead = open_lead(work, lead_id)
        if lead.owner:
            raise AlreadyDone(_("{lead} is {owner}'s already.").format(lead=lead.code, owner=lead.owner.name))
        owner = next_seller(work)
        if owner is None:
            raise NotYet(_("Nobody of sales is there just now. Ask management to take {lead}.").format(lead=lead.code))
        give(work, actor, lead, owner)
        return lead_step(work, lead.id)

    @writes
    def log_touch(self, work: UnitOfWork, actor: Actor, lead_id: int, new: NewTouch) -> LeadStep:
        """Keep what was said in a call, meeting, mail or message, and move the next date.

        Raises NotAllowed, NotFound, RuleBroken (with the field).
        """
        check_permission(work, actor, LOG_TOUCH)
        lead = open_lead(work, lead_id)
        check_touch(new)
        touch_id = work.touches.add("lead", lead.id, new, actor.member_id)
        hours = work.members.hours(lead.holder.id)
        if new.next_on:
            due_at = snooze_to_day(new.next_on, work.now, hours, field="day")
        else:
            due_at = next_follow_up(work.now, self.sales.pace(lead.band), hours)
        work.leads.touched(lead.id, work.now, due_at)
        record(
            work,
            actor,
            "lead.touched",
            lead.id,
            after={"touch_id": touch_id, "kind": new.kind.value, "next_at": due_at.isoformat()},
        )
        lead_reminders.start_anew(work, lead, due_at, actor, "touch")
        return lead_step(work, lead.id)

    @writes
    def plan_next(self, work: UnitOfWork, actor: Actor, lead_id: int, day: date, shown: date | None = None) -> LeadStep:
        """Set the day on which to get back to the prospect; the day that a form has `shown` changes nothing.

        Raises NotAllowed, NotFound, FormRefused, RuleBroken (field `day`).
        """
        check_permission(work, actor, PLAN_NEXT)
        lead = open_lead(work, lead_id)
        if shown and is_day_planned(lead, day, shown, actor.hours):
            return lead_step(work, lead.id)
        due_at = snooze_to_day(day, work.now, work.members.hours(lead.holder.id), field="day")
        before = {"next_at": lead.next_at.isoformat() if lead.next_at else None}
        record(work, actor, "lead.planned", lead.id, before=before, after={"next_at": due_at.isoformat()})
        work.leads.plan(lead.id, due_at)
        step = lead_step(work, lead.id)
        lead_reminders.plan(work, step.lead)
        return step

    @writes
    def disqualify(self, work: UnitOfWork, actor: Actor, lead_id: int, reason: str, remark: str = "") -> LeadStep:
        """Close the lead for one of the playbook's reasons; its reminder ends. It can be undone.

        Raises NotAllowed, NotFound, RuleBroken (field `reason`), AlreadyDone.
        """
        check_permission(work, actor, DISQUALIFY_LEAD)
        lead = open_lead(work, lead_id)
        if reason not in self.sales.disqualification:
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
        lead_reminders.end(work, lead, actor, ReminderState.CANCELLED, "disqualified")
        return lead_step(work, lead.id, operation)

    @reads
    def show(self, work: UnitOfWork, actor: Actor, lead_id: int) -> LeadPage:
        """One lead with its latest touches, or the one it was merged into.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_LEADS)
        return _page(work, standing_lead(work, lead_id))

    @reads
    def find(self, work: UnitOfWork, actor: Actor, number: int) -> LeadPage:
        """The lead with this number, as in `L-12`, or the one it was merged into.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_LEADS)
        return _page(work, standing_lead(work, work.leads.by_number(number).id))

    @reads
    def search(self, work: UnitOfWork, actor: Actor, words: str, beside_id: int | None = None) -> list[Lead]:
        """Open leads by code or company, to choose from; beside a lead, those of its account come first and itself is left out.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_LEADS)
        beside = standing_lead(work, beside_id) if beside_id else None
        found = work.leads.search(search_words(words), beside.account.id if beside else None, MOST_OFFERED)
        return [lead for lead in found if beside is None or lead.id != beside.id]

    @reads
    def mine(self, work: UnitOfWork, actor: Actor) -> LeadList:
        """The actor's open leads, the next due first."""
        check_permission(work, actor, SEE_LEADS)
        leads = work.leads.open_of(actor.member_id, MOST_LISTED)
        return LeadList(now=work.now, leads=tuple(leads), total=work.leads.count_open_of(actor.member_id))

    @reads
    def team(self, work: UnitOfWork, actor: Actor) -> LeadList:
        """Everybody's open leads: hot before cold, unclaimed first among equals."""
        check_permission(work, actor, SEE_LEADS)
        leads = work.leads.open_all(MOST_LISTED)
        return LeadList(now=work.now, leads=tuple(leads), total=work.leads.count_open())


def _doubt(work: UnitOfWork, matches: list[Match]) -> PossibleDuplicates:
    found = (work.leads.latest_of_account(match.account.id, 1, is_open=True) for match in matches)
    return PossibleDuplicates(matches=tuple(matches), open_leads=tuple(lead for leads in found for lead in leads))


def _page(work: UnitOfWork, lead: Lead) -> LeadPage:
    touches = tuple(work.touches.last_of("lead", lead.id, 5))
    return LeadPage(now=work.now, lead=lead, touches=touches, operation=work.operations.last_about("lead", lead.id))
