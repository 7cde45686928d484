"""Conditions of rules: amount, client type, discount and margin, and what can be known of them before any case."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from pydantic import Field, model_validator

from domain.core.language import _, listed
from domain.playbook.files import Id, Strict

EVERYTHING = Decimal("Infinity")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What rules ask of a deal, a quote or a change request; None where it is not known yet.

    `amount` is in the playbook's own currency (`MoneyRules.in_own`); `discount` and `margin` are percent.
    """

    amount: Decimal | None = None
    client_type: str | None = None
    discount: Decimal | None = None
    margin: Decimal | None = None


class SizeConditions(Strict):
    """By size and client; every condition given must hold."""

    amount_from: Decimal | None = Field(default=None, ge=0)
    amount_below: Decimal | None = Field(default=None, gt=0)
    client_types: tuple[Id, ...] = ()

    @model_validator(mode="after")
    def _some_amount_is_possible(self) -> Self:
        if self.amount_from is not None and self.amount_below is not None and self.amount_from >= self.amount_below:
            raise ValueError(
                f"no amount is from {self.amount_from} and below {self.amount_below}: this rule can never apply"
            )
        return self

    @property
    def is_always(self) -> bool:
        """Whether they hold for every case."""
        return self.model_dump(exclude_defaults=True) == {}

    def hold(self, case: Case, *, unknown: bool) -> bool:
        """Whether they hold for the case; a figure that is not known counts as `unknown` says."""
        return all(unknown if met is None else met for met in self._met(case))

    def _met(self, case: Case) -> list[bool | None]:
        return [
            _compared(case.amount, self.amount_from, lambda figure, limit: figure >= limit),
            _compared(case.amount, self.amount_below, lambda figure, limit: figure < limit),
            not self.client_types or (case.client_type in self.client_types if case.client_type else None),
        ]

    def cover(self, other: "SizeConditions") -> bool:
        """Whether these hold wherever `other` holds."""
        return (
            (self.amount_from or 0) <= (other.amount_from or 0)
            and (self.amount_below or EVERYTHING) >= (other.amount_below or EVERYTHING)
            and (
                not self.client_types
                or (bool(other.client_types) and set(other.client_types) <= set(self.client_types))
            )
        )

    def words(self, currency: str, client_types: dict[str, str]) -> list[str]:
        """Each condition as people read it; `client_types` maps ids to titles."""
        said = []
        if self.amount_from is not None:
            said.append(
                _("the amount is {amount} {currency} or more").format(
                    amount=f"{self.amount_from:,f}", currency=currency
                )
            )
        if self.amount_below is not None:
            said.append(
                _("the amount is below {amount} {currency}").format(amount=f"{self.amount_below:,f}", currency=currency)
            )
        if self.client_types:
            titles = [_(client_types.get(client_type, client_type)) for client_type in self.client_types]
            said.append(_("the client is: {types}").format(types=listed(titles)))
        return said


class Conditions(SizeConditions):
    """By size, client and price; every condition given must hold."""

    discount_above: Decimal | None = Field(default=None, ge=0, lt=100)
    margin_below: Decimal | None = Field(default=None, gt=-100, le=100)

    def _met(self, case: Case) -> list[bool | None]:
        return [
            *super()._met(case),
            _compared(case.discount, self.discount_above, lambda figure, limit: figure > limit),
            _compared(case.margin, self.margin_below, lambda figure, limit: figure < limit),
        ]

    def cover(self, other: SizeConditions) -> bool:
        """Whether these hold wherever `other` holds."""
        discount = other.discount_above if isinstance(other, Conditions) else None
        margin = other.margin_below if isinstance(other, Conditions) else None
        return (
            super().cover(other)
            and (self.discount_above is None or (discount is not None and discount >= self.discount_above))
            and (self.margin_below is None or (margin is not None and margin <= self.margin_below))
        )

    def words(self, currency: str, client_types: dict[str, str]) -> list[str]:
        """Each condition as people read it; `client_types` maps ids to titles."""
        said = super().words(currency, client_types)
        if self.discount_above is not None:
            said.append(_("the discount is above {percent} %").format(percent=self.discount_above))
        if self.margin_below is not None:
            said.append(_("the margin is below {percent} %").format(percent=self.margin_below))
        return said


def _compared(figure: Decimal | None, limit: Decimal | None, holds: Callable[[Decimal, Decimal], bool]) -> bool | None:
    """Whether the figure keeps the condition: True where there is none, None where the figure is not known."""
    if limit is None:
        return True
    return None if figure is None else holds(figure, limit)
