"""Channels of deals, as the shared tests need them."""

from domain.sales.channels import StepKind
from tests.firm import PLAYBOOK
from tests.nouns.deals import deal_page_of, lost_deal_of
from tests.views.facts import Drawings, Facts, OnPages
from views import kit
from views.sales import channels as deal_channels

REFUSALS = (
    (StepKind.CREATE, "missing_scope"),
    (StepKind.TOPIC, "restricted_action"),
    (StepKind.PIN, "too_many_pins"),
)
"""What Slack may refuse, each with another remedy."""


ON_PAGES: OnPages = {"deal.channel": lambda s, _record: "C0DEAL" if s.touches else None}

DRAWINGS: Drawings = {
    "channels.channel_ends": lambda s: (
        "message",
        deal_channels.channel_ends(lost_deal_of(s), PLAYBOOK, kit.say("Over"), archives=True),
    ),
    "channels.channel_refused": lambda s: (
        "message",
        [
            block
            for kind, why in REFUSALS
            for block in deal_channels.channel_refused(kind, why, kit.say("{said}", said=s.lead.said or "x"))
        ],
    ),
}

FACTS: Facts = {
    "DealChannelOpened": lambda s: {"deal": deal_page_of(s)},
    "DealChannelEnds": lambda s: {"deal": lost_deal_of(s), "archives": bool(s.touches)},
    "DealChannelGoesOn": lambda s: {"deal": deal_page_of(s)},
    "DealChannelStaysArchived": lambda s: {"deal": deal_page_of(s), "channel": "C0DEAL"},
    "DealChannelRefused": lambda s: {"deal": deal_page_of(s), "refused": StepKind.CREATE, "why": "missing_scope"},
}
