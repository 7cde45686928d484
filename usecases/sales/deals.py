"""What people do with deals: qualify leads into one, plan it, log touches, keep papers, move it, lose it, hand it over."""

from dataclasses import replace
from datetime import datetime

from domain.core.language import _, listed
from domain.core.messages import Destination
from domain.core.people import Actor, Permission, may
from domain.core.refusals import AlreadyDone, FormRefused, RuleBroken
from domain.core.reminders import ReminderState, snooze_to_day
from domain.playbook.evidence import GUARDS_WON, Evidence
from domain.playbook.gates import GateClosed, check_gate, check_stands
from domain.playbook.playbook import Position
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.deal_changes import differences
from domain.sales.deal_route import route_of, stage_of, standing_of, variant_by_rule
from domain.sales.deals import (
    PLAN_STEP,
    QUALIFY_LEAD,
    SEE_DEALS,
    STEER_DEAL,
    WORK_ON_DEAL,
    Deal,
    DealGiven,
    DealOutcome,
    DealPlan,
    Progress,
    check_plan,
    progress_of,
    running,
)
from domain.sales.documents import Needs, NewDocument, checked_needs
from domain.sales.leads import LONGEST_TEXT, Lead, NewTouch, check_touch
from domain.sales.pages import DealPage, DealStep
from domain.sales.screening import is_complete
from storage.unit_of_work import UnitOfWork
from usecases.desk import Desk, check_permission, reads, record, writes
from usecases.playbook.evidence import met
from usecases.sales import channels as deal_channels
from usecases.sales import deal_reminders, lead_reminders
from usecases.sales.deal_changes import follow_deal
from usecases.sales.deal_pages import check_deal, deal_page, position_of, sales_of
from usecases.sales.leads import open_lead
from usecases.sales.new_deals import begin_deal, planned
from usecases.sales.stale_forms import rebased_needs, rebased_plan

MOST_OFFERED = 20
"""Running deals that a lead may join, at the most."""


