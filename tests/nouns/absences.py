"""Absences, as the shared tests need them."""

from tests.views.facts import AT, Drawings, Facts
from views import kit
from views.core import absences

DRAWINGS: Drawings = {
    "absences.absence_modal": lambda s: ("modal", absences.absence_modal(AT.date())),
    "absences.absence_of_other_modal": lambda s: ("modal", absences.absence_of_other_modal(AT.date())),
    "absences.absence_lines": lambda s: ("message", [*absences.absence_lines([s.absence] * 60), kit.divider()]),
    "absences.absence_list": lambda s: ("message", absences.absence_list(s.page)),
    "absences.away_lines": lambda s: ("message", absences.away_lines(s.page.away)),
    "absences.deputy_named": lambda s: ("message", absences.deputy_named(s.absence, kit.say("You stand in"))),
}

FACTS: Facts = {
    "DeputyNamed": lambda s: {"absence": s.absence},
}
