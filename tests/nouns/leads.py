"""Leads, as the shared tests need them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.sales.leads import Lead, LeadMerge
from tests.firm import PLAYBOOK
from tests.views.facts import ADMIN, AT, Drawings, Facts, Sample, page_of, person, within_modal
from views import kit, messages
from views.sales import lead_edits, lead_reminders, leads


def lead_merge_of(s: Sample) -> LeadMerge:
    """A merge in which everything is taken over."""
    poor = Lead(
        id=1,
        number=1,
        account=s.lead.account,
        source="web",
        captured_by=person("x"),
        captured_at=AT + timedelta(days=1),
    )
    return LeadMerge(before=poor, kept=s.lead, other=s.lead, touches=len(s.touches))


DRAWINGS: Drawings = {
    "leads.lead_card": lambda s: ("message", leads.lead_card(s.lead, PLAYBOOK)),
    "leads.captured_reply": lambda s: ("message", leads.captured_reply(s.lead)),
    "leads.lead_list": lambda s: ("message", leads.lead_list("All leads", s.listed, PLAYBOOK, shows_owner=True)),
    "leads.lead_list_modal": lambda s: (
        "modal",
        leads.lead_list_modal("My leads", s.listed, PLAYBOOK, shows_owner=False),
    ),
    "leads.lead_page": lambda s: ("modal", leads.lead_page(page_of(s), ADMIN, PLAYBOOK)),
    "leads.lead_given": lambda s: ("message", leads.lead_given(s.lead, PLAYBOOK, kit.say("Yours"))),
    "leads.contact_questions": lambda s: within_modal(leads.contact_questions(s.draft.contact)),
    "lead_edits.edit_lead_modal": lambda s: ("modal", lead_edits.edit_lead_modal(s.lead, PLAYBOOK, "x" * 3000)),
    "lead_edits.merge_lead_modal": lambda s: ("modal", lead_edits.merge_lead_modal(s.lead)),
    "lead_edits.confirm_merge_modal": lambda s: ("modal", lead_edits.confirm_merge_modal(lead_merge_of(s))),
    "lead_edits.link_lead_modal": lambda s: ("modal", lead_edits.link_lead_modal("x" * 3000)),
    "lead_edits.assign_lead_modal": lambda s: ("modal", lead_edits.assign_lead_modal(s.lead)),
    "leads.new_lead_modal": lambda s: ("modal", leads.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000)),
    "leads.new_lead_questions": lambda s: within_modal(leads.new_lead_questions(s.draft, PLAYBOOK)),
    "leads.screening_questions": lambda s: within_modal(leads.screening_questions(s.lead.answers, PLAYBOOK)),
    "leads.doubtful_lead_modal": lambda s: ("modal", leads.doubtful_lead_modal(s.draft, s.matches, PLAYBOOK)),
    "leads.screening_modal": lambda s: ("modal", leads.screening_modal(s.lead, PLAYBOOK)),
    "leads.touch_modal": lambda s: ("modal", leads.touch_modal(s.lead)),
    "leads.plan_modal": lambda s: ("modal", leads.plan_modal(s.lead, ZoneInfo("Asia/Tokyo"))),
    "leads.disqualify_modal": lambda s: ("modal", leads.disqualify_modal(s.lead, PLAYBOOK)),
    "lead_reminders.follow_up": lambda s: (
        "message",
        lead_reminders.follow_up(s.subject, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.subject})),
    ),
    "lead_reminders.first_answer": lambda s: (
        "message",
        lead_reminders.first_answer(s.subject, PLAYBOOK, messages.write("FirstAnswerDue", {"reminder": s.subject})),
    ),
    "lead_reminders.follow_up of a deputy": lambda s: (
        "message",
        lead_reminders.follow_up(s.stood_in, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.stood_in})),
    ),
}

FACTS: Facts = {
    "LeadCaptured": lambda s: {"lead": s.lead},
    "FollowUpDue": lambda s: {"reminder": s.subject},
    "FirstAnswerDue": lambda s: {"reminder": s.subject},
    "LeadAssigned": lambda s: {"lead": s.lead, "rule": s.failure[:150]},
    "LeadGiven": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "note": s.lead.said},
    "LeadTaken": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "note": s.lead.said},
}
