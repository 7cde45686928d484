"""What the modals about absences ask."""

from datetime import date

from handlers.forms import Form, SlackId
from usecases.core.absences import AbsenceEntry


class AbsenceForm(Form):
    """When one is away."""

    first_on: date
    last_on: date
    deputy: SlackId | None = None
    note: str | None = None

    def entry(self) -> AbsenceEntry:
        """The absence as entered."""
        return AbsenceEntry(**self.model_dump())


class AbsenceOfOtherForm(AbsenceForm):
    """When somebody else is away."""

    member: SlackId
