"""What running deals may bring."""

from datetime import date
from decimal import Decimal

import pytest

from domain.sales.deals import Money, PipelineLine
from domain.sales.forecast import quarter_of, summed, weighted


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        ("2026-03-03", "2026-01-01", "2026-03-31"),
        ("2026-04-01", "2026-04-01", "2026-06-30"),
        ("2026-09-30", "2026-07-01", "2026-09-30"),
        ("2026-12-31", "2026-10-01", "2026-12-31"),
    ],
)
def test_a_day_is_in_a_quarter(day: str, first: str, last: str) -> None:
    assert quarter_of(date.fromisoformat(day)) == (date.fromisoformat(first), date.fromisoformat(last))


def line(stage: str | None, amount: str | None, currency: str | None = "EUR") -> PipelineLine:
    """Deals at a stage."""
    return PipelineLine(stage=stage, currency=currency, count=2, amount=Decimal(amount) if amount else None)


def test_amounts_are_summed_and_weighted_by_currency() -> None:
    lines = [line("a", "100.00"), line("b", "10.10"), line("a", "7", "USD"), line("b", None, None), line("gone", "5")]
    assert summed(lines) == [
        Money(amount=Decimal("115.10"), currency="EUR"),
        Money(amount=Decimal("7.00"), currency="USD"),
    ]
    assert weighted(lines, {"a": 50, "b": 25}) == [
        Money(amount=Decimal("52.52"), currency="EUR"),
        Money(amount=Decimal("3.50"), currency="USD"),
    ]
