"""Reminders of all kinds, as the shared tests need them."""

from datetime import date

from tests.firm import PLAYBOOK
from tests.nouns import gathered
from tests.views.facts import Drawings, Facts
from views import kit
from views.core import reminders

DRAWINGS: Drawings = {
    "reminders.digest": lambda s: (
        "message",
        reminders.digest(
            [s.subject, s.stood_in, s.question, *(of_noun(s) for of_noun in gathered("REMINDERS").values())] * 10,
            7000,
            PLAYBOOK,
            kit.say("Overdue"),
        ),
    ),
    "reminders.snooze_modal": lambda s: ("modal", reminders.snooze_modal(s.subject.reminder.id, date(2026, 3, 5))),
}

FACTS: Facts = {
    "OverdueDigest": lambda s: {"reminders": [s.subject, s.question] * 30, "unlisted": 7000},
}
