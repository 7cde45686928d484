"""What the use cases of accounts tell of them: a page, a card, lists, and what a merge would do."""

from domain.sales.accounts import Contact
from domain.sales.pages import AccountCard
from storage.unit_of_work import UnitOfWork
from usecases.core.facts import fact, page_of


@fact("account_id")
def account_card(work: UnitOfWork, account_id: int) -> AccountCard:
    """The account, or the one it was merged into, as a channel sees it. Raises NotFound."""
    account = work.accounts.standing(account_id)
    [line] = work.directory.lines([account.id])
    return AccountCard(line=line, contacts=tuple(work.accounts.contacts_of(account.id)))


@page_of("account")
def _people(work: UnitOfWork, account_id: int) -> tuple[Contact, ...]:
    """The people at an account that a reminder is about."""
    return tuple(work.accounts.contacts_of(account_id))
