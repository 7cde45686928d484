"""What stands in a cell is read as somebody said, or refused in words."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from domain.core.refusals import RuleBroken
from domain.files.cell_parsing import (
    Formats,
    amount_in,
    date_format,
    day_in,
    decimal_sign,
    known_currency,
    moment_in,
    money_in,
)


@pytest.mark.parametrize(
    ("text", "wanted", "day"),
    [
        ("2016-10-20", None, date(2016, 10, 20)),
        ("2016-10-20", "day-first", date(2016, 10, 20)),
        ("20-10-16", "day-first", date(2016, 10, 20)),
        ("1.2.2016", "day-first", date(2016, 2, 1)),
        ("10/20/16", "month-first", date(2016, 10, 20)),
        ("16/10/20", "year-first", date(2016, 10, 20)),
        ("31-12-68", "day-first", date(2068, 12, 31)),
        ("31-12-69", "day-first", date(1969, 12, 31)),
        ("20 Oct 2016", "%d %b %Y", date(2016, 10, 20)),
        ("29-02-16", "day-first", date(2016, 2, 29)),
    ],
)
def test_a_day_is_read_as_somebody_said(text: str, wanted: str | None, day: date) -> None:
    assert day_in(text, wanted, "closed_on") == day


@pytest.mark.parametrize(
    ("text", "wanted", "why"),
    [
        ("20-10-16", None, "several ways: say whether the day or the month stands first"),
        ("31-02-17", "day-first", "is no day there is: day 31 of month 2 in 2017"),
        ("10/20/16", "day-first", "day 10 of month 20"),
        ("2016-02-30", None, "day 30 of month 2"),
        ("20-10-016", "day-first", "no day written day-first"),
        ("soon", "day-first", "soon is no day; write it as"),
        ("20-10-16", "%d %b %Y", "no day written as %d %b %Y"),
        ("42663", "day-first", "is no day"),
    ],
)
def test_a_day_that_cannot_be_or_could_be_two_is_refused(text: str, wanted: str | None, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refusal:
        day_in(text, wanted, "closed_on")
    assert refusal.value.field == "closed_on"


@pytest.mark.parametrize(("text", "meant"), [("Day-First", "day-first"), (" iso ", "iso"), ("%d.%m.%y", "%d.%m.%y")])
def test_a_date_format_is_a_name_or_a_pattern(text: str, meant: str) -> None:
    assert date_format(text) == meant


@pytest.mark.parametrize(
    ("text", "decimal", "amount"),
    [
        ("1054", None, "1054.00"),
        ("1,234.50", None, "1234.50"),
        ("1.234,50", None, "1234.50"),
        ("1.234.567", None, "1234567.00"),
        ("1234,5", None, "1234.50"),
        ("0.5", None, "0.50"),
        ("1.234", ",", "1234.00"),
        ("1.23", ".", "1.23"),
        ("1 234,50", ",", "1234.50"),
        ("-12.30", None, "-12.30"),
        ("12.5000", ".", "12.50"),
        ("9999999999999999.99", None, "9999999999999999.99"),
    ],
)
def test_an_amount_is_exact(text: str, decimal: str | None, amount: str) -> None:
    assert str(amount_in(text, decimal)) == amount


@pytest.mark.parametrize(
    ("text", "decimal", "why"),
    [
        ("1,234", None, "may be two numbers; say --decimal"),
        ("1.234", None, "may be two numbers"),
        ("1,23", ".", "no amount with . as its decimal sign"),
        ("12,34.5", None, "no amount with . as"),
        ("1.005", ".", "more than two digits"),
        ("ten", None, "ten is no amount"),
        ("99999999999999999", None, "too large"),
        ("1e3", None, "is no amount"),
    ],
)
def test_an_amount_that_could_be_two_or_is_none_is_refused(text: str, decimal: str | None, why: str) -> None:
    with pytest.raises(RuleBroken, match=why) as refusal:
        amount_in(text, decimal)
    assert refusal.value.field == "amount"


def test_an_amount_has_the_rows_currency_or_else_the_files() -> None:
    assert money_in("5", "eur", Formats(currency="USD")).currency == "EUR"
    assert money_in("5", None, Formats(currency="USD")).amount == Decimal(5)
    with pytest.raises(RuleBroken, match="has no currency"):
        money_in("5", None, Formats())
    with pytest.raises(RuleBroken, match="no currency gold"):
        known_currency("gold")
    with pytest.raises(RuleBroken, match="point or comma"):
        decimal_sign("dot")


def test_a_moment_has_a_zone() -> None:
    assert moment_in("2026-03-31T10:00:00+01:00", "next_at") == datetime(2026, 3, 31, 9, tzinfo=UTC)
    for text in ("2026-03-31T10:00:00", "soon"):
        with pytest.raises(RuleBroken, match="is no moment"):
            moment_in(text, "next_at")
