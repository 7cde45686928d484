"""What usual words of other systems (Salesforce, HubSpot, Zoho, Pipedrive) mean here, where that is plain."""

import re
from collections.abc import Mapping

from domain.sales.deals import DealOutcome
from domain.sales.leads import LeadStatus

OUTCOMES: Mapping[DealOutcome, frozenset[str]] = {
    DealOutcome.WON: frozenset("won|win|closed won|closedwon|successful".split("|")),
    DealOutcome.LOST: frozenset(
        "lost|loss|closed lost|closedlost|closed lost to competition|unsuccessful|abandoned".split("|")
    ),
    DealOutcome.OPEN: frozenset(
        "open|new|prospecting|engaging|qualification|qualified|discovery|proposal|quoted|negotiation|in progress|pipeline|"
        "needs analysis|value proposition|id decision makers|identify decision makers|perception analysis|proposal price quote|"
        "proposal quote|negotiation review|appointment scheduled|appointmentscheduled|qualified to buy|qualifiedtobuy|"
        "presentation scheduled|presentationscheduled|decision maker bought in|decisionmakerboughtin|contract sent|contractsent|"
        "contact made|demo scheduled|proposal made|negotiations started|lead in".split("|")
    ),
}
"""Words for stages whose outcome is plain."""
STATUSES: Mapping[LeadStatus, frozenset[str]] = {
    LeadStatus.OPEN: frozenset(
        "open|new|working|contacted|not contacted|open not contacted|working contacted|attempted to contact|contact in future|"
        "in progress|connected|nurturing|nurture|bad timing|pre qualified|assigned|active|hot|warm|cold".split("|")
    ),
    LeadStatus.DISQUALIFIED: frozenset(
        "disqualified|unqualified|not qualified|closed not converted|not converted|junk|junk lead|spam|lost|lost lead|dead".split(
            "|"
        )
    ),
    LeadStatus.QUALIFIED: frozenset(
        "qualified|converted|closed converted|converted to deal|open deal|opportunity".split("|")
    ),
    LeadStatus.MERGED: frozenset({"merged"}),
}
"""Words for where a lead stands."""
SOURCES: Mapping[str, str] = {
    **dict.fromkeys(
        "trade show|tradeshow|conference|seminar|seminar internal|seminar partner|event|webinar".split("|"), "event"
    ),
    **dict.fromkeys(
        "web|website|web form|web forms|lead form|web download|web research|web visitors|online store|onlinestore|chat|chatbot|"
        "organic search|paid search|organic social|paid social|social media|direct traffic|email marketing|advertisement|"
        "google adwords|facebook|twitter|linkedin|newsletter|internet".split("|"),
        "web",
    ),
    **dict.fromkeys(
        "partner|partner referral|referral|referrals|external referral|word of mouth|customer referral".split("|"),
        "referral",
    ),
    **dict.fromkeys("cold call|outbound|prospector|purchased list|cold email".split("|"), "outbound"),
    **dict.fromkeys("existing client|existing customer|customer|existing business".split("|"), "client"),
    **dict.fromkeys(
        "other|other campaigns|offline sources|employee referral|public relations|phone inquiry|sales mail alias|"
        "manually created|self generated".split("|"),
        "other",
    ),
}
"""Where leads come from, and a word that playbooks have for it."""


def outcome_of(text: str) -> DealOutcome | None:
    """What a stage comes to, or None where that is not plain."""
    word = _word(text)
    return next((outcome for outcome, words in OUTCOMES.items() if word in words), None)


def status_of(text: str) -> LeadStatus | None:
    """Where a lead stands, or None where that is not plain."""
    word = _word(text)
    return next((status for status, words in STATUSES.items() if word in words), None)


def source_of(text: str) -> str | None:
    """The word a playbook may have for where a lead came from, or None."""
    return SOURCES.get(_word(text))


def _word(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))
