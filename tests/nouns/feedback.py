"""Feedback on the process, as the shared tests need them."""

import dataclasses
from typing import Any

from domain.core.people import Actor, Role
from domain.playbook import sections
from domain.process.feedback import Fault, Feedback, FeedbackList, FeedbackState, FeedbackTold, NewFeedback
from tests.fire.passing import Passed, row, words
from tests.firm import PLAYBOOK, FirmDesks
from tests.nouns.deals import deal_of, deal_page_of
from tests.views.facts import ADMIN, AT, Drawings, Facts, Sample, page_of, stage_of
from views import kit, messages
from views.process import feedback


def feedback_of(given: Sample, *, is_answered: bool = False) -> FeedbackTold:
    """Feedback on a step, with a record where there is much to say."""
    title = (given.failure.strip() or "x")[:75]
    asked = Feedback(
        id=10**17,
        number=999_999,
        process=sections.Process.SALES,
        section="lead",
        section_title=title,
        step="screen_lead",
        step_title=title,
        fault=Fault.SLOW,
        said=given.lead.said or "x",
        role=Role.MANAGEMENT if given.touches else Role.ADMIN,
        by=given.lead.captured_by,
        at=AT,
    )
    by, answer = given.lead.captured_by, given.lead.said or "x"
    if is_answered:
        values = {"answer": answer, "answered_by": by, "answered_at": AT}
        asked = dataclasses.replace(asked, state=FeedbackState.ANSWERED, **values)
    return FeedbackTold(feedback=asked, record=given.lead.named if given.touches else None)


PASSED: dict[Any, Passed] = {
    NewFeedback: lambda _ours, theirs: NewFeedback(
        step="screen_lead", fault=Fault.SLOW, said="x", subject="lead", subject_id=theirs.id_of("leads")
    ),
    "feedback_id": row("process_feedback"),
    "answer": lambda _ours, _theirs: "we know",
}
SAID: dict[str, Passed] = {"answer": words}


async def leave_rows(firm: FirmDesks, _by: Actor, deal_id: int, word: str) -> dict[str, int]:
    """Feedback that came up with a deal."""
    new = NewFeedback(
        step="screen_lead", fault=Fault.SLOW, said=f"{word} takes a day", subject="deal", subject_id=deal_id
    )
    return {"process_feedback": (await firm.feedback.give(firm.consultant, new)).id}


DRAWINGS: Drawings = {
    "feedback.feedback_modal": lambda s: ("modal", feedback.feedback_modal([stage_of(s, "quote")], "lead:1")),
    "feedback.lead_feedback_modal": lambda s: ("modal", feedback.lead_feedback_modal(page_of(s), ADMIN, PLAYBOOK)),
    "feedback.deal_feedback_modal": lambda s: (
        "modal",
        feedback.deal_feedback_modal(deal_page_of(s), ADMIN, PLAYBOOK),
    ),
    "feedback.feedback_card of a deal": lambda s: (
        "message",
        feedback.feedback_card(
            dataclasses.replace(feedback_of(s), record=deal_of(s).named),
            kit.say("It is slow: {step}", step=s.failure),
        ),
    ),
    "feedback.feedback_kept": lambda s: ("modal", feedback.feedback_kept(feedback_of(s).feedback)),
    "feedback.feedback_card": lambda s: (
        "message",
        feedback.feedback_card(feedback_of(s), messages.write("FeedbackGiven", {"feedback": feedback_of(s)})),
    ),
    "feedback.feedback_card answered": lambda s: (
        "message",
        feedback.feedback_card(feedback_of(s, is_answered=True), kit.say("It is slow: {step}", step=s.failure)),
    ),
    "feedback.answer_modal": lambda s: ("modal", feedback.answer_modal(feedback_of(s).feedback)),
    "feedback.feedback_list": lambda s: (
        "message",
        feedback.feedback_list(FeedbackList(feedback=(feedback_of(s).feedback,) * len(s.touches) * 4, total=100)),
    ),
}

FACTS: Facts = {
    "FeedbackGiven": lambda s: {"feedback": feedback_of(s)},
    "FeedbackAnswered": lambda s: {"feedback": feedback_of(s, is_answered=True)},
}
