"""What happens to an account in passing, whatever is being done: its first owner, that it is right, the cards that show it."""

from domain.core.people import Actor
from domain.core.reminders import Reminder, ReminderState
from domain.sales.accounts import Account, AccountRefreshDue
from storage.unit_of_work import UnitOfWork
from usecases.core.reminders import done
from usecases.desk import Desk, record


def redraw_account(work: UnitOfWork, account_id: int) -> None:
    """Have every card redrawn on which something of the account stands."""
    for noun, record_id in work.directory.shown(account_id):
        work.outbox.refresh_cards(noun, record_id)


def adopt_account(work: UnitOfWork, actor: Actor, account: Account, owner_id: int) -> None:
    """Make whoever is the first to own a lead of an account that No owners owner."""
    if account.owner_id is None and work.accounts.adopt(account.id, owner_id):
        before, after = {"owner_id": None}, {"owner_id": owner_id}
        record(work, actor, "account.assigned", account.id, before=before, after=after)
        redraw_account(work, account.id)


def confirm_account(work: UnitOfWork, actor: Actor, account: Account, outcome: str = "confirmed") -> None:
    """Note that the record is right as it is now; nobody needs to be asked any more."""
    work.accounts.confirm(account.id, actor.member_id)
    before = {"confirmed_at": account.confirmed_at.isoformat() if account.confirmed_at else None}
    record(work, actor, "account.confirmed", account.id, before=before, after={"confirmed_at": work.now.isoformat()})
    reminder = work.reminders.open_for(AccountRefreshDue.kind, account.id)
    if reminder:
        work.reminders.close(reminder.id, ReminderState.DONE, outcome, actor.member_id)
        work.outbox.refresh_cards("reminder", reminder.id)
    redraw_account(work, account.id)


@done(AccountRefreshDue.kind)
def _confirmed(_desk: Desk, work: UnitOfWork, actor: Actor, reminder: Reminder) -> None:
    confirm_account(work, actor, work.accounts.get(reminder.subject_id))
