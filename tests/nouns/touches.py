"""Touches, as the shared tests need them."""

from domain.sales.leads import TouchKind
from tests.nouns.deals import deal_of
from tests.views.facts import Drawings, within_modal
from views.sales import touches

DRAWINGS: Drawings = {
    "touches.touch_some_deal_modal": lambda s: ("modal", touches.touch_some_deal_modal()),
    "touches.touch_some_deal_modal of a message": lambda s: (
        "modal",
        touches.touch_some_deal_modal(deal_of(s), s.lead.said * 2, "x" * 3000),
    ),
    "touches.touch_questions": lambda s: within_modal(touches.touch_questions()),
    "touches.cut_note": lambda s: within_modal([*touches.touch_questions(), *touches.cut_note("x" * 3001)]),
    "touches.touched_reply": lambda s: (
        "message",
        touches.touched_reply(deal_of(s), TouchKind.MAIL, s.lead.said or "x"),
    ),
}
