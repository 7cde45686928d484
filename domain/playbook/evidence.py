"""Evidence: the closed list of what a gate may ask for, because the code can see whether it is there."""

from enum import StrEnum

from domain.core.language import _


class RecordKind(StrEnum):
    """The kind of record that stands in a stage."""

    LEAD = "lead"
    DEAL = "deal"
    PROJECT = "project"
    ACCOUNT = "account"


class Evidence(StrEnum):
    """What a gate may ask for. Values are public: never renamed, only added."""

    LEAD_OWNED = "lead_owned"
    LEAD_SCREENED = "lead_screened"
    FIRST_TALK_LOGGED = "first_talk_logged"
    NEEDS_BRIEF_COMPLETE = "needs_brief_complete"
    SOLUTION_ATTACHED = "solution_attached"
    PROPOSAL_COMPLETE = "proposal_complete"
    PROPOSAL_REVIEWED = "proposal_reviewed"
    PROPOSAL_CONFIRMED = "proposal_confirmed"
    QUOTE_APPROVED = "quote_approved"
    TERMS_UNDERSTOOD = "terms_understood"
    CONTRACT_SIGNED = "contract_signed"
    DOCUMENTS_FILED = "documents_filed"
    HANDOVER_ACCEPTED = "handover_accepted"
    TEAM_NAMED = "team_named"
    PLAN_AGREED = "plan_agreed"
    ALL_MILESTONES_ACCEPTED = "all_milestones_accepted"
    CHANGES_DECIDED = "changes_decided"
    PROMISES_SETTLED = "promises_settled"
    SUMMARY_WRITTEN = "summary_written"
    LESSONS_TAGGED = "lessons_tagged"
    SURVEY_SENT = "survey_sent"

    @property
    def sentence(self) -> str:
        """What must be so, as people read it, in the reader's language."""
        return {
            Evidence.LEAD_OWNED: _("Somebody has claimed the lead"),
            Evidence.LEAD_SCREENED: _("The screening questions are answered"),
            Evidence.FIRST_TALK_LOGGED: _("A call or meeting is logged with its key points"),
            Evidence.NEEDS_BRIEF_COMPLETE: _("The needs brief says needs, pain points and goals"),
            Evidence.SOLUTION_ATTACHED: _("A preliminary solution is attached"),
            Evidence.PROPOSAL_COMPLETE: _("The proposal says objective, content, method, outcome and budget"),
            Evidence.PROPOSAL_REVIEWED: _("Every department asked has approved the proposal"),
            Evidence.PROPOSAL_CONFIRMED: _("The client has confirmed the proposal, and that version is frozen"),
            Evidence.QUOTE_APPROVED: _("The quote is approved"),
            Evidence.TERMS_UNDERSTOOD: _("The client has understood and agreed every term on the checklist"),
            Evidence.CONTRACT_SIGNED: _("The signed contract is on file, with its date and signatories"),
            Evidence.DOCUMENTS_FILED: _("Contract, quote and proposal are filed"),
            Evidence.HANDOVER_ACCEPTED: _("Delivery has accepted the hand-over"),
            Evidence.TEAM_NAMED: _("Everybody on the team is named, with their duties"),
            Evidence.PLAN_AGREED: _("Every milestone has an owner, a date and criteria"),
            Evidence.ALL_MILESTONES_ACCEPTED: _("The client has accepted every milestone"),
            Evidence.CHANGES_DECIDED: _("Every change request is decided"),
            Evidence.PROMISES_SETTLED: _("Every promise is kept or settled with the client"),
            Evidence.SUMMARY_WRITTEN: _("The closing summary is written"),
            Evidence.LESSONS_TAGGED: _("At least one lesson is written, with tags"),
            Evidence.SURVEY_SENT: _("The closing survey is on its way to the client"),
        }[self]

    @property
    def kind(self) -> RecordKind:
        """The kind of record it is about."""
        if self in {Evidence.LEAD_OWNED, Evidence.LEAD_SCREENED}:
            return RecordKind.LEAD
        return RecordKind.PROJECT if self in ABOUT_PROJECTS else RecordKind.DEAL


ABOUT_PROJECTS = frozenset(
    {
        Evidence.HANDOVER_ACCEPTED,
        Evidence.TEAM_NAMED,
        Evidence.PLAN_AGREED,
        Evidence.ALL_MILESTONES_ACCEPTED,
        Evidence.CHANGES_DECIDED,
        Evidence.PROMISES_SETTLED,
        Evidence.SUMMARY_WRITTEN,
        Evidence.LESSONS_TAGGED,
        Evidence.SURVEY_SENT,
    }
)
GUARDS_WON = (Evidence.QUOTE_APPROVED, Evidence.CONTRACT_SIGNED)
"""Without these, on every road, nothing is won: no playbook can take them away."""
