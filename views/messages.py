"""Messages as they are sent: the sentence from a template of the message's own name, the blocks around it from its noun's view.

A template is Slack markup; its `{{ values }}` are escaped as they are put in. Its first line is also the notification.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from domain.core.language import _, plural
from domain.core.messages import Welcome
from domain.playbook.sales_rules import SalesPlaybook
from views import ids, kit
from views.kit import Block, Mrkdwn
from views.shown import Facts, blocks_of, shows

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
    return kit.within_sentence(Mrkdwn(_environment().get_template(f"{kind}.j2").render(facts).strip()))


def compose(kind: str, facts: Mapping[str, Any], playbook: SalesPlaybook) -> Content:
    """A message, ready for Slack: its text for notifications, and its blocks."""
    sentence = write(kind, facts)
    draw = blocks_of.get(kind) or _sentence_only
    blocks = draw(facts, playbook, sentence)
    return {"text": kit.cut(sentence.splitlines()[0], 300), "blocks": blocks}


def _sentence_only(_facts: Facts, _playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    return [kit.section(sentence)]


@shows(Welcome)
def _welcome(_facts: Facts, _playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]:
    roles = kit.button(ids.PRESS_ROLES, _("Give roles"), style="primary")
    return [kit.section(sentence), kit.actions(roles, kit.button(ids.PRESS_WORKSPACE, _("Leads channel and holidays")))]
