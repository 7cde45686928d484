"""With which record feedback came up, as its modal remembers it."""

import pytest

from domain.core.refusals import NotFound
from domain.process.feedback import Fault
from handlers.process.feedback import FeedbackForm


@pytest.mark.parametrize(("about", "subject"), [("", (None, None)), ("lead:7", ("lead", 7))])
def test_feedback_says_with_which_record_it_came_up(about: str, subject: tuple[str | None, int | None]) -> None:
    given = FeedbackForm(step="screen_lead", fault=Fault.SLOW, said="x").feedback(about)
    assert (given.subject, given.subject_id) == subject


@pytest.mark.parametrize("about", ["lead", "lead:", "lead:x", "lead:-1"])
def test_feedback_about_what_is_no_record_is_refused(about: str) -> None:
    form = FeedbackForm(step="screen_lead", fault=Fault.SLOW, said="x")
    with pytest.raises(NotFound):
        form.feedback(about)
