"""Pages by sections, as the shared tests need them."""

from functools import partial

from tests.nouns.deals import deal_page_of
from tests.views.facts import ADMIN, Drawings, Drawn, Sample, within_modal
from views.core import page_sections


def section_of(name: str, given: Sample) -> Drawn:
    """All of one section of a deal's page."""
    return "modal", page_sections.section_modal(f"deal.{name}", 1, deal_page_of(given), ADMIN)


DRAWINGS: Drawings = {
    "page_sections.section_modal": partial(section_of, "touches"),
    "page_sections.sections_of": lambda s: within_modal(page_sections.sections_of("deal", 1, deal_page_of(s), ADMIN)),
    **{
        f"page_sections.section_modal {name}": partial(section_of, name)
        for name in page_sections.page_sections.under("deal")
    },
}
