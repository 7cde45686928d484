"""What can be undone, as the shared tests need them."""

from tests.views.facts import Drawings
from views.core import operations

DRAWINGS: Drawings = {
    "operations.done_reply": lambda s: ("message", operations.done_reply(s.operation)),
    "operations.done_notice": lambda s: ("modal", operations.done_notice(s.operation)),
}
