"""What stands in a cell: days and moments, read as somebody said or in the one way there is, or refused in words, never guessed."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone
from enum import StrEnum
from functools import cache

from babel import Locale

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.core.working_time import WorkingHours, zone_named
from domain.sales.amounts import AmountFormats

NUMBERS = re.compile(r"(\d{1,4})\s*[-./ ]\s*(\d{1,2})\s*[-./ ]\s*(\d{1,4})")
"""A day of three numbers, in whatever order they are."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
CLOCK = re.compile(
    r"(?P<day>.*?)[T,\s]\s?(?P<hour>\d{1,2}):(?P<minute>\d{2})(:(?P<second>\d{2})([.,]\d+)?)?"
    r"\s?((?P<half>[AP])\.?M\.?)?\s?(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2})?",
    re.IGNORECASE,
)
"""A day with a time behind it, and perhaps a zone, in a text of single blanks."""
FILLERS = frozenset("st nd rd th de of den le".split())
"""Words beside the name of a month that say nothing."""
LAST_OF_THIS_CENTURY = 68
"""Two-digit years up to this one are of the 2000s, as POSIX has it; the others of the 1900s."""
MONTH_LANGUAGES = ("en", "de", "es", "fr", "it", "nl", "pt")


class DateOrder(StrEnum):
    """The names a date format can have besides a pattern of its own."""

    ISO = "iso"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"
    YEAR_FIRST = "year-first"


ORDER = {
    DateOrder.DAY_FIRST: (2, 1, 0),
    DateOrder.MONTH_FIRST: (2, 0, 1),
    DateOrder.YEAR_FIRST: (0, 1, 2),
    DateOrder.ISO: (0, 1, 2),
}
"""Where year, month and day stand among the three numbers."""
POSSIBLE = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST, DateOrder.YEAR_FIRST)


@dataclass(frozen=True, kw_only=True)
class Formats(AmountFormats):
    """What cells mean where it is not plain: date formats by field (None is ISO), the decimal sign, and the currency of amounts."""

    dates: Mapping[str, str | None] = field(default_factory=dict)


def date_format(text: str) -> str:
    """The format somebody means: a name of `DateOrder`, or a pattern as Python's `strptime` takes it (`%d.%m.%y`).

    Raises RuleBroken for anything else.
    """
    wanted = text.strip()
    if "%" in wanted:
        try:
            datetime.strptime(date(2001, 2, 3).strftime(wanted), wanted)  # noqa: DTZ007  # only the pattern is tried
        except ValueError as error:
            raise RuleBroken(_("{text} is no date format: {why}.").format(text=text, why=error)) from error
        return wanted
    try:
        return DateOrder(wanted.casefold()).value
    except ValueError:
        names = ", ".join(DateOrder)
        raise RuleBroken(
            _("There is no date format {text}; it may be {names} or a pattern such as %d.%m.%y.").format(
                text=text, names=names
            )
        ) from None


def day_in(text: str, wanted: str | None, field: str) -> date:
    """The day in a cell, whatever time stands behind it, as it is written there.

    ISO days (2026-03-31) and those with the name of a month are always understood; others as `wanted` says, or in the one way there is.

    Raises RuleBroken with the field, for a day that does not exist or that could be read in two ways.
    """
    day = _without_time(text)
    if ISO_DAY.fullmatch(day):
        year, month, number = (int(part) for part in day.split("-"))
        return _day(text, year, month, number, field)
    if wanted and "%" in wanted:
        return _day_by_pattern(text, day, wanted, field)
    numbers = NUMBERS.fullmatch(day)
    if not numbers:
        named = _named_day(day)
        if named is None:
            raise RuleBroken(_("{text} is no day; write it as 2026-03-31.").format(text=text), field)
        return _day(text, *named, field)
    if wanted is None or wanted == DateOrder.ISO:
        return _plain_day(text, numbers.groups(), field)
    return _ordered_day(text, numbers.groups(), DateOrder(wanted), field)


def _plain_day(text: str, numbers: tuple[str, ...], field: str) -> date:
    """The day of three numbers that can be read in one way only."""
    days = set(readings_of(text).values())
    if len(days) == 1:
        return days.pop()
    if not days:
        return _ordered_day(text, numbers, DateOrder.DAY_FIRST, field)
    sentence = _("{text} can be read in several ways: say whether the day or the month stands first.")
    on_terminal = _("{text} can be read in several ways: say with --date-format whether day or month stands first.")
    raise RuleBroken(sentence.format(text=text), field, on_terminal.format(text=text))


def readings_of(text: str) -> dict[DateOrder, date]:
    """The days that the three numbers of a cell may be; none where they are no day, or plain without an order."""
    day = _without_time(text)
    numbers = NUMBERS.fullmatch(day)
    if not numbers or ISO_DAY.fullmatch(day):
        return {}
    found = {}
    for order in POSSIBLE:
        with suppress(RuleBroken):
            found[order] = _ordered_day(text, numbers.groups(), order, "")
    return found


