"""Working time: which moments are somebody's working hours, and how to count in them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from domain.core.calendars import year_of
from domain.core.language import _
from domain.core.refusals import RuleBroken

LONGEST_BREAK = 30
"""Days looked ahead for a working day; no calendar has a longer run of holidays and week-ends."""


@lru_cache(maxsize=512)
def zone_named(name: str) -> ZoneInfo:
    """The IANA zone, or UTC for a name this machine does not know (Slack sends a few of its own)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a name too long for a file
        return ZoneInfo("UTC")


@lru_cache(maxsize=4096)
def _working_day_from(country: str, region: str | None, day: date) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    for ahead in range(LONGEST_BREAK):
        if _is_working_day(country, region, day + timedelta(days=ahead)):
            return day + timedelta(days=ahead)
    return day


def _is_working_day(country: str, region: str | None, day: date) -> bool:
    return day not in year_of(country, region, day.year).off


@lru_cache(maxsize=4096)
def _moment_at(zone: str, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, zone_named(zone)).astimezone(UTC)


@dataclass(frozen=True, kw_only=True)
class WorkingHours:
    """Between two local times, without the week-ends and public holidays of a country (ISO 3166 code) or a part of it."""

    zone: str = "UTC"
    starts: time = time(9)
    ends: time = time(17, 30)
    country: str = "GB"
    region: str | None = None
    """The part of the country, such as `ENG`, where its parts have holidays of their own."""

    def local(self, moment: datetime) -> datetime:
        """The moment on this person's wall clock."""
        return moment.astimezone(zone_named(self.zone))

    def is_working_day(self, day: date) -> bool:
        """Whether `day` is neither week-end nor public holiday."""
        return _is_working_day(self.country, self.region, day)

    def is_working(self, moment: datetime) -> bool:
        """Whether the moment falls into working hours."""
        local = self.local(moment)
        return self.is_working_day(local.date()) and self.starts <= local.time() < self.ends

    def start_of(self, day: date) -> datetime:
        """The moment work begins on `day`, in UTC."""
        return _moment_at(self.zone, day, self.starts)

    def end_of(self, day: date) -> datetime:
        """The moment work ends on `day`, in UTC."""
        return _moment_at(self.zone, day, self.ends)

    def midnight(self, day: date) -> datetime:
        """The moment `day` begins, in UTC."""
        return datetime.combine(day, time(0), zone_named(self.zone)).astimezone(UTC)

    def next_working_day(self, day: date) -> date:
        """`day` itself if it is a working day, else the first one after it."""
        return _working_day_from(self.country, self.region, day)

    def weekend(self, day: date) -> frozenset[int]:
        """The weekdays of the week-end as they are on `day`, as `date.weekday` numbers them."""
        return year_of(self.country, self.region, day.year).weekend

    def weekdays(self, day: date) -> list[int]:
        """The weekdays on which work is done as it is on `day`, from the first after the week-end."""
        weekend = self.weekend(day)
        first = next(number for number in range(7) if number not in weekend and (number - 1) % 7 in weekend)
        return [number for number in ((first + ahead) % 7 for ahead in range(7)) if number not in weekend]

    def next_week(self, day: date) -> date:
        """The first day after `day` that begins a week of work."""
        ahead = (self.weekdays(day)[0] - day.weekday()) % 7
        return day + timedelta(days=ahead or 7)

    def last_working_day(self, day: date) -> date:
        """`day` itself if it is a working day, else the last one before it."""
        for back in range(LONGEST_BREAK):
            if self.is_working_day(day - timedelta(days=back)):
                return day - timedelta(days=back)
        return day

    def next_working_moment(self, moment: datetime) -> datetime:
        """The moment itself if it is working time, else the next time work begins."""
        if self.is_working(moment):
            return moment
        local = self.local(moment)
        is_later_today = local.time() < self.starts
        return self.start_of(self.next_working_day(local.date() + timedelta(days=0 if is_later_today else 1)))

    def working_days_since(self, moment: datetime, now: datetime) -> int:
        """How many working days have begun since a moment: none on its own day."""
        day, last, count = self.local(moment).date(), self.local(now).date(), 0
        while (day := self.next_working_day(day + timedelta(days=1))) <= last:
            count += 1
        return count

    def add_working_days(self, moment: datetime, days: int) -> datetime:
        """The start of work on the `days`-th working day after the local day of `moment`."""
        day = self.local(moment).date()
        for _day in range(days):
            day = self.next_working_day(day + timedelta(days=1))
        return self.start_of(self.next_working_day(day))

    def subtract_working_days(self, moment: datetime, days: int) -> datetime:
        """The start of work on the `days`-th working day before the local day of `moment`."""
        day = self.local(moment).date()
        for _day in range(days):
            day = self.last_working_day(day - timedelta(days=1))
        return self.start_of(self.last_working_day(day))

    def add_working_time(self, moment: datetime, span: timedelta) -> datetime:
        """The moment when `span` of working time has passed since `moment`."""
        day = self.next_working_day(self.local(moment).date())
        at = max(moment, self.start_of(day))
        while at + span > (end := self.end_of(day)):
            span -= max(end - at, timedelta(0))
            day = self.next_working_day(day + timedelta(days=1))
            at = self.start_of(day)
        return at + span

    def working_time_between(self, moment: datetime, later: datetime) -> timedelta:
        """How much working time passes from one moment to a later one; none where it is not later."""
        passed, day = timedelta(0), self.next_working_day(self.local(moment).date())
        while (begins := self.start_of(day)) < later:
            passed += max(min(later, self.end_of(day)) - max(moment, begins), timedelta(0))
            day = self.next_working_day(day + timedelta(days=1))
        return passed

    def subtract_working_time(self, moment: datetime, span: timedelta) -> datetime:
        """The moment since which `span` of working time has passed until `moment`."""
        day = self.last_working_day(self.local(moment).date())
        at = min(moment, self.end_of(day))
        while at - span < self.start_of(day):
            span -= max(at - self.start_of(day), timedelta(0))
            day = self.last_working_day(day - timedelta(days=1))
            at = self.end_of(day)
        return at - span


