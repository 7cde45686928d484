"""Pages of records by sections: each noun gives one, which shows its first entries, and all of them at a press.

page_sections("deal.promises")(PageSection(40, _promise_entries, lambda: _("Promises")))
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.core.gathering import Registry
from domain.core.language import _
from domain.core.people import Actor
from views import ids, kit
from views.kit import Block, View, say

SHORT = 5
"""Entries that stand on the page itself."""


@dataclass(frozen=True)
class PageSection:
    """A noun's part of a page. `entries` are the blocks of each of its records, those to be seen first in front.

    Sections stand in the order of their places.
    """

    place: int
    entries: Callable[[Any, Actor], list[list[Block]]]
    title: Callable[[], str]


page_sections = Registry[PageSection]("views")
"""Sections by the noun of the page and their own name, such as `deal.promises`."""


def sections_of(noun: str, record_id: int, page: Any, actor: Actor) -> list[Block]:
    """All sections of a page that have something to show."""
    blocks: list[Block] = []
    for name, section in sorted(page_sections.under(noun).items(), key=lambda named: named[1].place):
        entries = section.entries(page, actor)
        if entries:
            blocks += [kit.divider(), *(block for entry in entries[:SHORT] for block in entry)]
        if len(entries) > SHORT:
            label = say(_("{title} ({count})"), title=section.title(), count=len(entries))
            blocks.append(kit.actions(kit.button(ids.PRESS_PAGE_SECTION, label, f"{record_id}:{noun}.{name}:0")))
    return blocks


def section_modal(name: str, record_id: int, page: Any, actor: Actor, first: int = 0) -> View:
    """All entries of a section, from the one in place `first` on; as many as a modal takes, with a button to the next."""
    section = page_sections.all[name]
    blocks: list[Block] = []
    shown = first
    for entry in section.entries(page, actor)[first:]:
        if len(kit.fitting_modal([*blocks, *entry, kit.divider()])) < len(blocks) + len(entry) + 1:
            more = kit.button(ids.PRESS_PAGE_SECTION, _("Next"), f"{record_id}:{name}:{shown}")
            return _list(section, [*blocks, kit.actions(more)], record_id)
        blocks += entry
        shown += 1
    return _list(section, blocks or [kit.section(_("None yet"))], record_id)


def _list(section: PageSection, blocks: list[Block], record_id: int) -> View:
    return kit.modal(ids.SHOW_PAGE_SECTION, section.title(), blocks, about=record_id)
