"""What could not be done outside, as the shared tests need them."""

from tests.views.facts import Drawings, Facts
from views import kit

DRAWINGS: Drawings = {
    "kit.notice": lambda s: ("modal", kit.notice("Not possible", s.lead.said or "x")),
}

FACTS: Facts = {
    "MessageUndeliverable": lambda s: {"outbox": s.failure},
    "TaskGivenUp": lambda s: {"task": s.failure},
    "KeptInside": lambda _s: {"channel": "C0DEAL"},
}