def order_in(texts: Iterable[str]) -> tuple[DateOrder, str] | None:
    """The one order in which all days of a column can be read, with a cell that shows it; None where there are several, or none."""
    orders, shown = frozenset(POSSIBLE), ""
    for text in texts:
        possible = readings_of(text).keys()
        if possible and not orders <= possible:
            orders, shown = orders & possible, text
    return (next(iter(orders)), shown) if len(orders) == 1 else None


def _without_time(text: str) -> str:
    """The day as it is written, with one kind of blank and the signs of Chinese and Japanese days read as dashes."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    plain = re.sub(r"^(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日?", _as_iso, plain)
    timed = CLOCK.fullmatch(plain)
    return (timed["day"] if timed else plain).strip(" ,")


def _as_iso(found: re.Match[str]) -> str:
    year, month, day = found.groups()
    return f"{year}-{month:0>2}-{day:0>2}"


def _day_by_pattern(text: str, day: str, wanted: str, field: str) -> date:
    for written in (text, day):
        try:
            return datetime.strptime(written, wanted).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
    raise RuleBroken(_("{text} is no day written as {format}.").format(text=text, format=wanted), field)


@cache
def _months() -> dict[str, int]:
    """Months by their names and short names, in small letters without points; the first language counts."""
    found: dict[str, int] = {}
    for language in MONTH_LANGUAGES:
        for names in Locale(language).months["format"].values():
            for number, name in names.items():
                found.setdefault(name.casefold().rstrip("."), number)
    return {name: number for name, number in found.items() if len(name) > 2} | {"sept": 9}


@cache
def _weekdays() -> frozenset[str]:
    widths = (Locale(language).days["format"] for language in MONTH_LANGUAGES)
    return frozenset(
        name.casefold().rstrip(".") for width in widths for names in width.values() for name in names.values()
    )


def _named_day(text: str) -> tuple[int, int, int] | None:
    """Year, month and day of one such as `31 Mar 2026` or `March 31, 2026`."""
    words = [word.casefold() for word in re.findall(r"\d+|[^\W\d_]+", text)]
    if len(words) > 3 and words[0] in _weekdays():
        words = words[1:]
    words = [word for word in words if word not in FILLERS]
    places = [place for place, word in enumerate(words) if word in _months()]
    if len(words) != 3 or len(places) != 1 or places[0] > 1:
        return None
    first, second = (word for place, word in enumerate(words) if place != places[0])
    if not (first + second).isdecimal():
        return None
    day, year = (second, first) if len(first) == 4 else (first, second)
    return (_whole_year(year), _months()[words[places[0]]], int(day)) if len(year) in (2, 4) else None


def _whole_year(year: str) -> int:
    return int(year) + (0 if len(year) == 4 else 2000 if int(year) <= LAST_OF_THIS_CENTURY else 1900)


def _ordered_day(text: str, numbers: tuple[str, ...], order: DateOrder, field: str) -> date:
    year, month, day = (numbers[place] for place in ORDER[order])
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        raise RuleBroken(_("{text} is no day written {order}.").format(text=text, order=order.value), field)
    return _day(text, _whole_year(year), int(month), int(day), field)


def _day(text: str, year: int, month: int, day: int, field: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        sentence = _("{text} is no day there is: day {day} of month {month} in {year}.")
        raise RuleBroken(sentence.format(text=text, day=day, month=month, year=year), field) from None


def moment_in(text: str, field: str, wanted: str | None = None, hours: WorkingHours | None = None) -> datetime:
    """The moment in a cell: as ISO 8601 with its zone, which an export writes, or a day as in `day_in`, with or without a time.

    A time without a zone is one of `hours`, and a day without a time begins with them; without `hours` neither is a moment.

    Raises RuleBroken with the field.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment and moment.tzinfo:
        return moment.astimezone(UTC)
    timed = CLOCK.fullmatch(" ".join(text.split()))
    if hours is None and not (timed and timed["zone"]):
        raise RuleBroken(_("{text} is no moment; write it as 2026-03-31T09:00:00+00:00.").format(text=text), field)
    day = day_in(text, wanted, field)
    if timed is None:
        return hours.start_of(day) if hours else datetime.combine(day, time(0), UTC)
    zone = _zone(timed["zone"]) if timed["zone"] else zone_named(hours.zone if hours else "UTC")
    return datetime.combine(day, _clock(timed, text, field), zone).astimezone(UTC)


def _zone(text: str) -> timezone:
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[-2:])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _clock(found: re.Match[str], text: str, field: str) -> time:
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"] in "Pp" else 0)
    try:
        return time(hour, int(found["minute"]), int(found["second"] or 0))
    except ValueError:
        raise RuleBroken(_("{text} has a time there is not.").format(text=text), field) from None