class DealDesk(Desk):
    """The use cases of deals. `version` is the digest of the playbook that new deals begin with."""

    @writes
    def qualify(
        self, work: UnitOfWork, actor: Actor, lead_id: int, plan: DealPlan, joins_id: int | None = None
    ) -> DealStep:
        """Let a lead go on as a new deal, or join a running deal of the same account. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone, GateClosed while nobody owns the lead or has screened it, FormRefused and
        RuleBroken (with the fields).
        """
        check_permission(work, actor, QUALIFY_LEAD)
        lead = open_lead(work, lead_id)
        self._check_lead(work, lead)
        plan = plan if joins_id else check_plan(plan, self.sales.client_types)
        summary = _("Made a deal of {code}.").format(code=lead.code)
        operation = work.operations.begin(actor, "lead.qualified", lead.id, summary)
        deal_id = (
            self._joined(work, lead, joins_id)
            if joins_id
            else begin_deal(work, actor, lead, plan, self.sales, self.playbook.digest)
        )
        work.leads.qualify(lead.id, deal_id)
        record(work, actor, "lead.qualified", lead.id, before={"status": lead.status.value}, after={"deal_id": deal_id})
        lead_reminders.end(work, lead, actor, ReminderState.DONE, "qualified")
        work.outbox.refresh_cards("lead", lead.id)
        work.outbox.refresh_cards("deal", deal_id)
        return DealStep(deal=work.deals.get(deal_id), operation=operation)

    def _check_lead(self, work: UnitOfWork, lead: Lead) -> None:
        """Refuse a lead that may not leave its own stage, which is the first of all; its screening is complete by the playbook in force."""
        first = self.sales.stages[0]
        seen = met(work, "lead", lead.id, first.gate)
        if not is_complete(lead.answers, self.sales):
            seen -= {Evidence.LEAD_SCREENED}
        check_gate(lead.code, first, seen)

    def _joined(self, work: UnitOfWork, lead: Lead, deal_id: int) -> int:
        deal = running(work.deals.get(deal_id))
        if deal.account is None or deal.account.id != lead.account.id:
            raise RuleBroken(_("That deal is with another company."), field="joins")
        return deal.id

    @writes
    def plan(
        self, work: UnitOfWork, actor: Actor, deal_id: int, plan: DealPlan, shown: DealPlan | None = None
    ) -> DealStep:
        """Say what a deal is about, for how much, when we expect the signature, and what is done next, where that differs from what a
        form has `shown`. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it is over, GateClosed where its size puts it on a route with more gates behind
        it, FormRefused and RuleBroken (with the fields).
        """
        check_permission(work, actor, STEER_DEAL)
        deal, progress = self._standing(work, deal_id)
        rules = self._rules(work, deal)
        plan = check_plan(rebased_plan(work, actor, deal, plan, shown, rules), rules.client_types)
        progress = planned(work, progress, plan, deal.owner.id if deal.owner else actor.member_id)
        now = replace(deal, title=plan.title, value=plan.value, progress=progress)
        if progress.variant_reason is None:
            now = replace(now, progress=replace(progress, variant=variant_by_rule(now, rules).id))
        if now == deal:
            return DealStep(deal=deal)
        if stage_of(now, rules) is None:
            sentence = _("Deals of this size skip the stage this one is in. Choose its process first.")
            raise RuleBroken(sentence, field="amount")
        return self._kept(work, actor, deal, now, "deal.planned", _("Edited {code}.").format(code=deal.code))

    @writes
    def plan_step(
        self, work: UnitOfWork, actor: Actor, deal_id: int, plan: DealPlan, shown: DealPlan | None = None
    ) -> DealStep:
        """Say what comes next on a deal and on which day, where that differs from what a form has `shown`; of a plan nothing else counts.

        Whose role is in charge of its stage may, too. Raises NotAllowed, NotFound, AlreadyDone when it is over, FormRefused and RuleBroken
        (with the fields).
        """
        check_deal(work, actor, deal_id, PLAN_STEP, self.sales)
        deal, progress = self._standing(work, deal_id)
        rules = self._rules(work, deal)
        entered, was = _only_step(deal, plan), shown and _only_step(deal, shown)
        plan = check_plan(rebased_plan(work, actor, deal, entered, was, rules), rules.client_types)
        progress = planned(work, progress, plan, deal.owner.id if deal.owner else actor.member_id)
        after = {"next_step": plan.next_step, "next_on": plan.next_on and plan.next_on.isoformat()}
        record(work, actor, "deal.step_planned", deal.id, after=after)
        return DealStep(deal=self._keep(work, actor, deal, replace(deal, progress=progress)))

    @reads
    def check_right(self, work: UnitOfWork, actor: Actor, deal_id: int, permission: Permission) -> Deal:
        """Refuse who has not the permission for this deal in the stage in which it stands, before a form of it is opened.

        Raises NotAllowed, NotFound.
        """
        check_deal(work, actor, deal_id, permission, self.sales)
        return work.deals.get(deal_id)

    @writes
    def log_touch(self, work: UnitOfWork, actor: Actor, deal_id: int, new: NewTouch) -> DealStep:
        """Keep what was said in a call, meeting, mail or message; with a day, that is when the next step is due.

        Raises NotAllowed, NotFound, AlreadyDone when it is over, RuleBroken (with the field).
        """
        return self.touched(work, actor, deal_id, new)

    def touched(self, work: UnitOfWork, actor: Actor, deal_id: int, new: NewTouch) -> DealStep:
        """The same within the transaction of another desk."""
        check_deal(work, actor, deal_id, WORK_ON_DEAL, self.sales)
        deal, progress = self._standing(work, deal_id)
        check_touch(new)
        touch_id = work.touches.add("deal", deal.id, new, actor.member_id)
        if new.next_on:
            hours = work.members.hours(deal.owner.id if deal.owner else actor.member_id)
            step = progress.next_step or _("Get in touch again")
            at = snooze_to_day(new.next_on, work.now, hours, field="day")
            progress = replace(progress, next_step=step, next_at=at)
        now = replace(deal, progress=replace(progress, last_touch_at=work.now))
        record(work, actor, "deal.touched", deal.id, after={"touch_id": touch_id, "kind": new.kind.value})
        return DealStep(deal=self._keep(work, actor, deal, now))

    @writes
    def write_brief(
        self, work: UnitOfWork, actor: Actor, deal_id: int, needs: Needs, shown: Needs | None = None
    ) -> DealStep:
        """Keep a new version of the needs brief, with what differs from what a form has `shown`; what it leaves open stays unanswered.

        Raises NotAllowed, NotFound, AlreadyDone when the deal is over, FormRefused, also for what it leaves open though the deal has
        passed the gate that asks for it.
        """
        check_deal(work, actor, deal_id, WORK_ON_DEAL, self.sales)
        deal, _progress = self._standing(work, deal_id)
        known = work.papers.brief("deal", deal.id)
        checked = checked_needs(rebased_needs(known, needs, shown))
        if known and Needs(needs=known.needs, pains=known.pains, goals=known.goals) == checked:
            return DealStep(deal=deal)
        version = work.papers.write_brief("deal", deal.id, checked, actor.member_id)
        self._check_brief(work, deal, checked)
        record(work, actor, "deal.brief_written", deal.id, after={"version": version, "unanswered": checked.unanswered})
        return DealStep(deal=self._keep(work, actor, deal, deal))

    def _check_brief(self, work: UnitOfWork, deal: Deal, needs: Needs) -> None:
        """Refuse a brief that leaves open what the deal has passed a gate with."""
        try:
            self._check_stands(work, deal)
        except GateClosed as shut:
            sentence = _("{code} has left “{stage}” with this answered; say what holds now.")
            words = sentence.format(code=deal.code, stage=_(shut.stage.title))
            raise FormRefused(dict.fromkeys(needs.unanswered, words)) from shut

    @writes
    def attach(self, work: UnitOfWork, actor: Actor, deal_id: int, new: NewDocument) -> DealStep:
        """Keep a file with a deal.

        Raises NotAllowed, NotFound, AlreadyDone when the deal is over, or has this content for this use already.
        """
        check_deal(work, actor, deal_id, WORK_ON_DEAL, self.sales)
        deal, _progress = self._standing(work, deal_id)
        if not work.papers.attach("deal", deal.id, new, actor.member_id):
            raise AlreadyDone(_("{code} has this file already.").format(code=deal.code))
        after = {"kind": new.kind.value, "title": new.title, "sha256": new.sha256}
        record(work, actor, "deal.document_attached", deal.id, after=after)
        return DealStep(deal=self._keep(work, actor, deal, deal))

    @reads
    def check_work(self, work: UnitOfWork, actor: Actor, deal_id: int) -> Deal:
        """Refuse who may not write down anything about this deal, or where it is over, before anything is fetched for it.

        Raises NotAllowed, NotFound, AlreadyDone.
        """
        check_deal(work, actor, deal_id, WORK_ON_DEAL, self.sales)
        return running(work.deals.get(deal_id))

    @writes
    def move(self, work: UnitOfWork, actor: Actor, deal_id: int, stage_id: str, reason: str = "") -> DealStep:
        """Move a deal to a stage that follows, on the evidence its gates ask for, or back to an earlier one with a reason.

        It can be undone. Raises NotAllowed, NotFound, AlreadyDone when it stands there, GateClosed with what is missing, RuleBroken
        (field `stage` or `reason`).
        """
        check_permission(work, actor, STEER_DEAL)
        deal, progress = self._standing(work, deal_id)
        if progress.stage == stage_id:
            raise AlreadyDone(_("{code} is there already.").format(code=deal.code))
        rules = self._rules(work, deal)
        stage = stage_of(deal, rules)
        if stage is None or stage_id not in {*stage.next, *stage.back}:
            raise RuleBroken(_("The deal can't go to that stage from here."), field="stage")
        if stage_id in stage.back and not reason.strip():
            raise RuleBroken(_("Why does it go back? A line is enough."), field="reason")
        moved = replace(deal, progress=replace(progress, stage=stage_id, since=work.now))
        title = next(one.title for one in route_of(deal, rules) if one.id == stage_id)
        summary = _("Moved {code} to “{stage}”.").format(code=deal.code, stage=_(title))
        return self._kept(work, actor, deal, moved, "deal.moved", summary, reason)

    @writes
    def choose_variant(self, work: UnitOfWork, actor: Actor, deal_id: int, variant_id: str, reason: str) -> DealStep:
        """Put a deal on another route than the one its size and client say. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone, RuleBroken (field `variant` or `reason`), GateClosed where the other route has gates
        behind where the deal stands that are still shut.
        """
        check_permission(work, actor, STEER_DEAL)
        deal, progress = self._standing(work, deal_id)
        rules = self._rules(work, deal)
        variant = next((one for one in rules.variants if one.id == variant_id), None)
        if variant is None:
            raise RuleBroken(_("Pick a process."), field="variant")
        if not reason.strip():
            raise RuleBroken(_("Why this one? A line is enough."), field="reason")
        if progress.variant == variant.id:
            raise AlreadyDone(_("{code} follows this process already.").format(code=deal.code))
        now = replace(
            deal, progress=replace(progress, variant=variant.id, variant_reason=reason.strip()[:LONGEST_TEXT])
        )
        if stage_of(now, rules) is None:
            raise RuleBroken(_("That process skips the stage the deal is in."), field="variant")
        return self._kept(
            work,
            actor,
            deal,
            now,
            "deal.variant_chosen",
            _("Changed the process of {code}.").format(code=deal.code),
            reason,
        )

    @writes
    def follow_playbook(self, work: UnitOfWork, actor: Actor, deal_id: int) -> DealStep:
        """Have a deal judged by today's playbook, no longer by the one it began with. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it is or the deal is over, RuleBroken where today's playbook lacks the stage in
        which the deal stands, GateClosed where it has a gate behind the deal that is shut.
        """
        check_permission(work, actor, STEER_DEAL)
        deal, progress = self._standing(work, deal_id)
        if progress.playbook in {self.playbook.digest, None}:
            raise AlreadyDone(_("{code} follows today's playbook already.").format(code=deal.code))
        now = replace(deal, progress=replace(progress, playbook=self.playbook.digest))
        chosen = progress.variant_reason and progress.variant in {one.id for one in self.sales.variants}
        if not chosen:
            variant = variant_by_rule(now, self.sales)
            now = replace(now, progress=replace(progress_of(now), variant=variant.id, variant_reason=None))
        if stage_of(now, self.sales) is None:
            raise RuleBroken(_("Today's playbook skips the stage the deal is in. Move the deal first."))
        summary = _("Let {code} follow today's playbook.").format(code=deal.code)
        return self._kept(work, actor, deal, now, "deal.playbook_followed", summary)

    @writes
    def lose(self, work: UnitOfWork, actor: Actor, deal_id: int, reason: str, remark: str = "") -> DealStep:
        """End a deal that will not be won, for one of the playbook's reasons. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it is over, RuleBroken (field `reason`).
        """
        check_permission(work, actor, STEER_DEAL)
        deal, progress = self._standing(work, deal_id)
        if reason not in self._rules(work, deal).lost_reasons:
            raise RuleBroken(_("Pick one of the reasons."), field="reason")
        words = remark.strip()[:LONGEST_TEXT] or None
        ended = replace(progress, lost_for=reason, remark=words, next_step=None, next_at=None)
        today = actor.hours.local(work.now).date()
        now = replace(deal, outcome=DealOutcome.LOST, closed_on=today, progress=ended)
        summary = _("Noted {code} as lost.").format(code=deal.code)
        return self._kept(work, actor, deal, now, "deal.lost", summary, remark)

    @writes
    def hand_over(self, work: UnitOfWork, actor: Actor, deal_id: int, to: str, note: str = "") -> DealStep:
        """Give a deal to somebody who may steer deals (a Slack id); they are told, with the note. It can be undone.

        Raises NotAllowed, NotFound, AlreadyDone when it is theirs or over, RuleBroken (field `owner` or `note`).
        """
        check_permission(work, actor, STEER_DEAL)
        deal, _progress = self._standing(work, deal_id)
        owner = work.members.actor(to)
        if owner is None or not may(owner.roles, STEER_DEAL):
            able = listed(STEER_DEAL.role_titles)
            raise RuleBroken(_("Only {roles} may own a deal.").format(roles=able), field="owner")
        if deal.owner and deal.owner.id == owner.member_id:
            raise AlreadyDone(_("{code} is {owner}'s already.").format(code=deal.code, owner=owner.name))
        if len(note) > LONGEST_TEXT:
            raise RuleBroken(_("Please keep this under {most} characters.").format(most=LONGEST_TEXT), field="note")
        now = replace(deal, owner=owner.person)
        step = self._kept(
            work, actor, deal, now, "deal.handed_over", _("Handed {code} over.").format(code=deal.code), note
        )
        if owner.member_id != actor.member_id:
            told = DealGiven(deal_id=deal.id, by_id=actor.member_id, note=note.strip())
            version = step.deal.progress.version if step.deal.progress else 0
            once = f"deal.given:{deal.id}:{version}"
            work.outbox.put(told, Destination(member_id=owner.member_id), once=once)
        return step

    def set_step(self, work: UnitOfWork, actor: Actor, deal: Deal, step: str | None, at: datetime | None) -> None:
        """Keep what comes next on a deal and when, within the transaction of another desk."""
        now = replace(deal, progress=replace(progress_of(deal), next_step=step, next_at=at))
        self._keep(work, actor, deal, now)

    def _rules(self, work: UnitOfWork, deal: Deal) -> SalesPlaybook:
        """The playbook by which a deal is judged: the one it follows, or today's where that is not kept."""
        return sales_of(work, deal) or self.sales

    def _standing(self, work: UnitOfWork, deal_id: int) -> tuple[Deal, Progress]:
        deal = running(work.deals.get(deal_id))
        return deal, progress_of(deal)

    def _kept(
        self, work: UnitOfWork, actor: Actor, before: Deal, now: Deal, event: str, summary: str, reason: str = ""
    ) -> DealStep:
        """Keep a change that can be undone, if no gate behind the deal stands open by it."""
        self._check_passed(work, before, now)
        operation = work.operations.begin(actor, event, before.id, summary)
        old, new = differences(before, now)
        record(work, actor, event, before.id, before=old, after=new, reason=reason.strip()[:LONGEST_TEXT] or None)
        step = DealStep(deal=self._keep(work, actor, before, now), operation=operation)
        if (now.owner, now.outcome) != (before.owner, before.outcome):
            follow_deal(work, actor, step.deal)
        return step

    def _check_passed(self, work: UnitOfWork, before: Deal, now: Deal) -> None:
        """Look at the gates a change puts behind a deal, and once more at what wins it; nothing takes the others' evidence away.

        Raises RuleBroken off its route, GateClosed behind a gate that is shut.
        """
        standing = standing_of(now, self._rules(work, now))
        passed = {*standing_of(before, self._rules(work, before)).asked} - {*GUARDS_WON}
        asked = [evidence for evidence in standing.asked if evidence not in passed]
        check_stands(standing, passed | met(work, "deal", now.id, asked))

    def _check_stands(self, work: UnitOfWork, deal: Deal) -> None:
        """Raises RuleBroken off its route, GateClosed behind a gate that is shut."""
        standing = standing_of(deal, self._rules(work, deal))
        check_stands(standing, met(work, "deal", deal.id, standing.asked))

    def _keep(self, work: UnitOfWork, actor: Actor, before: Deal, now: Deal) -> Deal:
        kept = work.deals.update(now)
        deal_reminders.follow(work, actor, before, kept, self.sales)
        work.outbox.refresh_cards("deal", kept.id)
        deal_channels.follow(work, kept, self._rules(work, kept))
        return kept

    @reads
    def show(self, work: UnitOfWork, actor: Actor, deal_id: int) -> DealPage:
        """One deal with everything written and said about it.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_DEALS)
        return deal_page(work, deal_id)

    @reads
    def position(self, work: UnitOfWork, actor: Actor, deal_id: int) -> Position:
        """Where a deal stands on its route and since how many working days, with what lies behind it as the audit log tells.

        Raises NotAllowed, NotFound, AlreadyDone for a deal that was taken over.
        """
        check_permission(work, actor, SEE_DEALS)
        return position_of(work, work.deals.get(deal_id))

    @reads
    def find(self, work: UnitOfWork, actor: Actor, number: int) -> DealPage:
        """The deal with this number, as in `D-12`.

        Raises NotAllowed, NotFound.
        """
        check_permission(work, actor, SEE_DEALS)
        return deal_page(work, work.deals.by_number(number).id)

    @reads
    def offered(self, work: UnitOfWork, actor: Actor, lead_id: int) -> tuple[Lead, tuple[Deal, ...]]:
        """A lead that is to go on as a deal, and the running deals of its account that it may join.

        Raises NotAllowed, NotFound, AlreadyDone when it is closed, GateClosed.
        """
        check_permission(work, actor, QUALIFY_LEAD)
        lead = open_lead(work, lead_id)
        self._check_lead(work, lead)
        return lead, tuple(work.deals.running_at(lead.account.id, MOST_OFFERED))


def _only_step(deal: Deal, plan: DealPlan) -> DealPlan:
    """The deal's own plan but for what comes next."""
    progress = progress_of(deal)
    return replace(
        plan,
        title=deal.title,
        value=deal.value,
        client_type=progress.client_type,
        expected_on=progress.expected_on,
    )
