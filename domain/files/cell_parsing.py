"""What stands in a cell: days, moments, amounts and currencies, read as somebody said or refused in words, never guessed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import cache

from babel import Locale

from domain.core.language import _
from domain.core.refusals import RuleBroken
from domain.sales.deals import Money

NUMBERS = re.compile(r"(\d{1,4})[-./ ](\d{1,2})[-./ ](\d{1,4})")
"""A day of three numbers, in whatever order they are."""
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LAST_OF_THIS_CENTURY = 68
"""Two-digit years up to this one are of the 2000s, as POSIX has it; the others of the 1900s."""
MOST_DIGITS = 16
"""Digits before the decimal sign that the database keeps."""


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


@dataclass(frozen=True, kw_only=True)
class Formats:
    """What cells mean where it is not plain: date formats by field (None is ISO), the decimal sign, and the currency of amounts."""

    dates: Mapping[str, str | None] = field(default_factory=dict)
    decimal: str | None = None
    currency: str | None = None


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


def decimal_sign(text: str) -> str:
    """The decimal sign somebody means by `point` or `comma`.

    Raises RuleBroken for anything else.
    """
    signs = {"point": ".", "comma": ",", ".": ".", ",": ","}
    if text.strip().casefold() not in signs:
        raise RuleBroken(_("--decimal is point or comma, not {text}.").format(text=text))
    return signs[text.strip().casefold()]


@cache
def _currencies() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


def known_currency(text: str, field: str | None = None) -> str:
    """The ISO 4217 code.

    Raises RuleBroken where there is no such currency.
    """
    code = text.strip().upper()
    if code not in _currencies():
        raise RuleBroken(
            _("There is no currency {text}; give its three letters, such as EUR.").format(text=text), field
        )
    return code


def day_in(text: str, wanted: str | None, field: str) -> date:
    """The day in a cell. ISO days (2026-03-31) are always understood; others only as `wanted` says.

    Raises RuleBroken with the field, for a day that does not exist or that could be read in two ways.
    """
    if ISO_DAY.fullmatch(text):
        year, month, day = (int(part) for part in text.split("-"))
        return _day(text, year, month, day, field)
    if wanted and "%" in wanted:
        try:
            return datetime.strptime(text, wanted).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            raise RuleBroken(
                _("{text} is no day written as {format}.").format(text=text, format=wanted), field
            ) from None
    numbers = NUMBERS.fullmatch(text)
    if not numbers:
        raise RuleBroken(_("{text} is no day; write it as 2026-03-31.").format(text=text), field)
    if wanted is None or wanted == DateOrder.ISO:
        raise RuleBroken(
            _(
                "{text} can be read in several ways: say whether the day or the month stands first (--date-format)."
            ).format(text=text),
            field,
        )
    return _ordered_day(text, numbers.groups(), DateOrder(wanted), field)


def _ordered_day(text: str, numbers: tuple[str, ...], order: DateOrder, field: str) -> date:
    year, month, day = (numbers[place] for place in ORDER[order])
    if len(year) not in (2, 4) or len(month) > 2 or len(day) > 2:
        raise RuleBroken(_("{text} is no day written {order}.").format(text=text, order=order.value), field)
    century = 0 if len(year) == 4 else 2000 if int(year) <= LAST_OF_THIS_CENTURY else 1900
    return _day(text, century + int(year), int(month), int(day), field)


def _day(text: str, year: int, month: int, day: int, field: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        sentence = _("{text} is no day there is: day {day} of month {month} in {year}.")
        raise RuleBroken(sentence.format(text=text, day=day, month=month, year=year), field) from None


def moment_in(text: str, field: str) -> datetime:
    """The moment in a cell, as ISO 8601 with its zone: what an export writes.

    Raises RuleBroken with the field.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise RuleBroken(_("{text} is no moment; write it as 2026-03-31T09:00:00+00:00.").format(text=text), field)
    return moment.astimezone(UTC)


def money_in(text: str, currency: str | None, formats: Formats) -> Money:
    """The exact amount in a cell, in the row's currency or else in that of the file.

    Raises RuleBroken (field `amount` or `currency`).
    """
    code = known_currency(currency, "currency") if currency else formats.currency
    if code is None:
        raise RuleBroken(_("The amount has no currency."), "currency")
    return Money(amount=amount_in(text, formats.decimal), currency=code)


def amount_in(text: str, decimal: str | None) -> Decimal:
    """The number in a cell with two digits after the decimal sign, which is `decimal` or else what only it can be.

    Raises RuleBroken (field `amount`) for what is no number, could be two, or has more than two digits after the sign.
    """
    bare = re.sub(r"[\s'’_]", "", text)
    if not re.fullmatch(r"[-+]?\d[\d.,]*", bare):
        raise RuleBroken(_("{text} is no amount.").format(text=text), "amount")
    sign = decimal or _sign_used(bare, text)
    grouping = "," if sign == "." else "."
    whole, _sign, cents = bare.partition(sign)
    if not re.fullmatch(rf"[-+]?(\d+|\d{{1,3}}(\{grouping}\d{{3}})+)", whole) or not re.fullmatch(r"\d*", cents):
        raise RuleBroken(
            _("{text} is no amount with {sign} as its decimal sign.").format(text=text, sign=sign), "amount"
        )
    if len(cents.rstrip("0")) > 2:
        raise RuleBroken(_("{text} has more than two digits after the decimal sign.").format(text=text), "amount")
    digits = whole.replace(grouping, "")
    if len(digits.lstrip("+-")) > MOST_DIGITS:
        raise RuleBroken(_("{text} is too large.").format(text=text), "amount")
    return Decimal(f"{digits}.{cents.rstrip('0'):0<2}")


def _sign_used(bare: str, text: str) -> str:
    """Which of point and comma is the decimal sign, where that is plain.

    Raises RuleBroken where it is not: 1,234 may be a thousand or one and a bit.
    """
    found = [sign for sign in ".," if sign in bare]
    if len(found) == 2:
        return max(found, key=bare.rindex)
    if not found or (bare.count(found[0]) == 1 and len(bare.partition(found[0])[2]) != 3):
        return found[0] if found else "."
    if bare.count(found[0]) > 1:
        return "," if found[0] == "." else "."
    raise RuleBroken(_("{text} may be two numbers; say --decimal point or comma.").format(text=text), "amount")
