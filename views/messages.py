"""Messages as they are sent: the sentence from a template of the message's own name, the blocks around it from here.

A template is Slack markup; its `{{ values }}` are escaped as they are put in. Its first line is also the notification.
"""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.core.language import _, plural
from domain.core.messages import (
    AccountRefreshDue,
    AccountShown,
    DealChannelEnds,
    DealChannelOpened,
    DealChannelRefused,
    DealGiven,
    DealOpened,
    DealStageOver,
    DealStepDue,
    DeputyNamed,
    ExceptionsDigest,
    FeedbackGiven,
    FirstAnswerDue,
    FollowUpDue,
    ImportAsked,
    LeadAssigned,
    LeadCaptured,
    LeadGiven,
    MeetingAhead,
    MeetingOver,
    OverdueDigest,
    PlaybookChanged,
    PromiseDue,
    PromiseGiven,
    SignatureLate,
    Welcome,
)
from domain.playbook.sales_rules import SalesPlaybook
from views import ids, kit
from views.core.absences import deputy_named
from views.core.reminders import digest, first_answer, follow_up, promise_due
from views.files.imports import import_card
from views.kit import Block, Mrkdwn
from views.process.feedback import feedback_card
from views.process.sections import playbook_changed
from views.sales.accounts import account_card, account_refresh
from views.sales.channels import channel_ends, channel_refused
from views.sales.deal_reminders import deal_stage_over, deal_step, signature_late
from views.sales.deals import deal_card
from views.sales.exceptions import exceptions_digest
from views.sales.leads import lead_card, lead_given
from views.sales.meetings import meeting_ahead, meeting_over
from views.sales.promises import promise_given

TEMPLATES = Path(__file__).parent.parent / "templates" / "messages"

Content = dict[str, Any]
"""What `chat.postMessage` and `chat.update` take: `text` and `blocks`."""


class Sentence(str):
    """A translated sentence of a template, whose values are escaped as they are put in; what is markup already stays so."""

    __slots__ = ()

    def __mod__(self, values: Any) -> Mrkdwn:
        return Mrkdwn(str(self) % {name: kit.escape(value) for name, value in values.items()})


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=False,  # Slack's escaping differs from HTML's; `finalize` does it for every value
        finalize=kit.escape,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: Sentence(_(text)), lambda *forms: Sentence(plural(*forms)), newstyle=True
    )
    environment.filters |= {
        "person": kit.person,
        "channel": kit.channel,
        "when": kit.when,
        "on_day": kit.on_day,
        "day": kit.day,
        "quote": kit.quote,
    }
    environment.filters["translated"] = _  # for names from the playbook, which are no sentences of ours
    return environment


def write(kind: str, facts: Mapping[str, Any]) -> Mrkdwn:
    """The sentence of a message, from `templates/messages/<kind>.j2`."""
    return Mrkdwn(_environment().get_template(f"{kind}.j2").render(facts).strip())


def compose(kind: str, facts: Mapping[str, Any], playbook: SalesPlaybook) -> Content:
    """A message, ready for Slack: its text for notifications, and its blocks."""
    sentence = write(kind, facts)
    blocks = BLOCKS.get(kind, _sentence_only)(facts, playbook, sentence)
    return {"text": kit.cut(sentence.splitlines()[0], 300), "blocks": blocks}


def _sentence_only(_facts: Mapping[str, Any], _playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    return [kit.section(sentence)]


def _welcome(_facts: Mapping[str, Any], _playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    roles = kit.button(ids.PRESS_ROLES, _("Give roles"), style="primary")
    return [kit.section(sentence), kit.actions(roles, kit.button(ids.PRESS_WORKSPACE, _("Leads channel and holidays")))]


BLOCKS: dict[str, Callable[[Mapping[str, Any], SalesPlaybook, Mrkdwn], list[Block]]] = {
    LeadCaptured.__name__: lambda facts, playbook, _sentence: lead_card(facts["lead"], playbook),
    FollowUpDue.__name__: lambda facts, playbook, sentence: follow_up(facts["reminder"], playbook, sentence),
    FirstAnswerDue.__name__: lambda facts, playbook, sentence: first_answer(facts["reminder"], playbook, sentence),
    DealOpened.__name__: lambda facts, playbook, _sentence: deal_card(facts["deal"], playbook),
    DealChannelOpened.__name__: lambda facts, playbook, _sentence: deal_card(facts["deal"], playbook),
    DealChannelEnds.__name__: lambda facts, playbook, sentence: channel_ends(
        facts["deal"], playbook, sentence, archives=facts["archives"]
    ),
    DealChannelRefused.__name__: lambda facts, _playbook, sentence: channel_refused(
        facts["refused"], facts["why"], sentence
    ),
    DealGiven.__name__: lambda facts, playbook, sentence: [kit.section(sentence), *deal_card(facts["deal"], playbook)],
    DealStepDue.__name__: lambda facts, playbook, sentence: deal_step(facts["reminder"], playbook, sentence),
    MeetingAhead.__name__: lambda facts, playbook, sentence: meeting_ahead(facts["reminder"], playbook, sentence),
    MeetingOver.__name__: lambda facts, playbook, sentence: meeting_over(facts["reminder"], playbook, sentence),
    DealStageOver.__name__: lambda facts, playbook, sentence: deal_stage_over(facts["reminder"], playbook, sentence),
    SignatureLate.__name__: lambda facts, playbook, sentence: signature_late(facts["reminder"], playbook, sentence),
    PromiseDue.__name__: lambda facts, playbook, sentence: promise_due(facts["reminder"], playbook, sentence),
    PromiseGiven.__name__: lambda facts, _playbook, sentence: promise_given(facts["promise"], sentence),
    LeadAssigned.__name__: lambda facts, playbook, sentence: lead_given(facts["lead"], playbook, sentence),
    LeadGiven.__name__: lambda facts, playbook, sentence: lead_given(facts["lead"], playbook, sentence),
    ExceptionsDigest.__name__: lambda facts, playbook, sentence: exceptions_digest(
        facts["exceptions_for"], playbook, sentence
    ),
    OverdueDigest.__name__: lambda facts, playbook, sentence: digest(
        facts["reminders"], facts["unlisted"], playbook, sentence
    ),
    DeputyNamed.__name__: lambda facts, _playbook, sentence: deputy_named(facts["absence"], sentence),
    AccountRefreshDue.__name__: lambda facts, playbook, sentence: account_refresh(
        facts["reminder"], playbook, sentence
    ),
    AccountShown.__name__: lambda facts, playbook, _sentence: account_card(facts["account"], playbook),
    FeedbackGiven.__name__: lambda facts, _playbook, sentence: feedback_card(facts["feedback"], sentence),
    PlaybookChanged.__name__: lambda facts, _playbook, sentence: playbook_changed(
        facts["old_version"], facts["new_version"], sentence, has_outdated=facts["running"] > 0
    ),
    ImportAsked.__name__: lambda facts, _playbook, _sentence: import_card(facts["import"]),
    Welcome.__name__: _welcome,
}
"""Messages that are more than their sentence."""
