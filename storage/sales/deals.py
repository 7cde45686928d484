"""Deals: those on their way through our process, and those taken over from another system."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, func, literal_column, or_, tuple_

from domain.core.language import _
from domain.core.people import Person
from domain.core.refusals import NotFound
from domain.sales.company_names import normal_name
from domain.sales.deal_limits import Place, StageLimits
from domain.sales.deals import Deal, DealOutcome, DealPlan, Money, NewDeal, PipelineLine, Progress
from domain.sales.exceptions import DealStanding
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, here, select_here, update_here
from storage.sales.accounts import account_from
from storage.schema import accounts, deals, members

openers = members.alias("openers")

MOST_DIGITS = 9
"""Digits of a number that fit the database."""

_is_running = and_(deals.c.outcome == literal_column(f"'{DealOutcome.OPEN}'"), deals.c.at_stage.is_not(None))
"""Written out, so that the databases see that the indexes on running deals will do."""

_DEALS = select_here(
    deals,
    *deals.c,
    *(column.label(f"account_{column.name}") for column in accounts.c if column.name != "id"),
    members.c.slack_id.label("owner_slack_id"),
    members.c.name.label("owner_name"),
    openers.c.slack_id.label("opener_slack_id"),
    openers.c.name.label("opener_name"),
).select_from(
    deals.outerjoin(accounts, and_(accounts.c.id == deals.c.account_id, here(accounts)))
    .outerjoin(members, and_(members.c.id == deals.c.owner_id, here(members)))
    .outerjoin(openers, and_(openers.c.id == deals.c.opened_by, here(openers)))
)
_RUNNING = _DEALS.where(_is_running)
_OPEN_OF = Fixed(
    _RUNNING.where(deals.c.owner_id == bindparam("of_owner"))
    .order_by(deals.c.next_at, deals.c.id)
    .limit(bindparam("most", type_=Integer))
)
_COUNT_OPEN_OF = Fixed(
    select_here(deals, func.count().label("count")).where(_is_running, deals.c.owner_id == bindparam("of_owner"))
)
_COUNTED = (func.count().label("count"), func.sum(deals.c.amount).label("amount"))
_PIPELINE = select_here(deals, deals.c.at_stage, deals.c.currency, *_COUNTED).group_by(
    deals.c.at_stage, deals.c.currency
)
_TAKEN_OVER = (
    select_here(deals, deals.c.outcome, deals.c.stage, deals.c.currency, *_COUNTED)
    .where(deals.c.at_stage.is_(None))
    .group_by(deals.c.outcome, deals.c.stage, deals.c.currency)
)
_ROUTE = (func.coalesce(deals.c.playbook, ""), deals.c.variant, deals.c.at_stage)
"""What makes a place at which deals stand; where no playbook is kept, the empty one."""
_STANDINGS = (
    select_here(
        deals,
        *(deals.c[name] for name in ("id", "number", "owner_id", "next_at", "since", "expected_on")),
        *(deals.c[name] for name in ("playbook", "variant", "at_stage")),
        members.c.is_deleted.label("is_owner_gone"),
    )
    .select_from(deals.outerjoin(members, and_(members.c.id == deals.c.owner_id, here(members))))
    .where(_is_running)
)
_OLD = _DEALS.where(deals.c.at_stage.is_(None))
"""What was taken over from another system; only these may a file describe anew."""
_KEYED = _OLD.where(deals.c.own_key.in_(bindparam("of_keys", expanding=True)))
_OF_ACCOUNTS = _OLD.where(deals.c.account_id.in_(bindparam("of_accounts", expanding=True))).order_by(deals.c.id)


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

    def begin(self, plan: DealPlan, account_id: int, owner_id: int, progress: Progress) -> int:
        """Make a record of a deal that sets out on our process; its id."""
        deal_id, _number = self.scope.add_numbered(
            deals,
            "deal",
            account_id=account_id,
            owner_id=owner_id,
            outcome=DealOutcome.OPEN.value,
            opened_on=self.now.date(),
            created_at=self.now,
            opened_by=progress.opened_by.id,
            version=1,
            **_planned(plan),
            **_progress_columns(progress),
        )
        return deal_id

    def update(self, deal: Deal) -> Deal:
        """Keep what is said of a running deal now, in place of what was said before; the deal as it is kept."""
        assert deal.progress is not None
        values = {
            "owner_id": deal.owner.id if deal.owner else None,
            "outcome": deal.outcome.value,
            "closed_on": deal.closed_on,
            "title": deal.title,
            **_money_columns(deal.value),
            **_progress_columns(deal.progress),
        }
        self.scope.change(update_here(deals).where(deals.c.id == deal.id).values(version=deals.c.version + 1, **values))
        return replace(deal, progress=replace(deal.progress, version=deal.progress.version + 1))

    def by_number(self, number: int) -> Deal:
        """The deal people call `D-number`. Raises NotFound."""
        row = self.scope.row(_DEALS.where(deals.c.number == number))
        if row is None:
            raise NotFound(f"D-{number}", _("Look deals up by company: /rain-deal Acme"))
        return _deal(row)

    def open_of(self, owner_id: int, most: int) -> list[Deal]:
        """A member's running deals, the next step that is due first."""
        return [_deal(row) for row in self.scope.rows(_OPEN_OF, of_owner=owner_id, most=most)]

    def count_open_of(self, owner_id: int) -> int:
        """How many running deals a member has."""
        return self.scope.scalar(_COUNT_OPEN_OF, of_owner=owner_id)  # type: ignore[no-any-return]

    def running_at(self, account_id: int, most: int) -> list[Deal]:
        """The running deals of an account, the newest first."""
        of_account = _RUNNING.where(deals.c.account_id == account_id).order_by(deals.c.id.desc())
        return [_deal(row) for row in self.scope.rows(of_account.limit(most))]

    def search(self, words: str, most: int) -> list[Deal]:
        """Deals by number, by words of their title or by a part of the account's name; running ones first, then the newest."""
        running_first = case((_is_running, 0), else_=1)
        rows = self.scope.rows(_DEALS.where(_like(words)).order_by(running_first, deals.c.id.desc()).limit(most))
        return [_deal(row) for row in rows]

    def running_like(self, words: str, owner_id: int, most: int) -> list[Deal]:
        """The running ones among them, a member's own first; without words, the newest of all."""
        running = _RUNNING.order_by(deals.c.id.desc()).limit(most)
        if words:
            own_first = case((deals.c.owner_id == owner_id, 0), else_=1)
            running = _RUNNING.where(_like(words)).order_by(own_first, deals.c.id.desc()).limit(most)
        return [_deal(row) for row in self.scope.rows(running)]

    def pipeline(self, owner_id: int | None) -> list[PipelineLine]:
        """How many deals run at each stage and for how much, by currency: a member's own, or everybody's."""
        running = _PIPELINE.where(_is_running)
        rows = self.scope.rows(running.where(deals.c.owner_id == owner_id) if owner_id else running)
        return [
            PipelineLine(stage=row.at_stage, currency=row.currency, count=row.count, amount=row.amount) for row in rows
        ]

    def expected(self, owner_id: int | None, first: date, last: date) -> list[PipelineLine]:
        """The same of those whose signature is expected between two days, both included."""
        running = _PIPELINE.where(_is_running, deals.c.expected_on >= first, deals.c.expected_on <= last)
        rows = self.scope.rows(running.where(deals.c.owner_id == owner_id) if owner_id else running)
        return [
            PipelineLine(stage=row.at_stage, currency=row.currency, count=row.count, amount=row.amount) for row in rows
        ]

    def at_stage(self, stage: str, owner_id: int | None, most: int) -> list[Deal]:
        """The deals that run at a stage, a member's own or everybody's: those expected to be signed first, then the oldest."""
        here_now = _RUNNING.where(deals.c.at_stage == stage)
        theirs = here_now.where(deals.c.owner_id == owner_id) if owner_id else here_now
        ordered = theirs.order_by(deals.c.expected_on.is_(None), deals.c.expected_on, deals.c.id)
        return [_deal(row) for row in self.scope.rows(ordered.limit(most))]

    def taken_over(self) -> list[PipelineLine]:
        """The same for deals taken over from another system, by the stage and outcome they had there."""
        return [
            PipelineLine(
                stage=row.stage,
                outcome=DealOutcome(row.outcome),
                currency=row.currency,
                count=row.count,
                amount=row.amount,
            )
            for row in self.scope.rows(_TAKEN_OVER)
        ]

    def owner_ids(self) -> list[int]:
        """The members who own running deals."""
        owning = select_here(deals, deals.c.owner_id).where(_is_running, deals.c.owner_id.is_not(None)).distinct()
        return [row.owner_id for row in self.scope.rows(owning)]

    def places(self) -> list[Place]:
        """Where running deals stand, each place once."""
        columns = (deals.c.playbook, deals.c.variant, deals.c.at_stage)
        rows = self.scope.rows(select_here(deals, *columns).where(_is_running).distinct())
        return [_place(row) for row in rows]

    def standings(self, away: Collection[int], limits: StageLimits, signed_by: date) -> list[DealStanding]:
        """How those running deals stand that may be exceptions, among them all of the owners who are `away`.

        Expected signatures count from the day before `signed_by` back.
        """
        doubtful = or_(
            deals.c.owner_id.is_(None),
            deals.c.next_at.is_(None),
            deals.c.next_at < self.now,
            deals.c.expected_on < signed_by,
            members.c.is_deleted,
            deals.c.owner_id.in_(sorted(away)),
            *_over(limits),
        )
        return [
            DealStanding(
                id=row.id,
                number=row.number,
                owner_id=row.owner_id,
                next_at=row.next_at,
                since=row.since,
                expected_on=row.expected_on,
                is_owner_gone=bool(row.is_owner_gone),
                is_owner_away=row.owner_id in away,
                is_stage_over=(limit := limits.get(_place(row))) is not None and row.since < limit,
            )
            for row in self.scope.rows(_STANDINGS.where(doubtful))
        ]

    def running_by_playbook(self) -> dict[str, int]:
        """How many deals run on which version of the playbook, by digest."""
        counted = select_here(deals, deals.c.playbook, func.count().label("count")).where(
            _is_running, deals.c.playbook.is_not(None)
        )
        return {row.playbook: row.count for row in self.scope.rows(counted.group_by(deals.c.playbook))}

    def running_on_others(self, digest: str, most: int) -> list[Deal]:
        """Running deals that follow another version of the playbook than this one, the oldest first."""
        others = _RUNNING.where(deals.c.playbook != digest).order_by(deals.c.id).limit(most)
        return [_deal(row) for row in self.scope.rows(others)]

    def take_over(self, new: NewDeal) -> tuple[int, int]:
        """Make a record; its id and number."""
        return self.scope.add_numbered(deals, "deal", created_at=self.now, source=new.source, **_said(new))

    def update_imported(self, deal_id: int, new: NewDeal) -> None:
        """Keep what a file says of a deal now, in place of what it said before."""
        self.scope.change(update_here(deals).where(deals.c.id == deal_id).values(**_said(new)))

    def keyed(self, own_keys: Collection[str]) -> dict[str, Deal]:
        """Deals taken over from another system, by what that calls them."""
        return {row.own_key: _deal(row) for row in self.scope.rows(_KEYED, of_keys=sorted(own_keys))}

    def of_accounts(self, account_ids: Collection[int | None]) -> dict[int | None, list[Deal]]:
        """What each of these accounts has of deals taken over from another system, the oldest first; None is for those without one."""
        found: dict[int | None, list[Deal]] = {account_id: [] for account_id in account_ids}
        given = sorted(account_id for account_id in account_ids if account_id is not None)
        rows = list(self.scope.rows(_OF_ACCOUNTS, of_accounts=given)) if given else []
        if None in account_ids:
            rows += self.scope.rows(_OLD.where(deals.c.account_id.is_(None)).order_by(deals.c.id))
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

    def everything(self) -> list[Deal]:
        """All deals in the order of their numbers."""
        return [_deal(row) for row in self.scope.rows(_DEALS.order_by(deals.c.number))]


