"""Accounts as they are looked up and listed: by words, people and owners, and those whose owners are to be asked about them."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, literal, or_

from domain.core.people import Person
from domain.sales.accounts import AccountLine, AccountRefreshDue
from domain.sales.company_names import is_cjk
from domain.sales.leads import LeadStatus
from storage.engine.scope import Scope, here, select_here
from storage.sales.accounts import account_from
from storage.schema import account_keys, accounts, cards, contacts, leads, members, reminders

_IS_STANDING = accounts.c.merged_into_id.is_(None)
_CONFIRMED_AT = func.coalesce(accounts.c.confirmed_at, accounts.c.created_at, type_=accounts.c.created_at.type)
_OPEN_LEADS = (
    select_here(leads, func.count())
    .where(leads.c.status == LeadStatus.OPEN.value, leads.c.account_id == accounts.c.id)
    .correlate(accounts)
)
_HOTTEST = (
    _OPEN_LEADS.with_only_columns(leads.c.score)
    .where(leads.c.score.is_not(None))
    .order_by(leads.c.score.desc(), leads.c.id)
    .limit(1)
)
_LINES = select_here(
    accounts,
    accounts,
    members.c.slack_id.label("owner_slack_id"),
    members.c.name.label("owner_name"),
    _OPEN_LEADS.scalar_subquery().label("open_leads"),
    _HOTTEST.scalar_subquery().label("score"),
    _HOTTEST.with_only_columns(leads.c.band).scalar_subquery().label("band"),
).select_from(accounts.outerjoin(members, and_(members.c.id == accounts.c.owner_id, here(members))))
_OF_IDS = _LINES.where(accounts.c.id.in_(bindparam("of_accounts", expanding=True)))


class AccountDirectory:
    """Finds accounts of this workspace; of those that were merged into others nothing is found."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def lines(self, account_ids: Sequence[int]) -> list[AccountLine]:
        """These accounts with what lists show of them, in no particular order."""
        return [_line(row) for row in self.scope.rows(_OF_IDS, of_accounts=sorted(account_ids))] if account_ids else []

    def owned_by(self, member_id: int, most: int) -> list[AccountLine]:
        """A member's accounts: those with hot leads first, then by name."""
        theirs = _LINES.where(accounts.c.owner_id == member_id, _IS_STANDING)
        hot_first = func.coalesce(_HOTTEST.scalar_subquery(), -1).desc()
        return [_line(row) for row in self.scope.rows(theirs.order_by(hot_first, accounts.c.normal_name).limit(most))]

    def count_owned_by(self, member_id: int) -> int:
        """How many accounts a member owns."""
        theirs = select_here(accounts, func.count()).where(accounts.c.owner_id == member_id, _IS_STANDING)
        return self.scope.scalar(theirs)  # type: ignore[no-any-return]

    def with_words(self, words: Sequence[str], most: int) -> list[int]:
        """Accounts in whose normal name each of the words begins a word, in any order; shorter names first.

        Only the index on names is read.
        """
        matching = [_begins_a_word(accounts.c.normal_name, word) for word in words]
        found = select_here(accounts, accounts.c.id).where(*matching, _IS_STANDING)
        by_length = found.order_by(func.length(accounts.c.normal_name), accounts.c.normal_name).limit(most)
        return [row.id for row in self.scope.rows(by_length)]

    def with_people(self, words: Sequence[str], most: int) -> dict[int, str]:
        """Accounts with a contact in whose name or e-mail address each of the words begins a word, and what that contact is called."""
        either = (
            and_(*(_begins_a_word(func.lower(contacts.c.name), word) for word in words)),
            and_(*(_begins_a_word(func.lower(contacts.c.email), word) for word in words)),
        )
        standing = select_here(contacts).where(or_(*either), contacts.c.merged_into_id.is_(None))
        rows = self.scope.rows(standing.order_by(contacts.c.id).limit(most))
        return {row.account_id: row.name or row.email for row in reversed(rows)}

    def under_key(self, kind: str, value: str, most: int) -> list[int]:
        """Accounts filed under a key, such as an e-mail domain."""
        filed = select_here(account_keys, account_keys.c.account_id).where(
            account_keys.c.kind == kind, account_keys.c.value == value
        )
        return [row.account_id for row in self.scope.rows(filed.order_by(account_keys.c.account_id).limit(most))]

    def to_refresh(
        self, limits: Mapping[str, datetime], limit: datetime, each: int, most: int
    ) -> list[tuple[int, int]]:
        """Accounts that nobody has confirmed since the limit of their tier (`limit` for the others), with their owners.

        The longest unconfirmed first, and no more than `each` open questions of one owner, with those asked already.
        """
        old = _old(limits, limit).subquery("old")
        room = select_here(old).where(old.c.place + old.c.asked <= each)
        rows = self.scope.rows(room.order_by(old.c.place, old.c.id).limit(most))
        return [(row.id, row.owner_id) for row in rows]

    def shown(self, account_id: int) -> list[tuple[str, int]]:
        """What stands on cards and mentions the account: itself, also where it was another once, its leads, and reminders of either."""
        itself = select_here(cards, cards.c.subject_id).join(
            accounts, and_(accounts.c.id == cards.c.subject_id, here(accounts))
        )
        shown_as = or_(accounts.c.id == account_id, accounts.c.merged_into_id == account_id)
        its_leads = select_here(leads, leads.c.id).where(leads.c.account_id == account_id)
        on_cards = (
            ("account", itself.where(shown_as)),
            ("lead", _cards_of(its_leads)),
            ("reminder", _cards_of(_open_reminders("lead", its_leads))),
            ("reminder", _cards_of(_open_reminders("account", [account_id]))),
        )
        return [
            (noun, row.subject_id)
            for noun, statement in on_cards
            for row in self.scope.rows(statement.where(cards.c.subject == noun).distinct())
        ]


