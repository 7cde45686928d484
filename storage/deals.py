"""Deals taken over from another system."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, func

from domain.deals import Deal, DealOutcome, Money, NewDeal
from domain.language import _
from domain.people import Person
from domain.refusals import NotFound
from storage.accounts import account_from
from storage.schema import accounts, deals, members
from storage.scope import Scope, here, select_here, update_here

_DEALS = select_here(
    deals,
    *deals.c,
    *(column.label(f"account_{column.name}") for column in accounts.c if column.name != "id"),
    members.c.slack_id.label("owner_slack_id"),
    members.c.name.label("owner_name"),
).select_from(
    deals.outerjoin(accounts, and_(accounts.c.id == deals.c.account_id, here(accounts))).outerjoin(
        members, and_(members.c.id == deals.c.owner_id, here(members))
    )
)
_KEYED = _DEALS.where(deals.c.own_key.in_(bindparam("of_keys", expanding=True)))

_OF_ACCOUNTS = _DEALS.where(deals.c.account_id.in_(bindparam("of_accounts", expanding=True))).order_by(deals.c.id)


class DealRepository:
    """Deals of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, deal_id: int) -> Deal:
        """The deal. Raises NotFound."""
        row = self.scope.row(_DEALS.where(deals.c.id == deal_id))
        if row is None:
            raise NotFound(_("this deal"))
        return _deal(row)

    def add(self, new: NewDeal) -> Deal:
        """Make a record."""
        deal_id, _number = self.take_over(new)
        return self.get(deal_id)

    def take_over(self, new: NewDeal) -> tuple[int, int]:
        """Make a record; its id and number."""
        return self.scope.add_numbered(deals, "deal", created_at=self.now, source=new.source, **_said(new))

    def describe(self, deal_id: int, new: NewDeal) -> None:
        """Keep what a file says of a deal now, in place of what it said before."""
        self.scope.change(update_here(deals).where(deals.c.id == deal_id).values(**_said(new)))

    def keyed(self, own_keys: Collection[str]) -> dict[str, Deal]:
        """Deals by what another system calls them."""
        return {row.own_key: _deal(row) for row in self.scope.rows(_KEYED, of_keys=sorted(own_keys))}

    def of_accounts(self, account_ids: Collection[int | None]) -> dict[int | None, list[Deal]]:
        """All deals of each of these accounts, the oldest first; None is for those that no account has."""
        found: dict[int | None, list[Deal]] = {account_id: [] for account_id in account_ids}
        given = sorted(account_id for account_id in account_ids if account_id is not None)
        rows = list(self.scope.rows(_OF_ACCOUNTS, of_accounts=given)) if given else []
        if None in account_ids:
            rows += self.scope.rows(_DEALS.where(deals.c.account_id.is_(None)).order_by(deals.c.id))
        for row in rows:
            found[row.account_id].append(_deal(row))
        return found

    def of_account(self, account_id: int) -> list[Deal]:
        """All deals of an account, the oldest first."""
        return [
            _deal(row) for row in self.scope.rows(_DEALS.where(deals.c.account_id == account_id).order_by(deals.c.id))
        ]

    def outcomes_of(self, account_id: int) -> dict[DealOutcome, int]:
        """How many deals of an account came out how."""
        of_account = select_here(deals, deals.c.outcome, func.count().label("count"))
        rows = self.scope.rows(of_account.where(deals.c.account_id == account_id).group_by(deals.c.outcome))
        return {DealOutcome(row.outcome): row.count for row in rows}

    def latest_of(self, account_id: int, most: int) -> list[Deal]:
        """The latest deals of an account, newest first."""
        newest_first = _DEALS.where(deals.c.account_id == account_id).order_by(
            func.coalesce(deals.c.closed_on, deals.c.opened_on).desc(), deals.c.id.desc()
        )
        return [_deal(row) for row in self.scope.rows(newest_first.limit(most))]

    def move(self, from_account: int, to_account: int) -> None:
        """Let another account have all deals of one."""
        self.scope.change(update_here(deals).where(deals.c.account_id == from_account).values(account_id=to_account))

    def everything(self) -> list[Deal]:
        """All deals in the order of their numbers."""
        return [_deal(row) for row in self.scope.rows(_DEALS.order_by(deals.c.number))]


def _said(new: NewDeal) -> dict[str, Any]:
    return {
        "account_id": new.account_id,
        "title": new.title,
        "product": new.product,
        "outcome": new.outcome.value,
        "stage": new.stage,
        "agent": new.agent,
        "owner_id": new.owner_id,
        "amount": new.value.amount if new.value else None,
        "currency": new.value.currency if new.value else None,
        "opened_on": new.opened_on,
        "closed_on": new.closed_on,
        "own_key": new.own_key,
    }


def _deal(row: Any) -> Deal:
    return Deal(
        id=row.id,
        number=row.number,
        title=row.title,
        account=account_from(row, "account_") if row.account_id else None,
        product=row.product,
        outcome=DealOutcome(row.outcome),
        stage=row.stage,
        agent=row.agent,
        owner=row.owner_id and Person(id=row.owner_id, slack_id=row.owner_slack_id, name=row.owner_name),
        value=Money(amount=row.amount, currency=row.currency) if row.amount is not None else None,
        opened_on=row.opened_on,
        closed_on=row.closed_on,
        source=row.source,
        own_key=row.own_key,
        created_at=row.created_at,
    )
