"""Meetings with a client that are dated ahead, and when somebody is reminded of them."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.core.language import _
from domain.core.people import Person
from domain.core.records import NamedRecord
from domain.core.refusals import FormRefused
from domain.core.reminders import FARTHEST, Reminding
from domain.core.working_time import WorkingHours
from domain.sales.deals import WORK_ON_DEAL

LONGEST_ABOUT = 200
LONGEST_PLACE = 300
AHEAD = timedelta(hours=1)
"""How long before a meeting somebody is reminded of it."""
LOOKED_BACK = 14
"""Days before a meeting in which a working day is looked for."""
DURATIONS = (30, 45, 60, 90, 120, 180, 240, 480)
"""Minutes that a meeting may take."""


class MeetingState(StrEnum):
    """What became of a meeting. Values are stored: never renamed."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class NewMeeting:
    """A meeting as somebody plans it: what it is about, when it begins (UTC), how many minutes it takes, and where it is."""

    about: str
    at: datetime
    minutes: int = 60
    place: str | None = None


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """A meeting about a record. `version` counts its changes, as calendars want to know."""

    id: int
    of: NamedRecord
    about: str
    at: datetime
    minutes: int
    place: str | None = None
    state: MeetingState = MeetingState.PLANNED
    planned_by: Person
    version: int = 1

    @property
    def ends_at(self) -> datetime:
        """When it is over."""
        return self.at + timedelta(minutes=self.minutes)

    @property
    def is_planned(self) -> bool:
        """Whether it is still to take place, or to be logged."""
        return self.state is MeetingState.PLANNED


def check_meeting(new: NewMeeting, now: datetime) -> NewMeeting:
    """The meeting as it is kept, without spaces around its words.

    Raises FormRefused with a sentence for each field that is wrong.
    """
    about, place = new.about.strip(), (new.place or "").strip()
    errors: dict[str, str] = {}
    if not about:
        errors["about"] = _("What is the meeting about? A few words are enough.")
    for field, words, most in (("about", about, LONGEST_ABOUT), ("place", place, LONGEST_PLACE)):
        if len(words) > most:
            errors[field] = _("Please keep this under {most} characters.").format(most=most)
    if new.at <= now:
        errors["at"] = _("Pick a moment that is still ahead. One that is over is logged as a touch.")
    elif new.at > now + FARTHEST:
        errors["at"] = _("Pick a day within a year.")
    if new.minutes not in DURATIONS:
        errors["minutes"] = _("Pick one of the durations.")
    if errors:
        raise FormRefused(errors)
    return replace(new, about=about, place=place or None)


def remind_before(at: datetime, now: datetime, hours: WorkingHours) -> datetime:
    """When to remind somebody of a meeting: an hour before in their working time, otherwise on the last day of work before it.

    That is as the day begins; once it has begun, an hour before it ends or, later still, in the middle of what is left of it.
    """
    moment = at - AHEAD
    if hours.is_working(moment):
        return max(moment, now)
    last = hours.local(moment).date()
    before = [last - timedelta(days=n) for n in range(LOOKED_BACK)]
    day = next((one for one in before if hours.is_working_day(one) and hours.start_of(one) <= moment), None)
    if day is None or hours.end_of(day) <= now:
        return max(moment, now)
    if now < hours.start_of(day):
        return hours.start_of(day)
    ends = min(hours.end_of(day), at)
    return max(ends - AHEAD, now + (ends - now) / 2)


@dataclass(frozen=True, kw_only=True)
class MeetingAhead(Reminding, kind="meeting.ahead", needs=WORK_ON_DEAL):
    """A meeting is near."""


@dataclass(frozen=True, kw_only=True)
class MeetingOver(Reminding, kind="meeting.over", needs=WORK_ON_DEAL):
    """A meeting is over, and nobody has logged what was said."""
