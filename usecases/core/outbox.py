"""Telling people: what the outbox holds, with the facts of the moment, and what became of each message."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from domain.core.absences import Absence
from domain.core.messages import Card, CardChanged, Destination, MessageUndeliverable, OutboxRow
from domain.core.people import Member, Role
from domain.core.reminders import Reminder
from domain.core.workspaces import Workspace
from domain.sales.accounts import Account, Contact
from domain.sales.channels import StepKind
from domain.sales.deals import Deal
from domain.sales.leads import Lead
from domain.sales.meetings import Meeting
from domain.sales.promises import Promise
from storage.unit_of_work import UnitOfWork
from usecases.core.absences import absence_at
from usecases.desk import Desk
from usecases.process.feedback import feedback_told
from usecases.sales.account_pages import account_card
from usecases.sales.deal_pages import DealPage, deal_page
from usecases.sales.exceptions import exceptions_now

LEASE_SECONDS = 60
"""How long a claimed message is this process's alone; then another takes it over."""


Record = Lead | Account | Deal | Meeting | Promise
"""What a reminder may be about."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A reminder together with the record it is about, and with the absence of its member in which somebody else was told."""

    reminder: Reminder
    record: Record
    absence: Absence | None = None
    contacts: tuple[Contact, ...] = ()
    """The people at an account that the reminder itself is about."""
    page: DealPage | None = None
    """All that is known of a deal that the reminder itself is about."""

    @property
    def lead(self) -> Lead:
        """The record of a reminder about a lead."""
        assert isinstance(self.record, Lead)
        return self.record

    @property
    def deal(self) -> Deal:
        """The record of a reminder about a deal."""
        assert isinstance(self.record, Deal)
        return self.record

    @property
    def meeting(self) -> Meeting:
        """The record of a reminder about a meeting."""
        assert isinstance(self.record, Meeting)
        return self.record

    @property
    def promise(self) -> Promise:
        """The record of a reminder about a promise."""
        assert isinstance(self.record, Promise)
        return self.record

    @property
    def account(self) -> Account:
        """The account it is about: the record itself, or the lead's or deal's."""
        assert not isinstance(self.record, Promise)
        account = self.record if isinstance(self.record, Account) else self.record.account
        assert account is not None  # only a deal that was taken over may have none, and nobody is reminded of such
        return account


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A claimed message with everything needed to write and send it.

    `facts` are the records its ids name; for a changed card, `card` is where it stands and `facts` its record.
    """

    row: OutboxRow
    workspace: Workspace
    recipient: Member | None
    facts: Mapping[str, Any]
    card: Card | None = None

    def quiet_until(self, now: datetime) -> datetime | None:
        """Until when its recipient wants quiet; None for what may be sent now, such as an answer to what they just did."""
        quiet = self.recipient and self.recipient.quiet_hours
        return quiet.end_at(now) if quiet and not self.row.message.is_answer else None


def _subjects(work: UnitOfWork, reminder_ids: Collection[int]) -> list[Subject]:
    """Many reminders with their records, all leads in one question; what was cleared away meanwhile is left out."""
    found = work.reminders.all_of(reminder_ids)
    of_leads = {reminder.subject_id for reminder in found if reminder.kind.subject == "lead"}
    records: dict[tuple[str, int], Record] = {("lead", lead.id): lead for lead in work.leads.all_of(of_leads)}
    for reminder in found:
        if reminder.kind.subject != "lead":
            records[reminder.about] = RECORDS[reminder.kind.subject](work, reminder.subject_id)
    return [
        Subject(reminder=reminder, record=records[reminder.about]) for reminder in found if reminder.about in records
    ]


def _subject(work: UnitOfWork, reminder_id: int) -> Subject:
    reminder = work.reminders.get(reminder_id)
    subject = Subject(
        reminder=reminder,
        record=RECORDS[reminder.kind.subject](work, reminder.subject_id),
        absence=absence_of(work, reminder),
    )
    if isinstance(subject.record, Account):
        return replace(subject, contacts=tuple(work.accounts.contacts_of(subject.record.id)))
    if isinstance(subject.record, Deal):
        return replace(subject, page=deal_page(work, subject.record.id))
    return subject


def absence_of(work: UnitOfWork, reminder: Reminder) -> Absence | None:
    """The absence in which somebody was told of a reminder in its member's place."""
    if not reminder.is_stood_in or reminder.told_at is None:
        return None
    return absence_at(work, reminder.member.id, reminder.told_at)


RECORDS: dict[str, Callable[[UnitOfWork, int], Record]] = {
    "lead": lambda work, lead_id: work.leads.get(lead_id),
    "account": lambda work, account_id: work.accounts.get(account_id),
    "deal": lambda work, deal_id: work.deals.get(deal_id),
    "meeting": lambda work, meeting_id: work.meetings.get(meeting_id),
    "promise": lambda work, promise_id: work.promises.get(promise_id),
}
"""How the record is found that a reminder is about."""


