"""What the modals about feedback ask."""

from pydantic import Field

from domain.process.feedback import Fault, NewFeedback
from handlers.forms import Form, record_id


class FeedbackForm(Form):
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


class AnswerForm(Form):
    """The modal that answers feedback."""

    answer: str = Field(min_length=1, max_length=3000)
