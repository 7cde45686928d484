"""The part of `playbook/sales.toml` that carries a deal: stages, variants, approvals, money."""

from decimal import Decimal
from typing import Annotated

from pydantic import Field

from domain.playbook.approval_rules import ApprovalRule
from domain.playbook.channel_rules import ChannelRule
from domain.playbook.files import Id, Strict, Title
from domain.playbook.stages import Stage, Variant

Currency = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class MoneyRules(Strict):
    """The currency in which rules state amounts, and rough rates by which other currencies are compared with them.

    A rate is what one unit of the other currency is worth in the firm's own. Prices are never converted.
    """

    currency: Currency
    rates: dict[Currency, Annotated[Decimal, Field(gt=0)]] = Field(default_factory=dict)

    def in_own(self, amount: Decimal, currency: str) -> Decimal:
        """The amount for comparison with rules; one in a currency without a rate counts as beyond every limit."""
        if currency == self.currency:
            return amount
        rate = self.rates.get(currency)
        return Decimal("Infinity") if rate is None else amount * rate


class SalesProcess(Strict):
    """From the first mention of a lead to a filed contract."""

    money: MoneyRules
    client_types: dict[Id, Title] = Field(min_length=1, max_length=20)
    lost_reasons: dict[Id, Title] = Field(min_length=1, max_length=100)
    stages: tuple[Stage, ...] = Field(min_length=2, max_length=30)
    variants: tuple[Variant, ...] = Field(min_length=1, max_length=10)
    approvals: tuple[ApprovalRule, ...] = Field(min_length=1, max_length=50)
    deal_channels: tuple[ChannelRule, ...] = Field(default=(), max_length=20)
