"""Leads and the touches logged with them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, case, func

from domain.accounts import Account, Contact
from domain.language import _
from domain.leads import Lead, LeadStatus, NewLead, NewTouch, Origin, Touch, TouchKind
from domain.people import Actor, Person
from domain.refusals import NotFound
from domain.screening import Score
from storage.fixed import Fixed
from storage.schema import accounts, contacts, leads, members, touches
from storage.scope import Scope, here, select_here, update_here

owners = members.alias("owners")
capturers = members.alias("capturers")
closers = members.alias("closers")

BANDS_FIRST = case((leads.c.score.is_(None), 0), else_=leads.c.score).desc()
"""Hot before cold; what nobody has screened comes last."""


_is_open = leads.c.status == LeadStatus.OPEN.value

_COLUMNS = [
    *leads.c,
    *(column.label(f"account_{column.name}") for column in accounts.c if column.name != "id"),
    *(contacts.c[name].label(f"contact_{name}") for name in ("name", "email", "phone")),
    *(
        table.c[name].label(f"{label}_{name}")
        for label, table in (("owner", owners), ("capturer", capturers), ("closer", closers))
        for name in ("slack_id", "name")
    ),
]

_LEADS = select_here(leads, *_COLUMNS).select_from(
    leads.join(accounts, and_(accounts.c.id == leads.c.account_id, here(accounts)))
    .join(capturers, capturers.c.id == leads.c.captured_by)
    .outerjoin(contacts, and_(contacts.c.id == leads.c.contact_id, here(contacts)))
    .outerjoin(owners, owners.c.id == leads.c.owner_id)
    .outerjoin(closers, closers.c.id == leads.c.disqualified_by)
)
_BY_ID = Fixed(_LEADS.where(leads.c.id == bindparam("of_lead")))
_OF_ACCOUNT = _LEADS.where(leads.c.account_id == bindparam("of_account")).order_by(leads.c.id)
_OPEN = _LEADS.where(_is_open)


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
            "channel": new.channel,
            "said": new.said.strip(),
            "captured_at": self.now,
            "answers": dict(new.answers),
            "score": score.percent if score else None,
            "band": score.band if score else None,
            "next_at": next_at,
        }
        lead_id, number = self.scope.add_numbered(
            leads,
            "lead",
            account_id=account.id,
            contact_id=contact.id if contact else None,
            status=LeadStatus.OPEN.value,
            captured_by=actor.member_id,
            origin=asdict(new.origin) if new.origin else None,
            version=1,
            **values,
        )
        return Lead(
            id=lead_id,
            number=number,
            account=account,
            contact=contact,
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

    def plan(self, lead_id: int, next_at: datetime) -> None:
        """Set the next date."""
        self._change(lead_id, next_at=next_at)

    def touched(self, lead_id: int, at: datetime, next_at: datetime) -> None:
        """Note the latest touch and the next date it leads to."""
        self._change(lead_id, last_touch_at=at, next_at=next_at)

    def close(self, lead_id: int, status: LeadStatus, reason: str, remark: str | None, by: int) -> None:
        """End the lead; it needs no next date any more."""
        self._change(
            lead_id, status=status.value, disqualified_for=reason, remark=remark, disqualified_by=by, next_at=None
        )

    def _change(self, lead_id: int, **values: Any) -> None:
        self.scope.change(update_here(leads).where(leads.c.id == lead_id).values(version=leads.c.version + 1, **values))

    def add_touch(self, lead_id: int, new: NewTouch, by: int) -> Touch:
        """Keep a touch."""
        key_points = new.key_points.strip()
        touch_id = self.scope.add(
            touches, lead_id=lead_id, kind=new.kind.value, key_points=key_points, at=self.now, by=by
        )
        return next(touch for touch in self.last_touches(lead_id, 1) if touch.id == touch_id)

    def last_touches(self, lead_id: int, most: int) -> list[Touch]:
        """The latest touches, newest first."""
        rows = self.scope.rows(
            select_here(touches, touches, members.c.slack_id, members.c.name)
            .join(members, and_(members.c.id == touches.c.by, here(members)))
            .where(touches.c.lead_id == lead_id)
            .order_by(touches.c.at.desc(), touches.c.id.desc())
            .limit(most)
        )
        return [
            Touch(
                id=row.id,
                lead_id=row.lead_id,
                kind=TouchKind(row.kind),
                key_points=row.key_points,
                at=row.at,
                by=Person(id=row.by, slack_id=row.slack_id, name=row.name),
            )
            for row in rows
        ]

    def of_account(self, account_id: int) -> list[Lead]:
        """All leads of an account, the oldest first."""
        return [_lead(row) for row in self.scope.rows(_OF_ACCOUNT, of_account=account_id)]

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


def _lead(row: Any) -> Lead:
    account = Account(
        id=row.account_id,
        number=row.account_number,
        name=row.account_name,
        industry=row.account_industry,
        country=row.account_country,
        history=row.account_history,
        source=row.account_source,
        created_at=row.account_created_at,
    )
    contact = row.contact_id and Contact(
        id=row.contact_id,
        account_id=row.account_id,
        name=row.contact_name,
        email=row.contact_email,
        phone=row.contact_phone,
    )
    return Lead(
        id=row.id,
        number=row.number,
        account=account,
        contact=contact,
        channel=row.channel,
        said=row.said,
        status=LeadStatus(row.status),
        owner=row.owner_id and Person(id=row.owner_id, slack_id=row.owner_slack_id, name=row.owner_name),
        captured_by=Person(id=row.captured_by, slack_id=row.capturer_slack_id, name=row.capturer_name),
        captured_at=row.captured_at,
        answers=row.answers,
        score=row.score,
        band=row.band,
        next_at=row.next_at,
        last_touch_at=row.last_touch_at,
        disqualified_for=row.disqualified_for,
        disqualified_by=row.disqualified_by
        and Person(id=row.disqualified_by, slack_id=row.closer_slack_id, name=row.closer_name),
        remark=row.remark,
        origin=Origin(**row.origin) if row.origin else None,
        version=row.version,
    )