def _cards_of(subject_ids: Select[Any]) -> Select[Any]:
    return select_here(cards, cards.c.subject_id).where(cards.c.subject_id.in_(subject_ids))


def _open_reminders(noun: str, subject_ids: Select[Any] | list[int]) -> Select[Any]:
    of_kinds = select_here(reminders, reminders.c.id).where(reminders.c.kind.startswith(f"{noun}."))
    return of_kinds.where(reminders.c.subject_id.in_(subject_ids), reminders.c.closed_at.is_(None))


def _old(limits: Mapping[str, datetime], limit: datetime) -> Select[Any]:
    """Accounts whose owners are to be asked, each with its place among its owner's, and how many its owner is asked about already."""
    moment = accounts.c.created_at.type
    by_tier = {tier: literal(at, moment) for tier, at in limits.items()}
    due = case(by_tier, value=accounts.c.tier, else_=literal(limit, moment)) if by_tier else literal(limit, moment)
    is_question = and_(reminders.c.kind == AccountRefreshDue.kind, reminders.c.closed_at.is_(None))
    questions = select_here(reminders, reminders.c.subject_id).where(is_question)
    asked = (
        select_here(reminders, reminders.c.member_id, func.count().label("count"))
        .where(is_question)
        .group_by(reminders.c.member_id)
        .subquery("asked")
    )
    place = func.row_number().over(partition_by=accounts.c.owner_id, order_by=(_CONFIRMED_AT, accounts.c.id))
    return (
        select_here(
            accounts,
            accounts.c.workspace_id,
            accounts.c.id,
            accounts.c.owner_id,
            place.label("place"),
            func.coalesce(asked.c.count, 0).label("asked"),
        )
        .join(members, and_(members.c.id == accounts.c.owner_id, here(members)))
        .outerjoin(asked, asked.c.member_id == accounts.c.owner_id)
        .where(_IS_STANDING, due >= _CONFIRMED_AT, members.c.is_deleted.is_(False), accounts.c.id.not_in(questions))
    )


def _begins_a_word(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    """Whether one of the words in `column` begins like `word`; both are in lower case.

    Chinese, Japanese and Korean words begin anywhere, as no blank says where. Of letters like Ö, SQLite and some PostgreSQLs do not know
    the lower case; so the first may be a capital.
    """
    begins = ("%",) if is_cjk(word) else ("", "% ")
    plain = re.sub(r"[%_\\]", "_", word)
    patterns = {plain, plain if plain[0].isascii() else plain[0].upper() + plain[1:]}
    return or_(*(column.like(f"{begin}{pattern}%") for pattern in sorted(patterns) for begin in begins))


def _line(row: Any) -> AccountLine:
    return AccountLine(
        account=account_from(row),
        owner=row.owner_id and Person(id=row.owner_id, slack_id=row.owner_slack_id, name=row.owner_name),
        open_leads=row.open_leads,
        score=row.score,
        band=row.band,
    )
