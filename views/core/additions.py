"""What nouns add to the card and the page of another record, which names none of them.

    card_lines("deal.promises")(Addition(40, open_count))
    page_buttons("deal.promises")(Addition(20, new_promise_button))
    menu_items("deal.feedback")(MenuItem(10, feedback_words, deal_feedback_modal))

Each is declared under the noun of the record and a name of its own, and stands in the order of its place.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from domain.core.gathering import Registry
from domain.core.people import Actor
from views.kit import Block, Mrkdwn, View

Drawn = TypeVar("Drawn")


@dataclass(frozen=True)
class Addition(Generic[Drawn]):
    """Something small on a card or page. `draw` gets what the card or page is drawn from, and gives None where there is nothing."""

    place: int
    draw: Callable[[Any], Drawn | None]


@dataclass(frozen=True)
class MenuItem:
    """A choice behind the three dots, which opens a modal for the page of the record, its reader, and the playbook in force.

    Who may not submit the modal is refused by the use case. Slack takes five choices in all.
    """

    place: int
    words: Callable[[], str]
    modal: Callable[[Any, Actor, Any], View]


card_lines = Registry[Addition[Mrkdwn]]("views")
"""Lines in the small print of a card."""
page_buttons = Registry[Addition[Block]]("views")
"""Buttons on a page."""
menu_items = Registry[MenuItem]("views")
"""Choices behind the three dots of a card or page; the name is also the value of the choice, so it is never renamed."""


def added(to: Registry[Addition[Drawn]], noun: str, page: Any) -> list[Drawn]:
    """What nouns add to a card or page of this noun."""
    additions = sorted(to.under(noun).values(), key=lambda addition: addition.place)
    return [drawn for addition in additions if (drawn := addition.draw(page)) is not None]


def added_choices(noun: str) -> dict[str, str]:
    """What nouns add to the menu of a record of this noun, from value to label."""
    items = sorted(menu_items.under(noun).items(), key=lambda named: named[1].place)
    return {name: item.words() for name, item in items}
