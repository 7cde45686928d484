"""Feedback on the process, as it comes in from Slack: given from a page or card, answered from its own card, and listed."""

from typing import Any

from pydantic import Field
from slack_bolt.async_app import AsyncAck, AsyncApp

from domain.core.language import _
from domain.core.people import Actor
from domain.process.feedback import Fault, NewFeedback
from handlers.forms import Form, record_id
from handlers.process.sections import process_words
from handlers.surface import Surface
from usecases.desks import Desks
from usecases.process.feedback import FeedbackDesk
from usecases.process.manual import ProcessDesk
from views import ids
from views.process.feedback import answer_modal, feedback_kept, feedback_list, feedback_modal


def register(app: AsyncApp) -> None:
    """What this file listens to."""
    app.action(ids.PRESS_FEEDBACK)(open_feedback)
    app.view(ids.GIVE_FEEDBACK)(submit_feedback)
    app.action(ids.PRESS_ANSWER)(open_answer)
    app.view(ids.ANSWER_FEEDBACK)(submit_answer)


class FeedbackForm(Form, asked_by=(ids.GIVE_FEEDBACK,)):
    """The modal that asks what is the matter with a step."""

    step: str
    fault: Fault
    said: str = Field(min_length=1, max_length=3000)

    def feedback(self, about: str) -> NewFeedback:
        """The feedback; `about` is the record it came up with, such as `lead:7`, or nothing.

        Raises NotFound for what is no record.
        """
        noun, _colon, number = about.partition(":")
        subject_id = record_id(number) if about else None
        return NewFeedback(
            step=self.step, fault=self.fault, said=self.said, subject=noun or None, subject_id=subject_id
        )


class AnswerForm(Form, asked_by=(ids.ANSWER_FEEDBACK,)):
    """The modal that answers feedback."""

    answer: str = Field(min_length=1, max_length=3000)


async def open_feedback(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, process: ProcessDesk
) -> None:
    """Ask which step of a section is wrong or slow."""
    section = await process.show(actor, str(action.get("value") or ""))
    await ack()
    await surface.open(feedback_modal([section]))


async def submit_feedback(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, feedback: FeedbackDesk
) -> None:
    """Keep the feedback, and say where it went."""
    given = await feedback.give(actor, FeedbackForm.read(view).feedback(surface.about))
    await ack(response_action="update", view=feedback_kept(given))


async def open_answer(
    ack: AsyncAck, action: dict[str, Any], surface: Surface, actor: Actor, feedback: FeedbackDesk
) -> None:
    """Ask for the answer, of somebody who may give it."""
    found = await feedback.show_to_answer(actor, record_id(action.get("value")))
    await ack()
    await surface.open(answer_modal(found))


async def submit_answer(
    ack: AsyncAck, view: dict[str, Any], surface: Surface, actor: Actor, feedback: FeedbackDesk
) -> None:
    """Keep the answer; its author hears it."""
    await feedback.answer(actor, record_id(surface.about), AnswerForm.read(view).answer)
    await ack(response_action="clear")


@process_words("feedback")
async def answer_with_open_feedback(ack: AsyncAck, actor: Actor, desks: Desks) -> None:
    """`/rain-process feedback`: list what waits for an answer."""
    found = await desks.feedback.list_open(actor)
    await ack(text=_("Feedback on the process"), blocks=feedback_list(found))
