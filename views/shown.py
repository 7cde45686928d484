"""What nouns declare of how their messages and reminders are drawn, in their own views.

    @reminds(PromiseDue)
    def promise_due(subject: Subject[Promise], playbook: SalesPlaybook, sentence: Mrkdwn) -> list[Block]: ...

    @deals_with(PromiseDue.kind)
    def _kept(subject: Subject[Promise]) -> Block: ...

    @because(PromiseDue.kind)
    def _why(subject: Subject[Promise], playbook: SalesPlaybook) -> Mrkdwn: ...

    @in_digest("promise")
    def _line(subject: Subject[Promise], playbook: SalesPlaybook) -> Block: ...

A message that is more than its sentence is declared with `@shows(LeadGiven)`, and drawn from its facts by name.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from domain.core.gathering import Registry
from domain.core.messages import Message
from domain.core.reminders import Reminding, Subject
from domain.playbook.sales_rules import SalesPlaybook
from views.kit import Block, Mrkdwn

Facts = Mapping[str, Any]
Draw = Callable[[Facts, SalesPlaybook, Mrkdwn], list[Block]]
DrawReminder = Callable[[Subject[Any], SalesPlaybook, Mrkdwn], list[Block]]
D = TypeVar("D", bound=DrawReminder)

blocks_of = Registry[Draw]("views")
"""The blocks of messages that are more than their sentence, by the name of their class."""
deals_with = Registry[Callable[[Subject[Any]], Block | None]]("views")
"""The button that deals with a reminder, by kind, wherever it is told; None where it takes more than a press."""
because = Registry[Callable[[Subject[Any], SalesPlaybook], Mrkdwn]]("views")
"""What makes a reminder its member's, by kind."""
in_digest = Registry[Callable[[Subject[Any], SalesPlaybook], Block]]("views")
"""A reminder as one line among many, by the noun it is about."""


makes = Registry[Callable[[int], Block]]("views")
"""The button by which a record's piece of evidence is made, for the id of the record."""


def shows(*messages: type[Message]) -> Callable[[Draw], Draw]:
    """Declare how these messages are drawn."""
    return blocks_of(*(message.__name__ for message in messages))


def reminds(*messages: type[Reminding]) -> Callable[[D], D]:
    """Declare how these reminders are drawn where each is told by itself."""

    def declare(draw: D) -> D:
        shows(*messages)(lambda facts, playbook, sentence: draw(facts["reminder"], playbook, sentence))
        return draw

    return declare