FACTS: dict[str, Callable[[UnitOfWork, Any], Any]] = {
    "lead_id": lambda work, lead_id: work.leads.get(lead_id),
    "absence_id": lambda work, absence_id: work.absences.get(absence_id),
    "account_id": account_card,
    "deal_id": deal_page,
    "promise_id": lambda work, promise_id: work.promises.get(promise_id),
    "reminder_id": _subject,
    "reminder_ids": _subjects,
    "unlisted": lambda _work, count: count,
    "by_id": lambda work, member_id: work.members.get(member_id).person,
    "exceptions_for": lambda work, member_id: exceptions_now(work, work.members.hours(member_id)),
    "feedback_id": feedback_told,
    "running": lambda _work, count: count,
    "old_version": lambda work, digest: work.playbooks.get(digest),
    "new_version": lambda work, digest: work.playbooks.get(digest),
    "rule": lambda _work, title: title,
    "note": lambda _work, text: text,
    "channel": lambda _work, channel: channel,
    "archives": lambda _work, is_so: is_so,
    "refused": lambda _work, kind: StepKind(kind),
    "why": lambda _work, word: word,
    "import_id": lambda work, import_id: work.imports.get(import_id),
    "outbox_id": lambda work, outbox_id: work.outbox.failure(outbox_id),
    "task_id": lambda work, task_id: work.tasks.failure(task_id),
}
"""How each field of a message becomes the fact its template is given; `lead_id` gives `lead`, `reminder_ids` gives `reminders`."""


def fact_name(field_name: str) -> str:
    """What a template calls the fact behind a message's field."""
    if field_name.endswith("_ids"):
        return field_name.removesuffix("_ids") + "s"
    return field_name.removesuffix("_id")


class DeliveryDesk(Desk):
    """The use cases of delivery; jobs call them, people do not."""

    async def claim(self, most: int, lease_until: datetime) -> list[OutboxRow]:
        """The next messages to deliver, the oldest of each lane, ours until the lease ends."""
        return await self.store.jobs(lambda jobs: jobs.claim_outbox(most, lease_until))

    async def next_at(self) -> datetime | None:
        """When the next message may be tried, or None when none waits."""
        return await self.store.read_jobs(lambda jobs: jobs.next_delivery_at())

    async def open(self, row: OutboxRow) -> Letter:
        """The message with the facts of this moment.

        Raises NotFound when what it is about is gone.
        """

        def body(work: UnitOfWork) -> Letter:
            message, card = row.message, None
            values = {field.name: getattr(message, field.name) for field in fields(message)}
            if isinstance(message, CardChanged):
                card = work.cards.get(message.card_id)
                values = {f"{card.subject}_id": card.subject_id}
            return Letter(
                row=row,
                workspace=work.workspaces.get(),
                recipient=work.members.get(row.destination.member_id) if row.destination.member_id else None,
                facts={fact_name(name): FACTS[name](work, value) for name, value in values.items()},
                card=card,
            )

        return await self.store.read(row.workspace_id, body)

    async def opened_dm(self, workspace_id: str, member_id: int, channel: str) -> None:
        """Keep the channel of a member's direct messages, so that it is asked for once."""
        await self.store.write(workspace_id, lambda work: work.members.set_dm_channel(member_id, channel))

    async def sent(self, letter: Letter, channel: str, ts: str) -> None:
        """Note that Slack has the message; a message that is a card is registered, and redrawn if its record moved on meanwhile."""
        row = letter.row

        def body(work: UnitOfWork) -> None:
            work.outbox.sent(row, channel, ts)
            noun = row.message.card_of
            if noun is None:
                return
            subject_id = getattr(row.message, f"{noun}_id")
            work.cards.register(noun, subject_id, channel, ts, type(row.message).__name__)
            if row.message.is_pinned:
                work.deal_channels.posted(channel, ts)
            if FACTS[f"{noun}_id"](work, subject_id) != letter.facts[noun]:
                work.outbox.refresh_cards(noun, subject_id)

        await self.store.write(row.workspace_id, body)
        if row.message.is_pinned:
            self.nudge()

    async def drawn(self, letter: Letter) -> None:
        """Note that a card shows the facts of the moment."""
        await self.store.write(
            letter.row.workspace_id,
            lambda work: work.outbox.sent(letter.row, letter.row.destination.channel or "", None),
        )

    async def later(self, row: OutboxRow, at: datetime, why: str, *, is_outcome_unknown: bool) -> None:
        """Try again at `at`; with an unknown outcome it is looked up in Slack first."""
        await self.store.write(
            row.workspace_id, lambda work: work.outbox.try_later(row, at, why, is_outcome_unknown=is_outcome_unknown)
        )

    async def put_off(self, row: OutboxRow, at: datetime) -> None:
        """Deliver it from `at` on; it was not tried."""
        await self.store.write(row.workspace_id, lambda work: work.outbox.put_off(row, at))

    async def give_up(self, row: OutboxRow, why: str) -> None:
        """Record that it can never be delivered, and tell one admin of it once, unless this was such a telling itself."""

        def body(work: UnitOfWork) -> None:
            work.outbox.give_up(row, why)
            if isinstance(row.message, CardChanged):
                work.cards.forget(row.message.card_id)
            admins = [admin for admin in work.members.with_roles({Role.ADMIN}) if admin.is_reachable]
            if admins and not isinstance(row.message, MessageUndeliverable):
                told_once = f"undeliverable:{row.destination.lane}:{why}"
                work.outbox.put(
                    MessageUndeliverable(outbox_id=row.id), Destination(member_id=admins[0].id), once=told_once
                )

        await self.store.write(row.workspace_id, body)
