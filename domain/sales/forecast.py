"""What running deals may bring: their amounts weighted by how likely each stage ends in a signature, and those expected in a quarter."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal

from domain.sales.deals import Money, PipelineLine


def quarter_of(day: date) -> tuple[date, date]:
    """The first and last day of the quarter that a day is in."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    return first, (first + timedelta(days=95)).replace(day=1) - timedelta(days=1)


def summed(lines: Iterable[PipelineLine]) -> list[Money]:
    """What they come to in each currency, in the order of their codes."""
    return _by_currency((line, Decimal(1)) for line in lines)


def weighted(lines: Iterable[PipelineLine], probabilities: Mapping[str, int]) -> list[Money]:
    """The same with each amount times its stage's probability (percent); a stage without one counts nothing."""
    return _by_currency((line, Decimal(probabilities.get(line.stage or "", 0)) / 100) for line in lines)


def _by_currency(parts: Iterable[tuple[PipelineLine, Decimal]]) -> list[Money]:
    sums: dict[str, Decimal] = {}
    for line, part in parts:
        if line.currency and line.amount:
            sums[line.currency] = sums.get(line.currency, Decimal(0)) + line.amount * part
    cent = Decimal("0.01")
    return [Money(amount=sums[code].quantize(cent), currency=code) for code in sorted(sums) if sums[code]]
