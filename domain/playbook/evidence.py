"""Evidence: the closed list of what a gate may ask for, because the code can see whether it is there."""

from enum import StrEnum

from domain.core.language import N_, Titled


class RecordKind(StrEnum):
    """The kind of record that stands in a stage."""

    LEAD = "lead"
    DEAL = "deal"
    PROJECT = "project"
    ACCOUNT = "account"


class Evidence(Titled):
    """What a gate may ask for; the title says what must be so. Values are public: never renamed, only added."""

    LEAD_OWNED = "lead_owned", N_("Somebody has claimed the lead")
    LEAD_SCREENED = "lead_screened", N_("The screening questions are answered")
    FIRST_TALK_LOGGED = "first_talk_logged", N_("A call or meeting is logged with its key points")
    NEEDS_BRIEF_COMPLETE = "needs_brief_complete", N_("The needs brief says needs, pain points and goals")
    SOLUTION_ATTACHED = "solution_attached", N_("A preliminary solution is attached")
    PROPOSAL_COMPLETE = "proposal_complete", N_("The proposal says objective, content, method, outcome and budget")
    PROPOSAL_REVIEWED = "proposal_reviewed", N_("Every department asked has approved the proposal")
    PROPOSAL_CONFIRMED = "proposal_confirmed", N_("The client has confirmed the proposal, and that version is frozen")
    QUOTE_APPROVED = "quote_approved", N_("The quote is approved")
    TERMS_UNDERSTOOD = "terms_understood", N_("The client has understood and agreed every term on the checklist")
    CONTRACT_SIGNED = "contract_signed", N_("The signed contract is on file, with its date and signatories")
    DOCUMENTS_FILED = "documents_filed", N_("Contract, quote and proposal are filed")
    HANDOVER_ACCEPTED = "handover_accepted", N_("Delivery has accepted the hand-over")
    TEAM_NAMED = "team_named", N_("Everybody on the team is named, with their duties")
    PLAN_AGREED = "plan_agreed", N_("Every milestone has an owner, a date and criteria")
    ALL_MILESTONES_ACCEPTED = "all_milestones_accepted", N_("The client has accepted every milestone")
    CHANGES_DECIDED = "changes_decided", N_("Every change request is decided")
    PROMISES_SETTLED = "promises_settled", N_("Every promise is kept or settled with the client")
    SUMMARY_WRITTEN = "summary_written", N_("The closing summary is written")
    LESSONS_TAGGED = "lessons_tagged", N_("At least one lesson is written, with tags")
    SURVEY_SENT = "survey_sent", N_("The closing survey is on its way to the client")

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
"""Without these, on every route, nothing is won: no playbook can take them away."""
