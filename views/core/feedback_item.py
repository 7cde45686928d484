"""The choice on every card by which somebody says that a step is wrong or slow."""

from domain.core.language import _

MORE_FEEDBACK = "feedback"
"""Value of the choice behind the three dots of a card."""


def feedback_words() -> str:
    """What the button or choice says, on whatever card it stands."""
    return _("A step is wrong or slow…")
