"""Leads, as the shared tests need them."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

from domain.sales.leads import Lead, LeadMerge, PossibleDuplicates
from tests.firm import PLAYBOOK
from tests.views.facts import ADMIN, AT, Drawings, Facts, Sample, page_of, person, within_modal
from views import kit, messages
from views.sales import capture, lead_edits, lead_forms, lead_reminders, leads


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


def doubt_of(given: Sample) -> PossibleDuplicates:
    """Accounts that may be meant, with what is open there."""
    leads = tuple(replace(given.lead, account=match.account) for match in given.matches)
    return PossibleDuplicates(matches=given.matches, open_leads=leads)


DRAWINGS: Drawings = {
    "leads.lead_card": lambda s: ("message", leads.lead_card(s.lead, PLAYBOOK)),
    "leads.captured_reply": lambda s: ("message", leads.captured_reply(s.lead, ADMIN, PLAYBOOK)),
    "leads.captured_modal": lambda s: ("modal", leads.captured_modal(s.lead, ADMIN, PLAYBOOK)),
    "leads.lead_list": lambda s: ("message", leads.lead_list("All leads", s.listed, PLAYBOOK, shows_owner=True)),
    "leads.lead_list_modal": lambda s: (
        "modal",
        leads.lead_list_modal("My leads", s.listed, PLAYBOOK, shows_owner=False),
    ),
    "leads.lead_page": lambda s: ("modal", leads.lead_page(page_of(s), ADMIN, PLAYBOOK)),
    "leads.lead_given": lambda s: ("message", leads.lead_given(s.lead, PLAYBOOK, kit.say("Yours"))),
    "capture.contact_questions": lambda s: within_modal(capture.contact_questions(s.draft.contact)),
    "lead_edits.edit_lead_modal": lambda s: ("modal", lead_edits.edit_lead_modal(s.lead, PLAYBOOK, "x" * 3000)),
    "lead_edits.merge_lead_modal": lambda s: ("modal", lead_edits.merge_lead_modal(s.lead)),
    "lead_edits.confirm_merge_modal": lambda s: ("modal", lead_edits.confirm_merge_modal(lead_merge_of(s))),
    "lead_edits.link_lead_modal": lambda s: ("modal", lead_edits.link_lead_modal("x" * 3000)),
    "lead_edits.assign_lead_modal": lambda s: ("modal", lead_edits.assign_lead_modal(s.lead)),
    "capture.new_lead_modal": lambda s: ("modal", capture.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000)),
    "capture.more_questions": lambda s: within_modal(capture.more_questions(s.draft, PLAYBOOK)),
    "capture.with_more_questions": lambda s: (
        "modal",
        capture.with_more_questions(capture.new_lead_modal(s.draft, PLAYBOOK, "x" * 3000), PLAYBOOK),
    ),
    "capture.new_lead_questions": lambda s: within_modal(capture.new_lead_questions(s.draft, PLAYBOOK)),
    "lead_forms.screening_questions": lambda s: within_modal(lead_forms.screening_questions(s.lead.answers, PLAYBOOK)),
    "capture.doubtful_lead_modal": lambda s: ("modal", capture.doubtful_lead_modal(s.draft, doubt_of(s), PLAYBOOK)),
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
    "LeadAddedTo": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "said": s.lead.said},
    "CardWithdrawn": lambda s: {
        "channel": "C1",
        "ts": "1.1",
        "what": f"{s.lead.code} {s.lead.account.name}",
        "by": s.lead.captured_by,
    },
    "LeadTaken": lambda s: {"lead": s.lead, "by": s.lead.captured_by, "note": s.lead.said},
}
