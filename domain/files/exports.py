"""Records as CSV files, with the same fields that imports take, so that an import makes the same of them again."""

from collections.abc import Iterable, Mapping, Sequence

from domain.files.columns import FIELDS, Records
from domain.files.sheets import write_sheet
from domain.sales.accounts import Account, Contact
from domain.sales.deals import Deal
from domain.sales.leads import Lead

Accounts = Sequence[tuple[Account, Sequence[Contact]]]

LEFT_TO_CONTACTS = frozenset({"contact_name", "email", "phone"})
"""Fields of accounts that an export leaves out: contacts have a file of their own."""


def account_file(accounts: Accounts, owners: Mapping[int, str]) -> bytes:
    """All accounts as CSV; `owners` are the names of those who own one, by member."""
    keys = account_keys(accounts)
    columns = [name for name in FIELDS[Records.ACCOUNTS] if name not in LEFT_TO_CONTACTS]
    return _file(
        columns,
        (
            {
                "own_key": keys[account.id],
                "name": account.name,
                "industry": account.industry,
                "country": account.country,
                "history": account.history,
                "tier": account.tier,
                "owner": owners.get(account.owner_id or 0),
                "source": account.source,
            }
            for account, _people in accounts
        ),
    )


def contact_file(accounts: Accounts) -> bytes:
    """All contacts as CSV."""
    keys, people_keys = account_keys(accounts), contact_keys(accounts)
    return _file(
        FIELDS[Records.CONTACTS],
        (
            {
                "own_key": people_keys[person.id],
                "account": account.name,
                "account_key": keys[account.id],
                "name": person.name,
                "email": person.email,
                "phone": person.phone,
                "position": person.position,
                "country": person.country,
            }
            for account, people in accounts
            for person in people
        ),
    )


def lead_file(leads: Sequence[Lead], accounts: Accounts) -> bytes:
    """All leads as CSV, with their screening, dates and how they ended."""
    keys, people_keys = account_keys(accounts), contact_keys(accounts)
    own_keys = _keys((lead.id, lead.own_key, lead.code) for lead in leads)
    return _file(
        FIELDS[Records.LEADS],
        (
            {
                "own_key": own_keys[lead.id],
                "company": lead.account.name,
                "account_key": keys.get(lead.account.id),
                "channel": lead.source,
                "said": lead.said,
                **_contact_of(lead.contact, people_keys),
                "owner": lead.owner.name if lead.owner else None,
                "industry": lead.account.industry,
                "country": lead.account.country,
                "history": lead.account.history,
                "captured_at": lead.captured_at.isoformat(),
                "answers": "; ".join(f"{question}={answer}" for question, answer in sorted(lead.answers.items())),
                "next_at": lead.next_at.isoformat() if lead.next_at else None,
                "last_touch_at": lead.last_touch_at.isoformat() if lead.last_touch_at else None,
                "status": lead.status.value,
                "reason": lead.disqualified_for,
                "remark": lead.remark,
            }
            for lead in leads
        ),
    )


def _contact_of(person: Contact | None, keys: Mapping[int, str]) -> dict[str, str | None]:
    if person is None:
        return {}
    return {
        "contact_name": person.name,
        "contact_key": keys.get(person.id),
        "email": person.email,
        "phone": person.phone,
        "position": person.position,
    }


def deal_file(deals: Sequence[Deal], accounts: Accounts) -> bytes:
    """All deals as CSV."""
    keys = account_keys(accounts)
    own_keys = _keys((deal.id, deal.own_key, deal.code) for deal in deals)
    return _file(
        FIELDS[Records.DEALS],
        (
            {
                "own_key": own_keys[deal.id],
                "title": deal.title,
                "account": deal.account.name if deal.account else None,
                "account_key": keys.get(deal.account.id) if deal.account else None,
                "product": deal.product,
                "outcome": deal.outcome.value,
                "stage": deal.progress.stage if deal.progress else deal.stage,
                "agent": deal.agent,
                "owner": deal.owner.name if deal.owner else None,
                "amount": f"{deal.value.amount:.2f}" if deal.value else None,
                "currency": deal.value.currency if deal.value else None,
                "opened_on": deal.opened_on.isoformat() if deal.opened_on else None,
                "closed_on": deal.closed_on.isoformat() if deal.closed_on else None,
                "source": deal.source,
            }
            for deal in deals
        ),
    )


def account_keys(accounts: Accounts) -> dict[int, str]:
    """What files call each account: by its own key, or else by its code."""
    return _keys((account.id, account.own_key, account.code) for account, _people in accounts)


def contact_keys(accounts: Accounts) -> dict[int, str]:
    """What files call each contact: by its own key, or else by its place in the database."""
    return _keys((person.id, person.own_key, f"C-{person.id}") for _account, people in accounts for person in people)


def _keys(records: Iterable[tuple[int, str | None, str]]) -> dict[int, str]:
    """A key for each record; a code that some other record has as its own key is told apart from it."""
    known = list(records)
    taken = {own_key for _record_id, own_key, _code in known if own_key}
    keys = {}
    for record_id, own_key, code in known:
        key = own_key or code
        while own_key is None and key in taken:
            key = f"#{key}"
        keys[record_id] = key
    return keys


def _file(columns: Sequence[str], records: Iterable[Mapping[str, str | None]]) -> bytes:
    return write_sheet(columns, ([record.get(name) or "" for name in columns] for record in records))
