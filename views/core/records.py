"""The way from whatever belongs to a record to that record's page; each noun declares its own.

opens("deal")(Opening(ids.PRESS_SHOW_DEAL, lambda: _("Open deal")))
"""

from collections.abc import Callable
from dataclasses import dataclass

from domain.core.gathering import Registry
from domain.core.records import NamedRecord
from views import kit
from views.kit import Block


@dataclass(frozen=True)
class Opening:
    """The button that opens a record's page, and what it says."""

    action_id: str
    words: Callable[[], str]


opens = Registry[Opening]("views")
"""By the noun of the record."""


def open_button(record: NamedRecord, label: str = "") -> Block | None:
    """The button that opens a record's page; None for a noun without one. `label` is what it says instead."""
    opening = opens.get(record.noun)
    return kit.button(opening.action_id, label or opening.words(), record.id) if opening else None
