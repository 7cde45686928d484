"""What the modals about meetings ask."""

from datetime import datetime

from domain.sales.meetings import NewMeeting
from handlers.forms import Form


class MeetingForm(Form):
    """The modals that date a meeting. `at` comes as the seconds since 1970."""

    about: str = ""
    at: datetime
    minutes: int
    place: str | None = None

    def meeting(self) -> NewMeeting:
        """The meeting as entered."""
        return NewMeeting(about=self.about, at=self.at, minutes=self.minutes, place=self.place)
