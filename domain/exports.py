"""Accounts and leads as CSV files, with the same fields that imports take."""

from collections.abc import Iterable, Sequence

from domain.accounts import Account, Contact
from domain.imports import FIELDS, Records
from domain.leads import Lead
from domain.sheets import write_sheet


def account_file(accounts: Iterable[tuple[Account, Sequence[Contact | None]]]) -> bytes:
    """All accounts as CSV, a row for each contact; an import makes the same of it again."""
    header = ["code", *FIELDS[Records.ACCOUNTS], "source", "created_at"]
    rows = (
        [
            account.code,
            account.name,
            account.industry or "",
            account.country or "",
            account.history or "",
            *_person_cells(person),
            account.source or "",
            account.created_at.isoformat(),
        ]
        for account, people in accounts
        for person in people or (None,)
    )
    return write_sheet(header, rows)


def lead_file(leads: Iterable[Lead]) -> bytes:
    """All leads as CSV; an import makes open leads of it again."""
    header = ["code", *FIELDS[Records.LEADS], "status", "score", "band", "next_at", "captured_at", "captured_by"]
    rows = (
        [
            lead.code,
            lead.account.name,
            lead.channel,
            lead.said,
            *_person_cells(lead.contact),
            lead.owner.name if lead.owner else "",
            lead.account.industry or "",
            lead.account.history or "",
            lead.status.value,
            "" if lead.score is None else str(lead.score),
            lead.band or "",
            lead.next_at.isoformat() if lead.next_at else "",
            lead.captured_at.isoformat(),
            lead.captured_by.name,
        ]
        for lead in leads
    )
    return write_sheet(header, rows)


def _person_cells(person: Contact | None) -> list[str]:
    return [person.name or "", person.email or "", person.phone or ""] if person else ["", "", ""]
