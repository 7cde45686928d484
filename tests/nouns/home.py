"""Somebody's day, as the shared tests need them."""

from dataclasses import replace

from domain.core.home import FrontPage
from domain.sales.pages import DealsAtHome
from tests.firm import PLAYBOOK
from tests.nouns.deals import deals_of
from tests.views.facts import Drawings, Facts, Sample
from views import kit
from views.core import home
from views.sales import home as sales_home


def with_deals(given: Sample) -> FrontPage:
    """The sample's front page with some of their deals."""
    deals = DealsAtHome(deals=deals_of(given).deals[:5], count=10**6)
    return replace(given.page, parts={**given.page.parts, "deals": deals})


DRAWINGS: Drawings = {
    "home.home_tab with deals": lambda s: (
        "home",
        home.home_tab(with_deals(s), s.settings.hours, PLAYBOOK),
    ),
    "home.home_tab": lambda s: ("home", home.home_tab(s.page, s.settings.hours, PLAYBOOK)),
    "home.leads_at_home": lambda s: ("message", sales_home.leads_at_home(s.page.parts["leads"], s.page, PLAYBOOK)),
    "home.deals_at_home": lambda s: (
        "message",
        [*sales_home.deals_at_home(with_deals(s).parts["deals"], s.page, PLAYBOOK), kit.divider()],
    ),
    "home.waiting": lambda s: ("message", [*home.waiting(s.page, PLAYBOOK), *home.doing(s.page)]),
    "home.doing": lambda s: ("message", home.doing(s.page)),
    "home.settings": lambda s: ("message", home.settings(s.page, s.settings.hours)),
    "home.gone_lines": lambda s: ("message", [*home.gone_lines(s.page), kit.divider()]),
}

FACTS: Facts = {
    "Welcome": lambda s: {},
}
