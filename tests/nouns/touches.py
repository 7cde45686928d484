"""Touches, as the shared tests need them."""

from domain.sales.leads import NewTouch, TouchKind
from tests.nouns.deals import deal_of
from tests.views.facts import Drawings, within_modal
from views.sales import touches

DRAWINGS: Drawings = {
    "touches.touch_modal_of_any": lambda s: ("modal", touches.touch_modal_of_any()),
    "touches.touch_modal_of_any of a message": lambda s: (
        "modal",
        touches.touch_modal_of_any(deal_of(s), s.lead.said * 2, "x" * 3000),
    ),
    "touches.touch_modal_of_any of a lead": lambda s: ("modal", touches.touch_modal_of_any(s.lead, s.lead.said)),
    "touches.touch_questions": lambda s: within_modal(touches.touch_questions()),
    "touches.cut_note": lambda s: within_modal([*touches.touch_questions(), *touches.cut_note("x" * 3001)]),
    "touches.touched_reply": lambda s: (
        "message",
        touches.touched_reply(deal_of(s), NewTouch(kind=TouchKind.MAIL, key_points=s.lead.said or "x")),
    ),
    "touches.touched_reply of a lead": lambda s: (
        "message",
        touches.touched_reply(s.lead, NewTouch(kind=TouchKind.MAIL, key_points=s.lead.said or "x")),
    ),
}
