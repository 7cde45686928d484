"""Leads."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func, or_

from domain.core.language import _
from domain.core.people import Actor, Person
from domain.core.refusals import NotFound
from domain.sales.accounts import Account, Contact
from domain.sales.company_names import normal_name
from domain.sales.exceptions import LeadStanding
from domain.sales.leads import Lead, LeadStatus, NewLead, Origin, OriginFate
from domain.sales.screening import Score
from storage.engine.merging import hand_over
from storage.engine.prepared import Fixed
from storage.engine.scope import Scope, here, select_here, update_here
from storage.engine.undoing import Undoing
from storage.sales.accounts import account_from
from storage.schema import accounts, contacts, deals, leads, members

owners = members.alias("owners")
capturers = members.alias("capturers")
closers = members.alias("closers")
takers = leads.alias("takers")

MOST_OF_A_DEAL = 50
"""Leads that go into one deal, at the most."""
MOST_DIGITS = 9
"""Digits of a number that fit the database."""
BANDS_FIRST = case((leads.c.score.is_(None), 0), else_=leads.c.score).desc()
"""Hot before cold; what nobody has screened comes last."""


_is_open = leads.c.status == LeadStatus.OPEN.value

_COLUMNS = [
    *leads.c,
    *(column.label(f"account_{column.name}") for column in accounts.c if column.name != "id"),
    *(
        contacts.c[name].label(f"contact_{name}")
        for name in ("name", "email", "phone", "position", "country", "own_key")
    ),
    *(
        table.c[name].label(f"{label}_{name}")
        for label, table in (("owner", owners), ("capturer", capturers), ("closer", closers))
        for name in ("slack_id", "name")
    ),
    takers.c.number.label("merged_into_number"),
    deals.c.number.label("deal_number"),
]

_LEADS = select_here(leads, *_COLUMNS).select_from(
    leads.join(accounts, and_(accounts.c.id == leads.c.account_id, here(accounts)))
    .join(capturers, capturers.c.id == leads.c.captured_by)
    .outerjoin(contacts, and_(contacts.c.id == leads.c.contact_id, here(contacts)))
    .outerjoin(owners, owners.c.id == leads.c.owner_id)
    .outerjoin(closers, closers.c.id == leads.c.disqualified_by)
    .outerjoin(takers, and_(takers.c.id == leads.c.merged_into_id, here(takers)))
    .outerjoin(deals, and_(deals.c.id == leads.c.deal_id, here(deals)))
)
_BY_ID = Fixed(_LEADS.where(leads.c.id == bindparam("of_lead")))
_BY_IDS = Fixed(_LEADS.where(leads.c.id.in_(bindparam("of_leads", expanding=True))))
_OF_ACCOUNT = _LEADS.where(leads.c.account_id == bindparam("of_account")).order_by(leads.c.id)
_OF_ACCOUNTS = _LEADS.where(leads.c.account_id.in_(bindparam("of_accounts", expanding=True))).order_by(leads.c.id)
_KEYED = _LEADS.where(leads.c.own_key.in_(bindparam("of_keys", expanding=True)))
_OPEN = _LEADS.where(_is_open)
_FROM_MESSAGE = Fixed(
    select_here(leads, leads.c.id).where(
        leads.c.origin_channel == bindparam("of_channel"), leads.c.origin_ts == bindparam("of_ts")
    )
)
_STANDINGS = (
    select_here(
        leads,
        *(leads.c[name] for name in ("id", "number", "owner_id", "captured_at", "answer_by", "last_touch_at")),
        *(leads.c[name] for name in ("next_at", "score")),
        owners.c.is_deleted.label("is_owner_gone"),
    )
    .select_from(leads.outerjoin(owners, owners.c.id == leads.c.owner_id))
    .where(_is_open)
)


class LeadRepository:
    """Leads of this workspace."""

    def __init__(self, scope: Scope, now: datetime) -> None:
        self.scope, self.now = scope, now

    def get(self, lead_id: int) -> Lead:
        """The lead. Raises NotFound."""
        row = self.scope.row(_BY_ID, of_lead=lead_id)
        if row is None:
            raise NotFound(_("this lead"))
        return _lead(row)

    def all_of(self, lead_ids: Collection[int]) -> list[Lead]:
        """Those of these leads that there are, in no order."""
        return [_lead(row) for row in self.scope.rows(_BY_IDS, of_leads=list(lead_ids))]

    def remove(self, lead_id: int) -> bool:
        """Remove a lead with its reminders and cards, unless something else belongs to it; whether it is gone."""
        return Undoing(self.scope).remove(leads, lead_id)

    def by_number(self, number: int) -> Lead:
        """The lead people call `L-number`. Raises NotFound."""
        row = self.scope.row(_LEADS.where(leads.c.number == number))
        if row is None:
            raise NotFound(f"L-{number}")
        return _lead(row)

    def add(
        self,
        new: NewLead,
        account: Account,
        contact: Contact | None,
        actor: Actor,
        score: Score | None,
        next_at: datetime,
    ) -> Lead:
        """Make an open lead without an owner."""
        values: dict[str, Any] = {
            "said": new.said.strip(),
            "captured_at": self.now,
            "answers": dict(new.answers),
            "score": score.percent if score else None,
            "band": score.band if score else None,
            "next_at": next_at,
            "answer_by": next_at,
            "own_key": new.own_key,
        }
        lead_id, number = self.scope.add_numbered(
            leads,
            "lead",
            account_id=account.id,
            contact_id=contact.id if contact else None,
            channel=new.source,
            status=LeadStatus.OPEN.value,
            captured_by=actor.member_id,
            **origin_columns(new.origin),
            version=1,
            **values,
        )
        return Lead(
            id=lead_id,
            number=number,
            account=account,
            contact=contact,
            source=new.source,
            captured_by=actor.person,
            origin=new.origin,
            **values,
        )

    def claim(self, lead_id: int, owner_id: int) -> bool:
        """Give an unowned lead its owner; False when somebody was quicker."""
        free = update_here(leads).where(leads.c.id == lead_id, leads.c.owner_id.is_(None))
        return self.scope.change(free.values(owner_id=owner_id, version=leads.c.version + 1)) > 0

    def rescore(self, lead_id: int, answers: Mapping[str, str], score: Score | None) -> None:
        """Keep the answers to the screening questions and what they come to."""
        self._change(
            lead_id, answers=dict(answers), score=score.percent if score else None, band=score.band if score else None
        )

    def limit(self, lead_id: int, answer_by: datetime) -> None:
        """Set by when the prospect must have had a first answer, which is the next date, too."""
        self._change(lead_id, next_at=answer_by, answer_by=answer_by)

    def update(self, lead: Lead) -> None:
        """Keep everything that a person or a merge may say of a lead; where it stands and what it was merged into stays."""
        self._change(
            lead.id,
            account_id=lead.account.id,
            contact_id=lead.contact.id if lead.contact else None,
            channel=lead.source,
            said=lead.said,
            owner_id=lead.owner.id if lead.owner else None,
            captured_by=lead.captured_by.id,
            captured_at=lead.captured_at,
            answers=dict(lead.answers),
            score=lead.score,
            band=lead.band,
            next_at=lead.next_at,
            answer_by=lead.answer_by,
            last_touch_at=lead.last_touch_at,
            **origin_columns(lead.origin),
            origin_fate=lead.origin_fate.value if lead.origin_fate else None,
        )

    def merge_into(self, lead_id: int, kept_id: int) -> None:
        """End a lead for another that takes over whatever it had."""
        hand_over(self.scope, leads, lead_id, kept_id)
        self._change(lead_id, status=LeadStatus.MERGED.value, merged_into_id=kept_id, next_at=None)

    def set_origin_fate(self, lead_id: int, fate: OriginFate) -> None:
        """Note what became of the message the lead was captured from."""
        self._change(lead_id, origin_fate=fate.value)

    def plan(self, lead_id: int, next_at: datetime) -> None:
        """Set the next date."""
        self._change(lead_id, next_at=next_at)

    def touched(self, lead_id: int, at: datetime, next_at: datetime) -> None:
        """Note the latest touch and the next date it leads to."""
        self._change(lead_id, last_touch_at=at, next_at=next_at)

    def close(self, lead_id: int, status: LeadStatus, reason: str | None, remark: str | None, by: int) -> None:
        """End the lead; it needs no next date any more."""
        self._change(
            lead_id, status=status.value, disqualified_for=reason, remark=remark, disqualified_by=by, next_at=None
        )

    def qualify(self, lead_id: int, deal_id: int) -> None:
        """Let a lead go on as a deal; it needs no next date of its own any more."""
        self._change(lead_id, status=LeadStatus.QUALIFIED.value, deal_id=deal_id, next_at=None)

    def of_deal(self, deal_id: int) -> list[Lead]:
        """The leads that a deal came from, the oldest first."""
        return self._list(_LEADS.where(leads.c.deal_id == deal_id).order_by(leads.c.id), MOST_OF_A_DEAL)

    def _change(self, lead_id: int, **values: Any) -> None:
        self.scope.change(update_here(leads).where(leads.c.id == lead_id).values(version=leads.c.version + 1, **values))

    def from_message(self, channel: str, ts: str) -> list[int]:
        """The ids of the leads captured from a message, however they stand."""
        return [row.id for row in self.scope.rows(_FROM_MESSAGE, of_channel=channel, of_ts=ts)]

    def search(self, words: str, of_account: int | None, most: int) -> list[Lead]:
        """Open leads by number (`12`, `L-12`) or by a part of the company's name, those of one account first."""
        number = words.upper().removeprefix("L").removeprefix("-")
        found = accounts.c.normal_name.contains(normal_name(words), autoescape=True)
        if number.isdecimal() and number.isascii() and len(number) <= MOST_DIGITS:
            found = or_(found, leads.c.number == int(number))
        here_first = case((leads.c.account_id == of_account, 0), else_=1)
        return self._list(_OPEN.where(found).order_by(here_first, leads.c.number.desc()), most)

    def owner_ids(self) -> list[int]:
        """The members who own open leads."""
        owning = select_here(leads, leads.c.owner_id).where(_is_open, leads.c.owner_id.is_not(None)).distinct()
        return [row.owner_id for row in self.scope.rows(owning)]

    def standings(self, away: Collection[int]) -> list[LeadStanding]:
        """How those open leads stand that may be exceptions, among them all of the owners who are `away`."""
        doubtful = or_(
            leads.c.owner_id.is_(None),
            leads.c.next_at.is_(None),
            leads.c.next_at < self.now,
            and_(leads.c.answer_by < self.now, leads.c.last_touch_at.is_(None)),
            owners.c.is_deleted,
            leads.c.owner_id.in_(sorted(away)),
        )
        return [
            LeadStanding(
                id=row.id,
                number=row.number,
                owner_id=row.owner_id,
                captured_at=row.captured_at,
                answer_by=row.answer_by,
                last_touch_at=row.last_touch_at,
                next_at=row.next_at,
                score=row.score,
                is_owner_gone=bool(row.is_owner_gone),
                is_owner_away=row.owner_id in away,
            )
            for row in self.scope.rows(_STANDINGS.where(doubtful))
        ]

    def of_account(self, account_id: int) -> list[Lead]:
        """All leads of an account, the oldest first."""
        return [_lead(row) for row in self.scope.rows(_OF_ACCOUNT, of_account=account_id)]

    def latest_of_account(self, account_id: int, most: int, *, is_open: bool) -> list[Lead]:
        """The open leads of an account, hot before cold, or the closed ones, the latest first."""
        of_account = _LEADS.where(leads.c.account_id == account_id)
        if is_open:
            return self._list(of_account.where(_is_open).order_by(BANDS_FIRST, leads.c.next_at, leads.c.id), most)
        return self._list(of_account.where(~_is_open).order_by(leads.c.id.desc()), most)

    def count_of_account(self, account_id: int) -> int:
        """How many leads an account has or had."""
        of_account = select_here(leads, func.count()).where(leads.c.account_id == account_id)
        return self.scope.scalar(of_account)  # type: ignore[no-any-return]

    def of_accounts(self, account_ids: Collection[int]) -> dict[int, list[Lead]]:
        """All leads of each of these accounts, the oldest first."""
        found: dict[int, list[Lead]] = {account_id: [] for account_id in account_ids}
        for row in self.scope.rows(_OF_ACCOUNTS, of_accounts=sorted(account_ids)):
            found[row.account_id].append(_lead(row))
        return found

    def keyed(self, own_keys: Collection[str]) -> dict[str, Lead]:
        """Leads by what another system calls them."""
        return {row.own_key: _lead(row) for row in self.scope.rows(_KEYED, of_keys=sorted(own_keys))}

    def update_fields(self, lead_id: int, **said: Any) -> None:
        """Keep what a file says of a lead now."""
        self._change(lead_id, **said)

    def open_of(self, owner_id: int, most: int) -> list[Lead]:
        """A member's open leads, the next due first."""
        return self._list(_OPEN.where(leads.c.owner_id == owner_id).order_by(leads.c.next_at, leads.c.id), most)

    def open_all(self, most: int) -> list[Lead]:
        """All open leads: hot before cold, then unclaimed first, then by next date."""
        return self._list(_OPEN.order_by(BANDS_FIRST, leads.c.owner_id.is_not(None), leads.c.next_at, leads.c.id), most)

    def unclaimed(self, most: int) -> list[Lead]:
        """Open leads without an owner, hot before cold, then the oldest."""
        return self._list(
            _OPEN.where(leads.c.owner_id.is_(None)).order_by(BANDS_FIRST, leads.c.next_at, leads.c.id), most
        )

    def due_before(self, owner_id: int, moment: datetime, most: int) -> list[Lead]:
        """A member's open leads whose next date is before `moment`, hot before cold."""
        due = _OPEN.where(leads.c.owner_id == owner_id, leads.c.next_at < moment)
        return self._list(due.order_by(BANDS_FIRST, leads.c.next_at, leads.c.id), most)

    def count_due_before(self, owner_id: int, moment: datetime) -> int:
        """How many open leads of a member have their next date before `moment`."""
        due = select_here(leads, func.count()).where(_is_open, leads.c.owner_id == owner_id, leads.c.next_at < moment)
        return self.scope.scalar(due)  # type: ignore[no-any-return]

    def count_unclaimed(self) -> int:
        """How many open leads have no owner."""
        return self.scope.scalar(select_here(leads, func.count()).where(_is_open, leads.c.owner_id.is_(None)))  # type: ignore[no-any-return]

    def count_open(self) -> int:
        """How many leads are open."""
        return self.scope.scalar(select_here(leads, func.count()).where(_is_open))  # type: ignore[no-any-return]

    def count_open_of(self, owner_id: int) -> int:
        """How many open leads a member has."""
        return self.scope.scalar(  # type: ignore[no-any-return]
            select_here(leads, func.count()).where(_is_open, leads.c.owner_id == owner_id)
        )

    def everything(self) -> list[Lead]:
        """All leads in the order of their numbers."""
        return [_lead(row) for row in self.scope.rows(_LEADS.order_by(leads.c.number))]

    def _list(self, statement: Select[Any], most: int) -> list[Lead]:
        return [_lead(row) for row in self.scope.rows(statement.limit(most))]


