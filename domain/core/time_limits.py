"""Time limits as a playbook writes them, such as `3 working days`, and the moment at which one is over."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

from domain.core.language import plural
from domain.core.working_time import WorkingHours

WRITTEN = re.compile(r"([1-9]\d{0,3}) (working day|working hour|hour|minute)s?")
HOURS_A_DAY = 8
"""Working hours that count as one working day where two limits are compared."""


class Unit(StrEnum):
    """What a limit counts; `hour` and `minute` run around the clock."""

    WORKING_DAY = "working day"
    WORKING_HOUR = "working hour"
    HOUR = "hour"
    MINUTE = "minute"


@dataclass(frozen=True)
class TimeLimit:
    """So many of a unit."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"

    @property
    def is_working(self) -> bool:
        """Whether it counts working time only."""
        return self.unit in {Unit.WORKING_DAY, Unit.WORKING_HOUR}

    @property
    def words(self) -> str:
        """The limit as people read it, in the reader's language."""
        return {
            Unit.WORKING_DAY: plural("{count} working day", "{count} working days", self.count),
            Unit.WORKING_HOUR: plural("{count} working hour", "{count} working hours", self.count),
            Unit.HOUR: plural("{count} hour", "{count} hours", self.count),
            Unit.MINUTE: plural("{count} minute", "{count} minutes", self.count),
        }[self.unit].format(count=self.count)

    @property
    def rhythm(self) -> str:
        """How often something comes that comes again after the limit, in the reader's language."""
        return {
            Unit.WORKING_DAY: plural("every working day", "every {count} working days", self.count),
            Unit.WORKING_HOUR: plural("every working hour", "every {count} working hours", self.count),
            Unit.HOUR: plural("every hour", "every {count} hours", self.count),
            Unit.MINUTE: plural("every minute", "every {count} minutes", self.count),
        }[self.unit].format(count=self.count)

    @property
    def minutes(self) -> int:
        """How long it is among limits of its kind: working minutes, or minutes around the clock."""
        each = {Unit.WORKING_DAY: HOURS_A_DAY * 60, Unit.WORKING_HOUR: 60, Unit.HOUR: 60, Unit.MINUTE: 1}
        return self.count * each[self.unit]

    def is_over_at(self, begun: datetime, hours: WorkingHours) -> datetime:
        """The moment (UTC) at which the limit is over for somebody with these hours; days end with the day's work."""
        if self.unit is Unit.WORKING_DAY:
            return hours.end_of(hours.local(hours.add_working_days(begun, self.count)).date())
        if self.unit is Unit.WORKING_HOUR:
            return hours.add_working_time(begun, timedelta(hours=self.count))
        return begun + timedelta(minutes=self.minutes)

    def begun_before(self, moment: datetime, hours: WorkingHours) -> datetime:
        """The moment (UTC) before which it must have begun to be over at another: what `is_over_at` says, the other way round."""
        if self.unit is Unit.WORKING_HOUR:
            return hours.subtract_working_time(moment, timedelta(hours=self.count))
        if self.unit is not Unit.WORKING_DAY:
            return moment - timedelta(minutes=self.minutes)
        today = hours.local(moment).date()
        first = hours.last_working_day(today if hours.end_of(today) <= moment else today - timedelta(days=1))
        for _day in range(self.count - 1):
            first = hours.last_working_day(first - timedelta(days=1))
        return hours.midnight(first)


def read_limit(written: object) -> TimeLimit:
    """The limit that is written so.

    Raises ValueError, in words, for anything else.
    """
    if isinstance(written, TimeLimit):
        return written
    found = WRITTEN.fullmatch(written) if isinstance(written, str) else None
    if not found:
        raise ValueError(f"{written!r} is no time limit; write it like `3 working days` or `4 working hours`")
    return TimeLimit(int(found[1]), Unit(found[2]))


def read_working_limit(written: object) -> TimeLimit:
    """The limit that is written so, which must be working time.

    Raises ValueError, in words, for anything else.
    """
    try:
        limit = read_limit(written)
    except ValueError:
        limit = None
    if limit is None or not limit.is_working:
        raise ValueError(f"{written!r} is not working time; write it like `3 working days` or `4 working hours`")
    return limit


_written = PlainSerializer(str, return_type=str)
WorkingLimit = Annotated[TimeLimit, BeforeValidator(read_working_limit), _written]
Limit = Annotated[TimeLimit, BeforeValidator(read_limit), _written]
