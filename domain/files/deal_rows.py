"""What a file says of a deal beside what is kept of it: what is odd, what stays, and what changes."""

from dataclasses import fields, replace
from typing import Any

from domain.core.language import _
from domain.core.people import Person
from domain.files.columns import Row, Table
from domain.files.imports import Change, Remark, shown
from domain.sales.accounts import Account
from domain.sales.deals import Deal, NewDeal

COLUMN_OF_DEALS = {"account_id": "account", "owner_id": "owner", "value": "amount"}
"""The column that says a field of a deal, where it is called otherwise."""


def odd_in_deal(row: Row, new: NewDeal, account: Account | None) -> list[Remark]:
    """What is missing from a deal, or does not go together."""
    remarks = []
    if account is None:
        remarks.append(
            Remark(field="account", value="", sentence=_("No account is named; the deal is kept without one."))
        )
    if new.closed_on and new.opened_on and new.closed_on < new.opened_on:
        sentence = _("The deal was closed before it was opened.")
        remarks.append(Remark(field="closed_on", value=row.texts["closed_on"], sentence=sentence))
    return remarks


def as_said(table: Table, known: Deal, new: NewDeal) -> NewDeal:
    """What is said of a deal now: by the file where it has a column for it, by the record otherwise."""
    names = [part.name for part in fields(NewDeal) if hasattr(known, part.name)]
    columns = {name: COLUMN_OF_DEALS.get(name, name) for name in names}
    kept = {name: getattr(known, name) for name, column in columns.items() if not _is_said(table, column)}
    return replace(new, **kept)


def _is_said(table: Table, column: str) -> bool:
    if column == "source":
        return False
    if column == "outcome":
        return bool(table.fields & {"outcome", "stage"})
    return column in table.fields or (column == "title" and "product" in table.fields)


def changes_of_deal(known: Deal, new: NewDeal, account: Account | None, owner: Person | None) -> list[Change]:
    """Where a deal says something else now than the record: by the file's columns, with old and new value."""
    now: dict[str, Any] = {part.name: getattr(new, part.name) for part in fields(NewDeal) if hasattr(known, part.name)}
    del now["source"]
    now |= {"account": account, "owner": owner}
    return [
        Change(field=COLUMN_OF_DEALS.get(name, name), old=_told(getattr(known, name)), new=_told(value))
        for name, value in now.items()
        if _identity(getattr(known, name)) != _identity(value)
    ]


def _identity(value: Any) -> Any:
    return value.id if isinstance(value, Account | Person) else value


def _told(value: Any) -> str:
    return f"{value.amount:f} {value.currency}" if hasattr(value, "currency") else shown(value)
