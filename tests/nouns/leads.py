"""Leads, as the shared tests need them."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.sales.leads import Lead, LeadMerge
from tests.firm import PLAYBOOK
from tests.views.facts import ADMIN, AT, Drawings, Facts, Sample, page_of, person, within_modal
from views import kit, messages
from views.sales import lead_edits, lead_forms, lead_reminders, leads


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
    "lead_forms.contact_questions": lambda s: within_modal(lead_forms.contact_questions(s.draft.contact)),
    "lead_edits.edit_lead_modal": lambda s: ("modal", lead_edits.edit_lead_modal(s.lead, PLAYBOOK, "x" * 3000)),
    "lead_edits.merge_lead_modal": lambda s: ("modal", lead_edits.merge_lead_modal(s.lead)),
    "lead_edits.confirm_merge_modal": lambda s: ("modal", lead_edits.confirm_merge_modal(lead_merge_of(s))),
    "lead_edits.link_lead_modal": lambda s: ("modal", lead_edits.link_lead_modal("x" * 3000)),
    "lead_edits.assign_lead_modal": lambda s: ("modal", lead_edits.assign_lead_modal(s.lead)),
    "lead_forms.new_lead_modal": lambda s: ("modal", lead_forms.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000)),
    "lead_forms.new_lead_questions": lambda s: within_modal(lead_forms.new_lead_questions(s.draft, PLAYBOOK)),
    "lead_forms.screening_questions": lambda s: within_modal(lead_forms.screening_questions(s.lead.answers, PLAYBOOK)),
    "lead_forms.doubtful_lead_modal": lambda s: ("modal", lead_forms.doubtful_lead_modal(s.draft, s.matches, PLAYBOOK)),
    "lead_forms.screening_modal": lambda s: ("modal", lead_forms.screening_modal(s.lead, PLAYBOOK)),
    "lead_forms.touch_modal": lambda s: ("modal", lead_forms.touch_modal(s.lead)),
    "lead_forms.plan_modal": lambda s: ("modal", lead_forms.plan_modal(s.lead, ZoneInfo("Asia/Tokyo"))),
    "lead_forms.disqualify_modal": lambda s: ("modal", lead_forms.disqualify_modal(s.lead, PLAYBOOK)),
    "lead_reminders.lead_due": lambda s: (
        "message",
        lead_reminders.lead_due(s.subject, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.subject})),
    ),
    "lead_reminders.lead_due of a first answer": lambda s: (
        "message",
        lead_reminders.lead_due(s.subject, PLAYBOOK, messages.write("FirstAnswerDue", {"reminder": s.subject})),
    ),
    "lead_reminders.lead_due of a deputy": lambda s: (
        "message",
        lead_reminders.lead_due(s.stood_in, PLAYBOOK, messages.write("FollowUpDue", {"reminder": s.stood_in})),
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
