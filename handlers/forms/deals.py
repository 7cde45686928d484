"""What the modals about deals ask."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.files.cell_parsing import Formats, money_in
from domain.sales.deals import DealPlan
from domain.sales.documents import DocumentKind, Needs
from handlers.forms import Form, UploadedFile, record_id


class DealForm(Form):
    """The questions of every deal."""

    title: str = ""
    amount: str = ""
    currency: str = ""
    client_type: str | None = None
    expected_on: date | None = None
    next_step: str | None = None
    next_on: date | None = None

    def plan(self) -> DealPlan:
        """The deal as entered.

        Raises RuleBroken (field `amount` or `currency`).
        """
        given = self.model_dump(include={"title", "client_type", "expected_on", "next_step", "next_on"})
        value = money_in(self.amount, self.currency or None, Formats()) if self.amount else None
        return DealPlan(value=value, **given)


class QualifyForm(DealForm):
    """The modal that makes a deal of a lead."""

    joins: str | None = None

    @property
    def joins_id(self) -> int | None:
        """The running deal that the lead joins, or None for one of its own."""
        return record_id(self.joins) if self.joins and self.joins != "new" else None


class NeedsForm(Form):
    """The needs brief."""

    needs: str = ""
    pains: str = ""
    goals: str = ""

    def answers(self) -> Needs:
        """What was answered."""
        return Needs(**self.model_dump())


class DocumentForm(Form):
    """The modal that attaches a file."""

    kind: DocumentKind
    file: Annotated[list["UploadedFile"], Field(min_length=1)]


class MoveBackForm(Form):
    """The modal that moves a deal back."""

    stage: str = ""
    reason: str = ""


class VariantForm(Form):
    """The modal that chooses a deal's road."""

    variant: str = ""
    reason: str = ""
