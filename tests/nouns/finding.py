"""What is written to Rainmaker, as the shared tests need it: help, and the records that are found."""

from typing import Any

from domain.core.people import Role
from domain.sales.finding import Asked
from tests.firm import PLAYBOOK
from tests.nouns.deals import deals_of
from tests.views.facts import Drawings, Facts, Sample
from views import kit
from views.core import help as help_views
from views.sales import finding

EVERYBODY = frozenset(Role)


def found_of(given: Sample) -> dict[str, Any]:
    """What somebody finds by a name."""
    accounts = tuple(found.line for found in given.account_list.found[:5])
    return {"accounts": accounts, "leads": given.listed, "deals": deals_of(given)}


DRAWINGS: Drawings = {
    "help.help_card": lambda _s: ("message", help_views.help_card(help_views.help_words(EVERYBODY))),
    "help.help_card of a guest": lambda _s: ("message", help_views.help_card(())),
    "help.help_on": lambda _s: ("message", help_views.help_on("lead", EVERYBODY)),
    "help.help_modal": lambda _s: ("modal", help_views.help_modal(EVERYBODY)),
    "finding.records_found": lambda s: (
        "message",
        finding.records_found(found_of(s), PLAYBOOK, kit.say("Found")),
    ),
}

FACTS: Facts = {
    "Hint": lambda s: {"words": ("lead", "deal")},
    "NothingFound": lambda s: {"sought": s.failure[:80]},
    "ColleaguesOnly": lambda s: {},
    "RecordsFound": lambda s: {"sought": s.failure[:80], **found_of(s)},
}

PASSED: dict[Any, Any] = {
    Asked: lambda _ours, _theirs: Asked(words="A-1, L-1 and D-1", help_on=(), is_help=False),
    "email": lambda _ours, _theirs: "jo@theirs.example",
    "text": lambda _ours, _theirs: "We met Theirs Ltd",
}