@dataclass(frozen=True, kw_only=True)
class QuietHours:
    """From one time to another on somebody's own clock, every day and perhaps over midnight."""

    zone: str
    begins: time
    ends: time

    def end_at(self, moment: datetime) -> datetime | None:
        """When the quiet that is kept at this moment ends, in UTC; None while there is none."""
        local = moment.astimezone(zone_named(self.zone))
        at, is_over_midnight = local.time(), self.begins > self.ends
        is_evening = is_over_midnight and at >= self.begins
        if not (is_evening or (at < self.ends and (is_over_midnight or at >= self.begins))):
            return None
        day = local.date() + timedelta(days=1) if is_evening else local.date()
        # of an hour that is there twice, as clocks go back, the one it is now
        return datetime.combine(day, self.ends, local.tzinfo).replace(fold=local.fold).astimezone(UTC)


def checked_quiet(begins: time | None, ends: time | None, hours: WorkingHours) -> QuietHours | None:
    """The quiet hours somebody asks for; None when they ask for none.

    Raises RuleBroken (field `quiet_from` or `quiet_until`) for half a pair, and for quiet that never ends or fills all their work.
    """
    if begins is None and ends is None:
        return None
    if begins is None or ends is None:
        raise RuleBroken(_("Give both times, or none."), field="quiet_from" if begins is None else "quiet_until")
    if begins == ends:
        raise RuleBroken(_("Quiet hours must end at another time than they begin."), field="quiet_until")
    is_before, is_after = begins <= hours.starts, hours.ends <= ends
    if (is_before and is_after) or (begins > ends and (is_before or is_after)):
        raise RuleBroken(_("Then nothing would reach you while you work."), field="quiet_until")
    return QuietHours(zone=hours.zone, begins=begins, ends=ends)