def origin_columns(origin: Origin | None) -> dict[str, Any]:
    """A message as it is kept with a lead, with the columns it is found by."""
    return {
        "origin": asdict(origin) if origin else None,
        "origin_channel": origin.channel if origin else None,
        "origin_ts": origin.ts if origin else None,
    }


def _lead(row: Any) -> Lead:
    account = account_from(row, "account_")
    contact = row.contact_id and Contact(
        id=row.contact_id,
        account_id=row.account_id,
        name=row.contact_name,
        email=row.contact_email,
        phone=row.contact_phone,
        position=row.contact_position,
        country=row.contact_country,
        own_key=row.contact_own_key,
    )
    return Lead(
        id=row.id,
        number=row.number,
        account=account,
        contact=contact,
        source=row.channel,
        said=row.said,
        status=LeadStatus(row.status),
        owner=row.owner_id and Person(id=row.owner_id, slack_id=row.owner_slack_id, name=row.owner_name),
        captured_by=Person(id=row.captured_by, slack_id=row.capturer_slack_id, name=row.capturer_name),
        captured_at=row.captured_at,
        answers=row.answers,
        score=row.score,
        band=row.band,
        next_at=row.next_at,
        answer_by=row.answer_by,
        last_touch_at=row.last_touch_at,
        disqualified_for=row.disqualified_for,
        disqualified_by=row.disqualified_by
        and Person(id=row.disqualified_by, slack_id=row.closer_slack_id, name=row.closer_name),
        remark=row.remark,
        origin=Origin(**row.origin) if row.origin else None,
        origin_fate=OriginFate(row.origin_fate) if row.origin_fate else None,
        own_key=row.own_key,
        merged_into_id=row.merged_into_id,
        merged_into_number=row.merged_into_number,
        deal_id=row.deal_id,
        deal_number=row.deal_number,
        version=row.version,
    )
