"""Amounts are read exactly, in every way people write them, or refused in words."""

from decimal import Decimal

import pytest

from domain.core.refusals import RuleBroken
from domain.sales.amounts import AmountFormats, amount_in, decimal_sign, known_currency, money_in


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
        ("1.234,56 €", None, "1234.56"),
        ("($500.00)", None, "-500.00"),
        ("$(500.00)", None, "-500.00"),
        ("−500", None, "-500.00"),
        ("500-", None, "-500.00"),
        ("85k", None, "85000.00"),
        ("85.5 K", None, "85500.00"),
        ("1,2 Mio. €", None, "1200000.00"),
        ("85 000", None, "85000.00"),
        ("85\u202f000,50", None, "85000.50"),
        ("CHF 85'000.50", None, "85000.50"),
        ("85.-", None, "85.00"),
        ("Fr. 500,–", None, "500.00"),
        ("12,34,567.00", None, "1234567.00"),
        ("８５０００", None, "85000.00"),
        ("0.500", None, "0.50"),
        (".5", None, "0.50"),
        ("€85,000", ".", "85000.00"),
    ],
)
def test_an_amount_is_exact(text: str, decimal: str | None, amount: str) -> None:
    assert str(amount_in(text, decimal)) == amount


@pytest.mark.parametrize(
    ("text", "decimal", "why"),
    [
        ("1,234", None, "may be two numbers. Type 1234 or 1.23"),
        ("1.234", None, "may be two numbers"),
        ("85,000", None, "may be two numbers. Type 85000 or 85.00"),
        ("85.000", None, "may be two numbers. Type 85000 or 85.00"),
        ("€85,000", None, "may be two numbers. Type 85000 or 85.00"),
        ("1.234k", None, "may be two numbers. Type 1234k or 1.23k"),
        ("0.500", ",", "no amount with , as its decimal sign"),
        ("85 0", None, "no amount with"),
        ("0.125", None, "more than two digits"),
        ("--5", None, "is no amount"),
        ("(-5)", None, "is no amount"),
        ("5 apples", None, "is no amount"),
        ("10%", None, "is no amount"),
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
    assert money_in("5", "eur", AmountFormats(currency="USD")).currency == "EUR"
    assert money_in("5", None, AmountFormats(currency="USD")).amount == Decimal(5)
    with pytest.raises(RuleBroken, match="has no currency"):
        money_in("5", None, AmountFormats())
    with pytest.raises(RuleBroken, match="no currency gold"):
        known_currency("gold")
    with pytest.raises(RuleBroken, match="point or comma"):
        decimal_sign("dot")


def test_a_question_about_an_amount_names_an_option_on_the_terminal_alone() -> None:
    with pytest.raises(RuleBroken) as refusal:
        amount_in("85,000", None)
    assert refusal.value.sentence == "85,000 may be two numbers. Type 85000 or 85.00."
    assert "say --decimal point or comma. It is 85000 or 85.00." in refusal.value.on_terminal


def test_an_amount_may_say_its_currency_itself() -> None:
    dollars = AmountFormats(currency="CAD")
    for text, currency, code in (
        ("1.234,56 €", None, "EUR"),
        ("EUR 500", None, "EUR"),
        ("$5", None, "CAD"),
        ("US$ 5", None, "USD"),
        ("5", "Euro", "EUR"),
        ("€5", "EUR", "EUR"),
        ("$5", "aud", "AUD"),
    ):
        assert money_in(text, currency, dollars).currency == code, text
    for text, currency, usual, why in (
        ("€5", "USD", None, "The amount says €, the currency USD. Change one of them"),
        ("$5", None, None, "$ may be USD, AUD or CAD"),
        ("$5", None, "EUR", "$ may be USD, AUD or CAD"),
        ("5", "$", None, "$ may be USD, AUD or CAD"),
    ):
        with pytest.raises(RuleBroken) as refusal:
            money_in(text, currency, AmountFormats(currency=usual))
        assert why in refusal.value.sentence, text