def _like(words: str) -> ColumnElement[bool]:
    """The condition that a deal is meant by words: its number, words of its title, a part of the account's name."""
    found = or_(
        accounts.c.normal_name.contains(normal_name(words) or words, autoescape=True),
        func.lower(deals.c.title).contains(words.casefold(), autoescape=True),
    )
    number = words.upper().removeprefix("D").removeprefix("-")
    if number.isdecimal() and number.isascii() and len(number) <= MOST_DIGITS:
        found = or_(found, deals.c.number == int(number))
    return found


def _place(row: Any) -> Place:
    return Place(playbook=row.playbook, variant=row.variant, stage=row.at_stage)


def _over(limits: StageLimits) -> list[ColumnElement[bool]]:
    """The conditions of having entered a place too long ago, one for each moment that counts for some places."""
    places: dict[datetime, list[tuple[str, str, str]]] = {}
    for place, limit in limits.items():
        places.setdefault(limit, []).append((place.playbook or "", place.variant, place.stage))
    return [and_(deals.c.since < limit, tuple_(*_ROUTE).in_(sorted(found))) for limit, found in places.items()]


def _said(new: NewDeal) -> dict[str, Any]:
    return {
        "account_id": new.account_id,
        "title": new.title,
        "product": new.product,
        "outcome": new.outcome.value,
        "stage": new.stage,
        "agent": new.agent,
        "owner_id": new.owner_id,
        **_money_columns(new.value),
        "opened_on": new.opened_on,
        "closed_on": new.closed_on,
        "own_key": new.own_key,
    }


def _money_columns(value: Money | None) -> dict[str, Any]:
    return {"amount": value.amount if value else None, "currency": value.currency if value else None}


def _planned(plan: DealPlan) -> dict[str, Any]:
    return {"title": plan.title, **_money_columns(plan.value)}


_IN_PROGRESS = {"stage": "at_stage"} | {
    name: name
    for name in (
        "since variant variant_reason playbook client_type expected_on next_step next_at last_touch_at lost_for remark"
    ).split()
}
"""Fields of a deal's progress, each with its column."""
_progress_values = attrgetter(*_IN_PROGRESS.values())


def _progress_columns(progress: Progress) -> dict[str, Any]:
    return {column: getattr(progress, name) for name, column in _IN_PROGRESS.items()}


def _progress(row: Any) -> Progress | None:
    if row.at_stage is None:
        return None
    return Progress(
        opened_by=Person(id=row.opened_by, slack_id=row.opener_slack_id, name=row.opener_name),
        version=row.version,
        **dict(zip(_IN_PROGRESS, _progress_values(row), strict=True)),
    )


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
        progress=_progress(row),
    )
