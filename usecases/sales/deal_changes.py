"""What nouns do when a deal changes hands or ends, and when they remind of its next step themselves; each declares it in its own file.

@deal_changed("promises")
def _follow_deal(work: UnitOfWork, actor: Actor, deal: Deal) -> None: ...
"""

from collections.abc import Callable, Collection
from datetime import datetime

from domain.core.gathering import Registry
from domain.core.people import Actor
from domain.core.records import NamedRecord
from domain.sales.deals import Deal
from storage.unit_of_work import UnitOfWork

deal_changed = Registry[Callable[[UnitOfWork, Actor, Deal], None]]("usecases")
"""What is to follow a deal as it is now, after it got another owner or came to an end; by the noun that follows it."""
reminded_at = Registry[Callable[[UnitOfWork, NamedRecord], Collection[datetime]]]("usecases")
"""Moments of which a noun reminds people by itself, so that a next step that is due then needs no reminder of its own; by that noun."""


def follow_deal(work: UnitOfWork, actor: Actor, deal: Deal) -> None:
    """Keep everything of all nouns true to a deal that has changed."""
    for follow in deal_changed.all.values():
        follow(work, actor, deal)


def is_reminded_at(work: UnitOfWork, deal: Deal, at: datetime) -> bool:
    """Whether a noun reminds people of this moment by itself."""
    return any(at in moments(work, deal.named) for moments in reminded_at.all.values())
