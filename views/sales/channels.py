"""Channels of deals as people read of them: the line on the card, the last word, and what an admin can do where Slack refuses."""

from domain.core.language import _
from domain.core.operations import UNDO_FOR
from domain.playbook.sales_rules import SalesPlaybook
from domain.sales.channels import DealChannelEnds, DealChannelRefused, StepKind
from domain.sales.pages import DealPage
from views import kit
from views.core.additions import Addition, card_lines
from views.kit import Block, Mrkdwn, say
from views.sales.deals import ending
from views.shown import shows

MISSING_SCOPE, RESTRICTED = "missing_scope", frozenset({"restricted_action", "not_allowed", "access_denied"})
"""Slack's words for what installing the app again mends, and for what the workspace's own settings forbid."""


def channel_ends(page: DealPage, playbook: SalesPlaybook, sentence: Mrkdwn, *, archives: bool) -> list[Block]:
    """The last word in a deal's channel: why it is over, and what becomes of the channel."""
    said = say("{sentence}\n{ending}", sentence=sentence, ending=ending(page.deal, page.sales or playbook))
    if not archives:
        return [kit.section(said)]
    minutes = UNDO_FOR.seconds // 60
    hint = say(_("In {minutes} minutes I archive this channel, unless that is undone."), minutes=minutes)
    return [kit.section(said), kit.context(hint)]


def channel_refused(refused: StepKind, why: str, sentence: Mrkdwn) -> list[Block]:
    """What Slack refuses, and what an admin can do about it."""
    then = [say(_("I try again when a deal changes next."))] if refused is StepKind.CREATE else []
    return [kit.section(sentence), kit.context(remedy(why), *then)]


def remedy(why: str) -> Mrkdwn:
    """What helps, by Slack's word for the refusal."""
    if why == MISSING_SCOPE:
        return say(_("Remedy: paste the app's manifest again (`rainmaker manifest`) and install it anew."))
    if why in RESTRICTED:
        return say(
            _(
                "Remedy: the workspace's own settings forbid it. Its owners can allow it under "
                "*Settings & administration*, *Workspace settings*, *Permissions*."
            )
        )
    return say(_("Slack's documentation says what this word means."))


def channel_line(page: DealPage) -> Mrkdwn | None:
    """The channel that the deal has of its own, if it has one."""
    channel: str | None = page.parts.get("channel")
    return say(_("Channel {channel}"), channel=kit.channel(channel)) if channel else None


card_lines("deal.channel")(Addition(70, channel_line))
shows(DealChannelEnds)(
    lambda facts, playbook, sentence: channel_ends(facts["deal"], playbook, sentence, archives=facts["archives"])
)
shows(DealChannelRefused)(lambda facts, _playbook, sentence: channel_refused(facts["refused"], facts["why"], sentence))
